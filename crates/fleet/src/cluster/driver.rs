//! Who asks: `scan --cluster`. Hands packages to the cluster, looks in the lake what became of them, and hands out again what is
//! missing.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use afterpatch_report::FleetFailure;
use anyhow::bail;
use ballista_core::config::{BALLISTA_CLIENT_GRPC_HTTP2_KEEPALIVE_INTERVAL_SECONDS, BALLISTA_SCHEDULER_MAX_PARTITIONS_PER_TASK};
use ballista_core::execution_plans::execute_physical_plan;
use ballista_core::extension::SessionConfigExt;
use datafusion::prelude::SessionConfig;
use datafusion_proto::protobuf::PhysicalPlanNode;
use futures::StreamExt;

use super::codec::Codec;
use super::tls::KEEP_ALIVE_SECONDS;
use super::{Address, Order, Tls};
use crate::lake::{Commit, Key, Lake, Run};
use crate::plan;
use crate::tables::State;
use crate::tally::{Outcome, Tally};
use crate::todo::Sorted;
use crate::unit::Unit;

/// So many packages are a job. What became of them comes back when all are done; of a job that fails, what is missing is asked for again.
const PACKAGES_OF_A_JOB: usize = 64;
/// So many jobs are asked for at the same time: together more packages than a cluster reads at once.
const JOBS_AT_ONCE: usize = 16;
/// How often it is looked in the lake what is done: a listing is a request for every thousand commits, so the more there are, the less
/// often.
const LOOK_EVERY: Duration = Duration::from_secs(5);
const LOOK_EVERY_AT_MOST: Duration = Duration::from_secs(60);
const COMMITS_OF_A_REQUEST: usize = 1000;
/// How often it is looked whether the user wants it to stop.
const TICK: Duration = Duration::from_secs(1);
/// How long is waited before what is missing is handed out again.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// When for so long nothing was done, and faults were told, the run ends.
const PATIENCE: Duration = Duration::from_secs(120);

/// A run that has its packages read by a cluster.
pub struct Driver<'r> {
    /// Where the cluster is.
    pub address: Address,
    /// How it is asked, where not in the open.
    pub tls: Option<Tls>,
    /// What is asked of it.
    pub order: Order,
    /// Where the results go.
    pub lake: &'r Lake,
    /// This run.
    pub run: &'r Run,
    /// What has become of the packages.
    pub tally: &'r Tally,
}

impl Driver<'_> {
    /// Has packages read until all are in the lake. Those that somebody died of are read last and one by one: if one does it again, it
    /// harms no other.
    ///
    /// # Errors
    /// When the lake cannot be read, or the cluster does not get on.
    pub async fn read(&self, units: Vec<Unit>, failed: &mut Vec<FleetFailure>) -> anyhow::Result<()> {
        let units = units.into_iter().map(|unit| (unit.key.clone(), unit)).collect();
        let mut left = Left { units, failed, look_after: LOOK_EVERY };
        let mut last_done = Instant::now();
        loop {
            let before = left.units.len();
            let Sorted { fresh, suspects, .. } = Sorted::of(self.lake, self.run, left.units.values().cloned().collect()).await?;
            let mut faults = self.watched(&mut left, self.jobs(fresh, false)).await?;
            faults.extend(self.watched(&mut left, self.jobs(suspects, true)).await?);
            if left.units.is_empty() || self.tally.is_stopped() {
                return Ok(());
            }
            if left.units.len() < before {
                last_done = Instant::now();
            } else if let Some(fault) = faults.pop().filter(|_| last_done.elapsed() > PATIENCE) {
                bail!("{}: nothing gets done: {fault}; the same command goes on from there", self.address);
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }

    /// Looks in the lake now and then, until something is over, and once more then.
    async fn watched<T>(&self, left: &mut Left<'_>, something: impl Future<Output = T>) -> anyhow::Result<T> {
        let mut something = std::pin::pin!(something);
        let mut last_look = Instant::now();
        loop {
            let over = tokio::time::timeout(TICK, &mut something).await;
            if self.tally.is_stopped() {
                // Without its sign nobody begins anything more for this run.
                self.run.end().await;
            }
            if over.is_ok() || last_look.elapsed() >= left.look_after {
                left.look(self.lake, self.tally).await?;
                last_look = Instant::now();
            }
            if let Ok(over) = over {
                return Ok(over);
            }
        }
    }

    /// Hands out packages, the largest first, and gives back what went wrong.
    async fn jobs(&self, mut units: Vec<Unit>, alone: bool) -> Vec<String> {
        units.sort_by(|one, other| other.bytes.cmp(&one.bytes).then_with(|| one.key.cmp(&other.key)));
        let jobs = units.chunks(PACKAGES_OF_A_JOB).map(<[Unit]>::to_vec);
        let at_once = if alone { 1 } else { JOBS_AT_ONCE };
        let told = futures::stream::iter(jobs)
            .map(|units| async move { if self.tally.is_stopped() { Vec::new() } else { self.job(units, alone).await } });
        told.buffer_unordered(at_once).concat().await
    }

    /// Hands out the packages of one job: each a task of its own, or all one after the other in one.
    async fn job(&self, units: Vec<Unit>, alone: bool) -> Vec<String> {
        let mut faults = Vec::new();
        if let Err(error) = self.ask(units, alone, &mut faults).await {
            faults.push(format!("{error:#}"));
        }
        faults
    }

    async fn ask(&self, units: Vec<Unit>, alone: bool, faults: &mut Vec<String>) -> anyhow::Result<()> {
        let order = Order { suspects_too: alone, ..self.order.clone() };
        let tasks = if alone { 1 } else { units.len() };
        let plan = plan::plan(units, tasks, Arc::new(order))?;
        let mut config = SessionConfig::new_with_ballista()
            .set_str(BALLISTA_SCHEDULER_MAX_PARTITIONS_PER_TASK, "1")
            .set_str(BALLISTA_CLIENT_GRPC_HTTP2_KEEPALIVE_INTERVAL_SECONDS, &KEEP_ALIVE_SECONDS.to_string())
            .with_ballista_job_name(&self.run.name);
        if let Some(tls) = &self.tls {
            config = config.with_ballista_override_create_grpc_client_endpoint(tls.asking());
        }
        let settings = config.ballista_config();
        let (url, codec) = (self.address.url(), Codec::default());
        let mut outcomes =
            execute_physical_plan::<PhysicalPlanNode>(url, &settings, plan, &codec, self.run.name.clone(), config).await?;
        while let Some(rows) = outcomes.next().await {
            faults.extend(plan::read_outcomes(&rows?).into_iter().filter_map(|(_, outcome)| match outcome {
                Outcome::Fault(fault) => Some(fault),
                _ => None,
            }));
        }
        Ok(())
    }
}

/// Packages that are not in the lake yet.
struct Left<'f> {
    units: HashMap<Key, Unit>,
    failed: &'f mut Vec<FleetFailure>,
    look_after: Duration,
}

impl Left<'_> {
    /// Takes off what is in the lake by now, whoever has read it.
    async fn look(&mut self, lake: &Lake, tally: &Tally) -> anyhow::Result<()> {
        let committed = lake.committed().await?;
        let requests = u32::try_from(committed.len() / COMMITS_OF_A_REQUEST).unwrap_or(u32::MAX).saturating_add(1);
        self.look_after = LOOK_EVERY.saturating_mul(requests).min(LOOK_EVERY_AT_MOST);
        let done = committed.into_iter().filter(|key| self.units.contains_key(key));
        for commit in lake.read_all::<Commit>(done.map(|key| key.path()).collect()).await? {
            self.units.remove(&commit.key);
            tally.told(&commit.answers);
            match commit.state {
                State::Done => tally.ended(&Outcome::Done),
                State::Failed => {
                    let reason = commit.reason.unwrap_or_default();
                    tally.ended(&Outcome::Failed(reason.clone()));
                    self.failed.push(FleetFailure { uri: commit.uri, reason });
                }
            }
        }
        Ok(())
    }
}
