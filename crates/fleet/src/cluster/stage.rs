//! How an executor does its part of a plan: as Ballista does, but without counting what each operator did, and refusing to read a part of
//! an answer twice.
//!
//! Ballista 55 gives a task only the inputs of a union that it reads, so that tasks of one stage differ in how many operators they have.
//! When they then report what each operator did, its scheduler finds numbers that do not go together, drops the report with the task's
//! end in it, and the question is never answered. Nobody here asks for those counts.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use ballista_core::JobId;
use ballista_core::execution_plans::ShuffleReaderExec;
use ballista_core::serde::protobuf::{RuntimeStatsReport, ShuffleWritePartition, TaskColumnStats, WindowStateReport};
use ballista_executor::execution_engine::{DefaultExecutionEngine, ExecutionEngine, QueryStageExecutor};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::metrics::MetricsSet;
use datafusion::prelude::SessionConfig;

const TWICE: &str = "an executor has died while the question was answered, and a part of the answer came twice; ask again";

/// Makes the parts.
pub struct Engine(DefaultExecutionEngine);

/// A part.
#[derive(Debug)]
struct Stage(Arc<dyn QueryStageExecutor>);

impl Engine {
    pub fn new() -> Self {
        Self(DefaultExecutionEngine::new())
    }
}

impl ExecutionEngine for Engine {
    fn create_query_stage_exec(
        &self,
        job_id: JobId,
        stage_id: usize,
        task_id: usize,
        global_output_partition_ids: Vec<usize>,
        plan: Arc<dyn ExecutionPlan>,
        work_dir: &str,
        config: &SessionConfig,
    ) -> Result<Arc<dyn QueryStageExecutor>> {
        must_come_once(&plan)?;
        let stage =
            self.0.create_query_stage_exec(job_id, stage_id, task_id, global_output_partition_ids, plan, work_dir, config)?;
        Ok(Arc::new(Stage(stage)))
    }
}

/// When an executor dies, Ballista 55 has its parts done again, and may hand out the old ones and the new ones together. Whoever adds them up
/// counts rows twice. No answer is better than such a one.
fn must_come_once(plan: &Arc<dyn ExecutionPlan>) -> Result<()> {
    plan.apply(|part| {
        let Some(reader) = part.downcast_ref::<ShuffleReaderExec>() else { return Ok(TreeNodeRecursion::Continue) };
        for pieces in &reader.partition {
            let mut seen = HashSet::new();
            for piece in pieces {
                if !seen.insert((piece.map_partition_id, piece.partition_id.stage_id, piece.partition_id.partition_id)) {
                    return Err(DataFusionError::Execution(TWICE.to_owned()));
                }
            }
        }
        Ok(TreeNodeRecursion::Continue)
    })
    .map(drop)
}

#[async_trait]
impl QueryStageExecutor for Stage {
    async fn execute_query_stage(&self, task_id: usize, context: Arc<TaskContext>) -> Result<Vec<ShuffleWritePartition>> {
        self.0.execute_query_stage(task_id, context).await
    }

    fn collect_plan_metrics(&self) -> Vec<MetricsSet> {
        Vec::new()
    }

    fn collect_runtime_stats_reports(&self) -> Vec<RuntimeStatsReport> {
        self.0.collect_runtime_stats_reports()
    }

    fn collect_window_state_reports(&self) -> Result<Vec<WindowStateReport>> {
        self.0.collect_window_state_reports()
    }

    fn collect_column_stats(&self) -> Vec<TaskColumnStats> {
        self.0.collect_column_stats()
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
