//! Configuration of IIS and ASP.NET: `applicationHost.config`, its history copies (`inetpub\history\CFGHISTORY_*`) and the
//! `web.config` of every folder.
//!
//! Facts: layout and element names as in Microsoft's IIS configuration reference (Microsoft Learn) and its schema files
//! (`IIS_schema.xml`, `rewrite_schema.xml`). What attackers and mitigations leave in it: virtual directories that lead out of
//! the web folders (Huntress, 2021-08-23), modules and handlers, rewrite rules of Exchange mitigations and the `clear` and
//! `remove` that take them away again (facts of CSS-Exchange), machine keys, logging switched off.
//!
//! One record for each element that matters (see `settings`), with its attributes and what it stands in as fields:
//!
//! | field | of |
//! |---|---|
//! | `ConfigPath` | every record: the file's path, as a `web.config` speaks of its own folder |
//! | `Site` `SiteId` | everything in a site of `applicationHost.config` (the folder of its logs is `W3SVC<SiteId>`) |
//! | `Application` `ApplicationPool` | a virtual directory |
//! | `Match…` `Conditions` `Action…` | a rewrite rule, from its children (see `rewrite`) |
//! | `ValidationKeySha256` … | a machine key, never the key itself (see `machine_key`) |
//!
//! A file's time of change is the records' time: it is when the last of them was written, not each of them.
//!
//! A `web.config` can be made to run as a page. Server-side script in one is handed to `served_script`, which tells it as it
//! does of every page, beside the settings.

mod machine_key;
mod rewrite;
mod settings;
#[cfg(test)]
mod tests;

use afterpatch_model::{ArtifactKind, GapKind, Place, Timestamp};

use crate::lines::decode;
use crate::served_script::{ServedScript, holds_script};
use crate::whole::read_whole;
use crate::xml;
use crate::{Format, Input, Sink};

/// The format of IIS and ASP.NET configuration.
pub struct IisConfig;

/// The configuration of a server with a thousand sites has a few MiB.
const MOST_BYTES: u64 = 16 << 20;

impl Format for IisConfig {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::IisConfig
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_iis_config(input.entry().location(), input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        let bytes = read_whole(input, MOST_BYTES, sink);
        let text = decode(&bytes);
        configuration(&text, &input.entry().location().replace('/', r"\"), input.entry().modified(), sink);
        if holds_script(&text) {
            ServedScript.read(input, sink);
        }
    }
}

/// A name that promises a configuration of IIS, also that of a copy (`web.config.bak`).
pub(crate) fn is_iis_config_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("web.config") || name.contains("applicationhost.config")
}

/// By its name, or by the section that only the server's own configuration has; the copies that IIS makes of that for each
/// application pool while it runs say nothing of their own.
fn is_iis_config(location: &str, head: &[u8]) -> bool {
    let location = location.to_ascii_lowercase().replace('/', r"\");
    let name = location.rsplit('\\').next().unwrap_or_default();
    let of_a_pool = location.contains(r"\temp\apppools\");
    xml::head_text(head).is_some_and(|text| {
        let of_the_server = || text.contains("<system.applicationHost") && !of_a_pool;
        text.contains("<configuration") && (is_iis_config_name(name) || of_the_server())
    })
}

fn configuration(text: &str, path: &str, modified: Option<Timestamp>, sink: &mut dyn Sink) {
    let document = xml::read(text, sink);
    match document.below(&["configuration"]) {
        Some(root) => settings::hand_on(root, path, modified, sink),
        None => sink.gap(GapKind::Malformed, Place::Whole, "no element <configuration>"),
    }
}
