//! The logs and files of a server, one module per kind, each written as the real one is (facts/logs.md).

pub(crate) mod compiled;
pub(crate) mod ecp;
pub(crate) mod events;
pub(crate) mod http_proxy;
pub(crate) mod iis;
pub(crate) mod oab_generator;
pub(crate) mod vdir_dump;
