//! Questions to a lake that a cluster answers: `query --cluster`.

use std::sync::Arc;

use anyhow::Context;
use ballista_core::RuntimeProducer;
use ballista_core::execution_plans::execute_physical_plan;
use ballista_core::extension::SessionConfigExt;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_core::utils::default_session_builder;
use ballista_scheduler::SessionBuilder;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::object_store::{DefaultObjectStoreRegistry, ObjectStoreRegistry};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::physical_plan::ExecutionPlanProperties;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::prelude::{DataFrame, SessionConfig};
use datafusion_proto::protobuf::PhysicalPlanNode;
use object_store::ObjectStore;
use object_store::memory::InMemory;
use url::Url;

use super::codec::Codec;
use super::{Address, Tls};
use crate::lake::Lake;
use crate::read;

/// The settings under which a question is planned that a cluster answers.
pub fn settings(tls: Option<&Tls>) -> SessionConfig {
    let config = SessionConfig::new_with_ballista();
    match tls {
        Some(tls) => config.with_ballista_override_create_grpc_client_endpoint(tls.asking()),
        None => config,
    }
}

/// Hands a question out.
///
/// # Errors
/// When it cannot be planned, or the cluster does not answer it.
pub async fn answer(address: &Address, question: DataFrame) -> anyhow::Result<SendableRecordBatchStream> {
    let config = question.task_ctx().session_config().clone();
    let mut plan = question.create_physical_plan().await?;
    if plan.output_partitioning().partition_count() > 1 {
        // One executor gathers the answer, and sees to it that no part of it comes twice (`stage`).
        plan = Arc::new(CoalescePartitionsExec::new(plan));
    }
    let (settings, session) = (config.ballista_config(), "afterpatch-query".to_owned());
    execute_physical_plan::<PhysicalPlanNode>(address.url(), &settings, plan, &Codec::default(), session, config)
        .await
        .with_context(|| address.to_string())
}

/// What executors read with: lakes are found by their names.
pub fn runtime() -> RuntimeProducer {
    let lakes = Arc::new(Lakes { others: DefaultObjectStoreRegistry::new(), are_read: true });
    Arc::new(move |_| runtime_of(&lakes))
}

/// The functions that executors know: those of lists and structs, too, which Ballista's own leave out.
///
/// # Errors
/// Ballista's own settings do not go together.
pub fn functions() -> Result<Arc<BallistaFunctionRegistry>> {
    Ok(Arc::new(BallistaFunctionRegistry::from(&default_session_builder(settings(None))?)))
}

/// What a scheduler takes plans apart with. It reads nothing, and need not reach the lake.
pub fn session() -> SessionBuilder {
    let lakes = Arc::new(Lakes { others: DefaultObjectStoreRegistry::new(), are_read: false });
    Arc::new(move |config| {
        let state = SessionStateBuilder::new_from_existing(default_session_builder(config)?);
        Ok(state.with_runtime_env(runtime_of(&lakes)?).build())
    })
}

fn runtime_of(lakes: &Arc<Lakes>) -> Result<Arc<RuntimeEnv>> {
    let registry: Arc<dyn ObjectStoreRegistry> = Arc::clone(lakes) as _;
    RuntimeEnvBuilder::new().with_object_store_registry(registry).build_arc()
}

/// Stores of lakes, opened when they are first asked for and kept.
#[derive(Debug)]
struct Lakes {
    others: DefaultObjectStoreRegistry,
    /// Else an empty store stands for each.
    are_read: bool,
}

impl ObjectStoreRegistry for Lakes {
    fn register_store(&self, url: &Url, store: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        self.others.register_store(url, store)
    }

    fn deregister_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        self.others.deregister_store(url)
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        let Some(name) = read::lake_of(url) else { return self.others.get_store(url) };
        if let Ok(store) = self.others.get_store(url) {
            return Ok(store);
        }
        let store = match self.are_read {
            true => Lake::store_of(&name).map_err(|error| DataFusionError::External(error.into()))?,
            false => Arc::new(InMemory::new()),
        };
        self.others.register_store(url, Arc::clone(&store));
        Ok(store)
    }
}
