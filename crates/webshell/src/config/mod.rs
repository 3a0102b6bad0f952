//! Configuration that makes code run.
