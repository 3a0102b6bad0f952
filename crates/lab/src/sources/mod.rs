//! The logs and files of a server, one module per kind, each written as the real one is, as far as that is known.

pub(crate) mod compiled;
pub(crate) mod ecp;
pub(crate) mod events;
pub(crate) mod http_proxy;
pub(crate) mod iis;
pub(crate) mod oab_generator;
pub(crate) mod vdir_dump;
