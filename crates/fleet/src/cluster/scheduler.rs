//! `afterpatch-fleet scheduler`.

use std::sync::Arc;

use anyhow::Context;
use ballista_core::config::TaskSchedulingPolicy;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;

use super::Tls;
use super::codec::Codec;
use crate::arguments::SchedulerArguments;
use crate::exit::Exit;
use crate::output;

/// How often it is looked whether executors are lost, in seconds.
const LOOK_FOR_LOST: u64 = 5;
/// What became of a job is fetched at once; after so many seconds it is forgotten.
const FORGET_AFTER: u64 = 300;

/// Hands out packages until it is ended.
pub async fn run(arguments: &SchedulerArguments) -> anyhow::Result<Exit> {
    super::log_to_stderr();
    let config = SchedulerConfig {
        bind_host: arguments.listen.ip().to_string(),
        bind_port: arguments.listen.port(),
        // Executors ask for work: they need not be found, and a scheduler that was started again knows them at once.
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        // Who asks reaches the scheduler and nobody else.
        enable_embedded_flight_proxy: true,
        executor_timeout_seconds: arguments.lost_after.as_secs(),
        expire_dead_executor_interval_seconds: LOOK_FOR_LOST,
        finished_job_data_clean_up_interval_seconds: FORGET_AFTER,
        finished_job_state_clean_up_interval_seconds: FORGET_AFTER,
        override_session_builder: Some(super::question::session()),
        override_physical_codec: Some(Arc::new(Codec::default())),
        ..SchedulerConfig::default()
    };
    output::note(&format!("scheduler: waiting for executors and runs at {}", arguments.listen));
    let cluster = BallistaCluster::new_from_config(&config).await?;
    if let Some(tls) = Tls::read(&arguments.tls)? {
        tls.schedule(cluster, arguments.listen, config).await.with_context(|| arguments.listen.to_string())?;
        return Ok(Exit::Done);
    }
    start_server(cluster, arguments.listen, Arc::new(config)).await.with_context(|| arguments.listen.to_string())?;
    Ok(Exit::Done)
}
