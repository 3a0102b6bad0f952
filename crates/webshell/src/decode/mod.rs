//! Decoders of layers that scripts are wrapped in.

pub(crate) mod vbscript_encode;
