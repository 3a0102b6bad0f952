//! Our operator on its way between the processes of a cluster.

use std::sync::Arc;

use ballista_core::serde::BallistaPhysicalExtensionCodec;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};

use super::Order;
use super::executor::Executor;
use crate::plan::{ScanExec, Worker};

/// What our operator's bytes begin with. What Ballista writes of its own is protobuf, of which this is none.
const MARK: &[u8] = b"afterpatch-scan/1\n";

/// Writes and reads plans with our operator in them: the operator is its order, as JSON.
#[derive(Debug, Default)]
pub struct Codec {
    ballista: BallistaPhysicalExtensionCodec,
    /// Who does what is ordered, in a process that can.
    executor: Option<Arc<Executor>>,
}

impl Codec {
    /// For a process that does what is ordered.
    pub fn of(executor: Arc<Executor>) -> Self {
        Self { executor: Some(executor), ..Self::default() }
    }

    fn worker(&self, order: Order) -> Arc<dyn Worker> {
        match &self.executor {
            Some(executor) => Arc::new(Arc::clone(executor).with(order)),
            None => Arc::new(order),
        }
    }
}

impl PhysicalExtensionCodec for Codec {
    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(order) = bytes.strip_prefix(MARK) else {
            return self.ballista.try_decode(bytes, inputs, context, converter);
        };
        let order: Order = serde_json::from_slice(order).map_err(|error| DataFusionError::External(error.into()))?;
        let [packages] = inputs else { return Err(DataFusionError::Internal("ScanExec has one input".to_owned())) };
        Ok(Arc::new(ScanExec::new(Arc::clone(packages), self.worker(order))))
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        bytes: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        let Some(order) = node.downcast_ref::<ScanExec>().and_then(|scan| scan.worker().order()) else {
            return self.ballista.try_encode(node, bytes, converter);
        };
        bytes.extend_from_slice(MARK);
        serde_json::to_writer(bytes, order).map_err(|error| DataFusionError::External(error.into()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_model::Timestamp;
    use datafusion_proto::physical_plan::AsExecutionPlan;
    use datafusion_proto::protobuf::PhysicalPlanNode;

    use super::*;

    #[test]
    fn an_order_survives_the_way() {
        let order = Order {
            version: "1".to_owned(),
            lake: "s3://bucket/lake".to_owned(),
            run: "r".to_owned(),
            since: Some(Timestamp::UNIX_EPOCH),
            until: None,
            now: Timestamp::UNIX_EPOCH,
            time_limit: Some(std::time::Duration::from_secs(90)),
            suspects_too: true,
        };
        let plan = crate::plan::plan(Vec::new(), 1, Arc::new(order.clone())).unwrap();
        let (mut bytes, codec) = (Vec::new(), Codec::default());
        PhysicalPlanNode::try_from_physical_plan(plan, &codec).unwrap().try_encode(&mut bytes).unwrap();
        let read = PhysicalPlanNode::try_decode(&bytes).unwrap().try_into_physical_plan(&TaskContext::default(), &codec).unwrap();
        let scan = read.downcast_ref::<ScanExec>().unwrap();
        assert_eq!(scan.worker().order(), Some(&order));
    }
}
