//! The plan that a run is: a map over a table of packages.
//!
//! The map is a unary operator over a memory source with the packages as its rows, never a leaf of its own: a distributed engine
//! hands out the partitions of leaves that it knows, and would run one that it does not know whole in every task. In this process
//! the packages are dealt into as many partitions as packages are to be read at the same time, since all partitions run at once.

use std::fmt;
use std::sync::Arc;

use anyhow::Context;
use async_trait::async_trait;
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, UInt64Type};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PlanProperties, ReplaceChildrenOptions,
    SendableRecordBatchStream,
};
use futures::{StreamExt, TryStreamExt};
use serde::Serialize;
use url::Url;

use crate::lake::Key;
use crate::tables::batch;
use crate::tally::Outcome;
use crate::unit::{Unit, Work};

/// Who does units: this process, or whoever runs an executor of a cluster.
#[async_trait]
pub trait Worker: Send + Sync {
    /// Does one unit.
    ///
    /// # Errors
    /// When the lake cannot be read or written: then nothing can be done.
    async fn unit(&self, unit: &Unit) -> anyhow::Result<Outcome>;

    /// What another process must know to do the same; none of who works for itself.
    #[cfg(feature = "cluster")]
    fn order(&self) -> Option<&crate::cluster::Order> {
        None
    }
}

#[async_trait]
impl Worker for Work {
    async fn unit(&self, unit: &Unit) -> anyhow::Result<Outcome> {
        let outcome = self.unit(unit).await.inspect_err(|_| self.tally.stop())?;
        self.tally.ended(&outcome);
        Ok(outcome)
    }
}

/// The plan that reads these packages, `at_once` of them at a time.
///
/// # Errors
/// When they cannot be put into a table.
pub fn plan(units: Vec<Unit>, at_once: usize, worker: Arc<dyn Worker>) -> anyhow::Result<Arc<dyn ExecutionPlan>> {
    let partitions = deal(units, at_once).iter().map(|units| table_of(units)).collect::<anyhow::Result<Vec<_>>>()?;
    let source = MemorySourceConfig::try_new_exec(&partitions, packages(), None)?;
    Ok(Arc::new(ScanExec::new(source, worker)))
}

/// Deals packages so that no group has much more to read than another: the largest first, each to whoever has least.
fn deal(mut units: Vec<Unit>, groups: usize) -> Vec<Vec<Unit>> {
    units.sort_by(|one, other| other.bytes.cmp(&one.bytes).then_with(|| one.key.cmp(&other.key)));
    let mut dealt = vec![(0u64, Vec::new()); groups.max(1).min(units.len().max(1))];
    for unit in units {
        if let Some((bytes, group)) = dealt.iter_mut().min_by_key(|(bytes, group)| (*bytes, group.len())) {
            *bytes = bytes.saturating_add(unit.bytes);
            group.push(unit);
        }
    }
    dealt.into_iter().map(|(_, group)| group).collect()
}

/// A row of the table of packages.
#[derive(Serialize)]
struct PackageToRead<'u> {
    package: &'u str,
    generation: u64,
    uri: &'u str,
    name: &'u str,
    identity: &'u str,
    bytes: u64,
}

fn packages() -> SchemaRef {
    let text = |name| Field::new(name, DataType::Utf8, false);
    let count = |name| Field::new(name, DataType::UInt64, false);
    Arc::new(Schema::new(vec![text("package"), count("generation"), text("uri"), text("name"), text("identity"), count("bytes")]))
}

/// A batch of one row each, so that each is done, and told, before the next one is begun.
fn table_of(units: &[Unit]) -> anyhow::Result<Vec<RecordBatch>> {
    let row = |unit: &Unit| {
        batch(
            packages(),
            &[PackageToRead {
                package: &unit.key.package,
                generation: u64::from(unit.key.generation),
                uri: unit.uri.as_str(),
                name: &unit.name,
                identity: &unit.identity,
                bytes: unit.bytes,
            }],
        )
    };
    units.iter().map(|unit| Ok(row(unit)?)).collect()
}

fn units_of(rows: &RecordBatch) -> anyhow::Result<Vec<Unit>> {
    let text = |name: &str, row| Some(rows.column_by_name(name)?.as_string_opt::<i32>()?.value(row).to_owned());
    let count = |name: &str, row| Some(rows.column_by_name(name)?.as_primitive_opt::<UInt64Type>()?.value(row));
    let unit = |row| {
        Some(Unit {
            key: Key { package: text("package", row)?, generation: count("generation", row)?.try_into().ok()? },
            uri: Url::parse(&text("uri", row)?).ok()?,
            name: text("name", row)?,
            identity: text("identity", row)?,
            bytes: count("bytes", row)?,
        })
    };
    (0..rows.num_rows()).map(|row| unit(row).context("a row that names no package")).collect()
}

/// What the plan gives: what became of each package.
pub fn outcomes() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("uri", DataType::Utf8, false),
        Field::new("outcome", DataType::Utf8, false),
        Field::new("reason", DataType::Utf8, true),
    ]))
}

#[derive(Serialize)]
struct OutcomeRow<'u> {
    uri: &'u str,
    outcome: &'static str,
    reason: Option<&'u str>,
}

/// What became of each package, by its URL, of a batch of the plan.
pub fn read_outcomes(rows: &RecordBatch) -> Vec<(String, Outcome)> {
    let column = |name: &str| rows.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
    let (Some(uris), Some(outcomes), Some(reasons)) = (column("uri"), column("outcome"), column("reason")) else {
        return Vec::new();
    };
    let reason = |row: usize| if reasons.is_valid(row) { reasons.value(row) } else { "" };
    (0..rows.num_rows())
        .filter_map(|row| Some((uris.value(row).to_owned(), Outcome::named(outcomes.value(row), reason(row))?)))
        .collect()
}

/// Reads the packages that its input names.
pub struct ScanExec {
    input: Arc<dyn ExecutionPlan>,
    worker: Arc<dyn Worker>,
    properties: Arc<PlanProperties>,
}

impl ScanExec {
    /// Over a table of packages.
    pub fn new(input: Arc<dyn ExecutionPlan>, worker: Arc<dyn Worker>) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(outcomes()),
            datafusion::physical_plan::Partitioning::UnknownPartitioning(input.output_partitioning().partition_count()),
            input.pipeline_behavior(),
            input.boundedness(),
        );
        Self { input, worker, properties: Arc::new(properties) }
    }

    /// Who reads them.
    #[cfg(feature = "cluster")]
    pub fn worker(&self) -> &dyn Worker {
        &*self.worker
    }
}

async fn work_on(worker: Arc<dyn Worker>, rows: RecordBatch) -> Result<RecordBatch> {
    let failed = |error: anyhow::Error| DataFusionError::External(error.into());
    let mut told = Vec::new();
    for unit in units_of(&rows).map_err(failed)? {
        let outcome = worker.unit(&unit).await.map_err(failed)?;
        told.push((unit, outcome));
    }
    let rows: Vec<OutcomeRow<'_>> = told
        .iter()
        .map(|(unit, outcome)| {
            let (outcome, reason) = outcome.name();
            OutcomeRow { uri: unit.uri.as_str(), outcome, reason }
        })
        .collect();
    Ok(batch(outcomes(), &rows)?)
}

impl ExecutionPlan for ScanExec {
    fn name(&self) -> &str {
        "ScanExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    /// A package that took a place elsewhere would only wait there.
    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match <[_; 1]>::try_from(children) {
            Ok([input]) => Ok(Arc::new(Self::new(input, Arc::clone(&self.worker)))),
            Err(_) => Err(DataFusionError::Internal("ScanExec has one input".to_owned())),
        }
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let recompute = datafusion::physical_plan::ChildrenPropertiesMode::Recompute;
        self.replace_children(children, ReplaceChildrenOptions::new(recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let packages = self.input.execute(partition, context)?;
        let worker = Arc::clone(&self.worker);
        let outcomes_of = packages.and_then(move |rows| work_on(Arc::clone(&worker), rows));
        Ok(Box::pin(RecordBatchStreamAdapter::new(outcomes(), outcomes_of.boxed())))
    }
}

impl DisplayAs for ScanExec {
    fn fmt_as(&self, _: DisplayFormatType, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ScanExec")
    }
}

impl fmt::Debug for ScanExec {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ScanExec").field("input", &self.input).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn unit(name: &str, bytes: u64) -> Unit {
        Unit {
            key: Key { package: name.to_owned(), generation: 3 },
            uri: Url::parse(&format!("file:///{name}")).unwrap(),
            name: name.to_owned(),
            identity: format!("bytes={bytes}"),
            bytes,
        }
    }

    #[test]
    fn packages_are_dealt_by_size() {
        let units = [("a", 5), ("b", 90), ("c", 40), ("d", 45), ("e", 0), ("f", 0)];
        let dealt = deal(units.iter().map(|(name, bytes)| unit(name, *bytes)).collect(), 2);
        let names: Vec<Vec<&str>> = dealt.iter().map(|group| group.iter().map(|unit| unit.name.as_str()).collect()).collect();
        assert_eq!(names, [vec!["b", "e", "f"], vec!["d", "c", "a"]]);
        assert_eq!(dealt.iter().map(Vec::len).sum::<usize>(), 6);
        assert_eq!(deal(Vec::new(), 4).len(), 1);
        assert_eq!(deal(vec![unit("a", 1)], 4).len(), 1);
    }

    #[test]
    fn a_package_survives_the_table() {
        let given = unit("a", 7);
        let read = units_of(&table_of(std::slice::from_ref(&given)).unwrap()[0]).unwrap().remove(0);
        assert_eq!((read.key, read.uri, read.identity, read.bytes), (given.key, given.uri, given.identity, given.bytes));
    }
}
