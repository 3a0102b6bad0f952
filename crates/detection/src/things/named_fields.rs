//! Things of events that mean nothing unified: their well-known fields, and what the control panel writes into its message.

use afterpatch_model::{Record, ThingKind};

use super::{Things, local};
use crate::KnownGood;
use crate::web_place::page_name;

/// Fields of Windows events by their names in the event manifests, and what they name.
const WELL_KNOWN: [(&str, ThingKind); 14] = [
    ("SubjectUserName", ThingKind::Account),
    ("TargetUserName", ThingKind::Account),
    ("MemberName", ThingKind::Account),
    ("AccountName", ThingKind::Account),
    ("User", ThingKind::Account),
    ("CommandLine", ThingKind::Command),
    ("ServiceFileName", ThingKind::Command),
    ("ImagePath", ThingKind::Command),
    ("ServiceName", ThingKind::Autostart),
    ("TaskName", ThingKind::Autostart),
    ("TargetFilename", ThingKind::File),
    ("ObjectName", ThingKind::File),
    ("FileName", ThingKind::File),
    ("Path", ThingKind::File),
];
/// Fields that hold an address, or `-`, or `LOCAL`.
const ADDRESSES: [&str; 4] = ["IpAddress", "SourceAddress", "ClientAddress", "Address"];

impl Things {
    pub(super) fn named_fields(&mut self, record: &Record<'_>, known_good: &KnownGood) {
        for (name, kind) in WELL_KNOWN {
            let Some(value) = record.fields.get(name) else { continue };
            if kind != ThingKind::File {
                self.put(kind, value);
            } else if value.contains('\\') {
                let path = local(value);
                self.page(page_name(&path).filter(|_| !known_good.has_path(&path)));
                self.put(kind, path);
            }
        }
        for name in ADDRESSES {
            self.numeric_address(record.fields.get(name).unwrap_or_default());
        }
        // ASP.NET writes the visitor into the message of what it refused (1316).
        let message = record.fields.get("Message").unwrap_or_default();
        for before in ["User host address:", "Client IP:"] {
            let address = message.split_once(before).and_then(|(_, rest)| rest.split_whitespace().next());
            self.numeric_address(address.unwrap_or_default());
        }
        // An event that only has a message: the control panel's error names URL and user in it.
        for (before, kind) in [("Request for URL '", ThingKind::Url), ("Current user: '", ThingKind::Mailbox)] {
            if let Some((_, rest)) = message.split_once(before)
                && let Some((value, _)) = rest.split_once('\'')
            {
                self.put(kind, value);
            }
        }
    }
}
