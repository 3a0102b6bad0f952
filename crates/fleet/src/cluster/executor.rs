//! `afterpatch-fleet executor`.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use afterpatch_engine::Engine;
use afterpatch_model::Timestamp;
use anyhow::{Context, bail};
use async_trait::async_trait;
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::extension::SessionConfigExt;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use datafusion::prelude::SessionConfig;
use tokio::runtime::Handle;

use super::codec::Codec;
use super::{Order, Tls};
use crate::arguments::ExecutorArguments;
use crate::exit::Exit;
use crate::lake::{Lake, Run, Stores};

use crate::plan::Worker;
use crate::tally::{Outcome, Tally};
use crate::unit::{Unit, Work};
use crate::{output, package};

/// After a fault of this executor (its lake does not answer, it does not see the packages) it takes nothing more for so long: else
/// one broken executor among many would be the quickest of all, and have every package.
const AFTER_A_FAULT: Duration = Duration::from_secs(10);
/// A lake that was not needed for so long is left.
const LEAVE_AFTER: Duration = Duration::from_secs(300);

/// Reads packages until it is ended.
pub async fn run(arguments: &ExecutorArguments) -> anyhow::Result<Exit> {
    super::log_to_stderr();
    let engine = Engine::load()?.with_rules(&arguments.rules)?;
    let executor = Arc::new(Executor::new(engine));
    let work_dir = tempfile::TempDir::new().context("no temporary folder")?;
    let tls = Tls::read(&arguments.tls)?;
    let asking = tls.as_ref().map(Tls::asking);
    let config = ExecutorProcessConfig {
        bind_host: arguments.listen.ip().to_string(),
        port: arguments.listen.port(),
        external_host: arguments.name.clone(),
        scheduler_host: arguments.cluster.host.clone(),
        scheduler_port: arguments.cluster.port,
        // Any number means that it is waited for, however long.
        scheduler_connect_timeout_seconds: 1,
        vcores: usize::from(arguments.threads),
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: Some(work_dir.path().to_string_lossy().into_owned()),
        // Nothing in our plans takes from that pool; what the engine takes is bounded by itself.
        memory_pool_size: Some(0),
        override_execution_engine: Some(Arc::new(super::stage::Engine::new())),
        override_function_registry: Some(super::question::functions()?),
        override_runtime_producer: Some(super::question::runtime()),
        override_physical_codec: Some(Arc::new(Codec::of(Arc::clone(&executor)))),
        override_arrow_flight_service: tls.as_ref().map(Tls::giving),
        // Executors ask each other, too.
        override_config_producer: asking.clone().map(|asking| {
            let config = SessionConfig::new_with_ballista().with_ballista_override_create_grpc_client_endpoint(asking);
            Arc::new(move || config.clone()) as Arc<dyn Fn() -> SessionConfig + Send + Sync>
        }),
        override_create_grpc_client_endpoint: asking,
        ..ExecutorProcessConfig::default()
    };
    output::note(&format!("executor: asks {} for work, {} packages at a time", arguments.cluster, arguments.threads));
    let ended = start_executor_process(Arc::new(config)).await;
    executor.leave_all().await;
    ended.with_context(|| arguments.cluster.to_string())?;
    Ok(Exit::Done)
}

/// What reads packages in this process, for whichever lake they are ordered.
pub struct Executor {
    engine: Arc<Engine>,
    stores: Arc<Stores>,
    tally: Arc<Tally>,
    /// Where the units run. Ballista's own threads may be stopped while a unit is in the middle of it.
    runtime: Handle,
    lakes: tokio::sync::Mutex<HashMap<String, Arc<Site>>>,
}

/// A lake that this process works on.
struct Site {
    lake: Lake,
    run: Arc<Run>,
    last_needed: Mutex<Instant>,
}

/// Does what is ordered.
pub struct Ordered {
    executor: Arc<Executor>,
    order: Order,
}

impl Executor {
    fn new(engine: Engine) -> Self {
        Self {
            engine: Arc::new(engine),
            stores: Arc::default(),
            tally: Arc::new(Tally::new(0, 0, 0)),
            runtime: Handle::current(),
            lakes: tokio::sync::Mutex::default(),
        }
    }

    /// With an order.
    pub fn with(self: Arc<Self>, order: Order) -> Ordered {
        Ordered { executor: self, order }
    }

    async fn unit(self: &Arc<Self>, order: &Order, unit: &Unit) -> anyhow::Result<Outcome> {
        let version = env!("CARGO_PKG_VERSION");
        if order.version != version {
            bail!("an executor is of version {version}, and who asks is of {}", order.version);
        }
        let site = self.site(&order.lake).await?;
        if !site.lake.is_wanted(&order.run).await? {
            return Ok(Outcome::NotBegun);
        }
        let (uri, identity) = (unit.uri.clone(), unit.identity.clone());
        tokio::task::spawn_blocking(move || package::must_be_here(&uri, &identity)).await??;
        let work = Work {
            lake: site.lake.clone(),
            stores: Arc::clone(&self.stores),
            run: Arc::clone(&site.run),
            engine: Arc::clone(&self.engine),
            since: order.since,
            until: order.until,
            now: order.now,
            time_limit: order.time_limit,
            threads: 1,
            suspects_too: order.suspects_too,
            tally: Arc::clone(&self.tally),
        };
        work.unit(unit).await
    }

    /// The lake of that name. This process is one run there, whoever asks.
    async fn site(self: &Arc<Self>, name: &str) -> anyhow::Result<Arc<Site>> {
        let mut lakes = self.lakes.lock().await;
        if let Some(site) = lakes.get(name) {
            site.is_needed();
            return Ok(Arc::clone(site));
        }
        let lake = Lake::open(name).await?;
        let run = Arc::new(Run::begin(&lake, Timestamp::now()).await?);
        let site = Arc::new(Site { lake, run, last_needed: Mutex::new(Instant::now()) });
        lakes.insert(name.to_owned(), Arc::clone(&site));
        self.runtime.spawn(Arc::clone(self).stay(name.to_owned(), Arc::clone(&site)));
        Ok(site)
    }

    /// Says at a lake that this process is there, until it was not needed for a while.
    async fn stay(self: Arc<Self>, name: String, site: Arc<Site>) {
        let until_left = async {
            loop {
                tokio::time::sleep(LEAVE_AFTER / 10).await;
                let mut lakes = self.lakes.lock().await;
                // The map has it, and we; whoever works there has it, too.
                if Arc::strong_count(&site) <= 2 && site.is_long_unneeded() {
                    lakes.remove(&name);
                    return;
                }
            }
        };
        tokio::select! {
            () = site.run.say_again() => {}
            () = until_left => {}
        }
        site.run.end().await;
    }

    /// Says at every lake that this process has ended.
    async fn leave_all(&self) {
        for site in std::mem::take(&mut *self.lakes.lock().await).into_values() {
            site.run.end().await;
        }
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Executor").finish_non_exhaustive()
    }
}

impl Site {
    fn is_needed(&self) {
        *self.last_needed.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn is_long_unneeded(&self) -> bool {
        self.last_needed.lock().unwrap_or_else(PoisonError::into_inner).elapsed() > LEAVE_AFTER
    }
}

#[async_trait]
impl Worker for Ordered {
    /// One error would fail the whole job, and a job is many packages. So what goes wrong is an outcome, too.
    async fn unit(&self, unit: &Unit) -> anyhow::Result<Outcome> {
        let (executor, order, unit) = (Arc::clone(&self.executor), self.order.clone(), unit.clone());
        // In a task of its own: when a job is given up, what was begun is brought to its end all the same.
        let ended = self.executor.runtime.spawn(async move { executor.unit(&order, &unit).await });
        let fault = match ended.await {
            Ok(Ok(outcome)) => return Ok(outcome),
            Ok(Err(error)) => format!("{error:#}"),
            Err(error) => format!("a fault of ours: {error}"),
        };
        log::warn!("{fault}");
        tokio::time::sleep(AFTER_A_FAULT).await;
        Ok(Outcome::Fault(fault))
    }

    fn order(&self) -> Option<&Order> {
        Some(&self.order)
    }
}
