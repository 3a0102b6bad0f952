//! Configuration that makes code run.

use serde::Serialize;

/// (until the reader is here)
#[derive(Debug, Clone, Serialize)]
pub struct ConfigFinding {}
