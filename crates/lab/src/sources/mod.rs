//! The logs and files of a server, one module per kind, each written as the real one is, as far as that is known.

pub(crate) mod audit;
pub(crate) mod cmdlet_infra;
pub(crate) mod compiled;
pub(crate) mod ecp;
pub(crate) mod ecp_activity;
pub(crate) mod events;
pub(crate) mod ews;
pub(crate) mod exchange_log;
pub(crate) mod exsetup;
pub(crate) mod hive;
pub(crate) mod http_err;
pub(crate) mod http_proxy;
pub(crate) mod iis;
pub(crate) mod iis_config;
pub(crate) mod oab_generator;
pub(crate) mod setup;
pub(crate) mod tasks;
pub(crate) mod tracking;
pub(crate) mod transport_agents;
pub(crate) mod vdir_dump;
pub(crate) mod web_config;
