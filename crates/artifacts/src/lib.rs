//! Bytes to records and gaps: one folder per format, every folder of the same shape.
//!
//! Parsing never fails: [`Format::read`] hands records and gaps to a [`Sink`] and returns nothing else.
//! A format is recognised by name *and* header, never by an absolute path.
//!
//! | shared by formats | what |
//! |---|---|
//! | `lines` | physical lines of any stream, in any encoding, with bounded memory |
//! | `delimited` | the head and the comma-separated rows of Exchange logs |
//! | `exchange_table` | the reader of those rows: builds, damage, and what a row means by its columns |
//! | `ecp_event` | the rows of the control panel's logs and their bags of values |
//! | `w3c` | the rows of IIS and HTTP.sys |
//! | `windows_event` | what an event means, whether it came as `.evtx`, as JSON or as XML |
//! | `json` | JSON whose texts are borrowed, for events |
//! | `utf8` | a stream as UTF-8, for what is cut by bytes and not by lines |
//! | `whole`, `xml` | a small file at once, and as a bounded tree of elements |

mod access_log;
mod aspnet_compiled;
mod client_address;
mod collection_manifest;
mod defender_history;
mod defender_log;
mod defender_resource;
mod delimited;
mod ecp_event;
mod event_json;
mod event_xml;
mod evtx;
mod exchange_audit;
mod exchange_ecp;
mod exchange_ecp_activity;
mod exchange_ews;
mod exchange_httpproxy;
mod exchange_message_tracking;
mod exchange_oab_generator;
mod exchange_rps_cmdlet;
mod exchange_rps_http;
mod exchange_setup;
mod exchange_table;
mod filetime;
mod hex;
mod http_err;
mod iis_config;
mod iis_w3c;
mod input;
mod json;
mod lines;
mod live_state;
mod ntfs_mft;
mod ntfs_usn;
mod pe_version;
mod recognise;
mod registry_hive;
mod row;
mod scheduled_task;
mod served_script;
mod sink;
mod telling_name;
#[cfg(test)]
mod testing;
mod transport_agents;
mod utf8;
mod vault_journal;
mod w3c;
mod whole;
mod windows_event;
mod worth_opening;
mod xml;
mod xml_text;

pub use input::{Input, Section};
pub use recognise::{Recognised, formats, recognise};
pub use registry_hive::{WantedKey, wanted_registry};
pub use sink::{Blocks, Flow, Format, Sink};
pub use worth_opening::worth_opening;
