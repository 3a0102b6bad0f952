//! Windows events as NXLog writes them: one flat JSON object a line (OTRF Security-Datasets).
//!
//! The clock trap of the real collection is kept: on some servers `TimeCreated` and `@timestamp` carry local time and yet
//! end in `Z`; only Sysmon's `UtcTime` tells the truth.

pub(crate) mod accounts;
pub(crate) mod defender;
pub(crate) mod exchange;
pub(crate) mod powershell;
pub(crate) mod security;
pub(crate) mod sysmon;
pub(crate) mod system;

use serde_json::{Map, Value, json};

use crate::{
    clock::Moment,
    sheet::{Page, Row, Sheet, Shelf, into_pages},
    truth::Mark,
    world::World,
};

/// The collected events.
#[derive(Default)]
pub(crate) struct Events(Sheet);

/// What is common to all events of one source.
pub(crate) struct Provider {
    pub(crate) source: &'static str,
    pub(crate) guid: Option<&'static str>,
    pub(crate) channel: &'static str,
    pub(crate) keywords: &'static str,
}

/// An event before it is written.
pub(crate) struct Event {
    pub(crate) provider: &'static Provider,
    pub(crate) id: u32,
    /// 2 error, 3 warning, 4 information, 0 audit.
    pub(crate) level: u8,
    pub(crate) task: u32,
    pub(crate) message: String,
    /// Named data, in the order of the event.
    pub(crate) data: Vec<(&'static str, String)>,
}

impl Events {
    pub(crate) fn push(&mut self, world: &World, at: Moment, event: Event, mark: Option<Mark>) {
        let shown = (at + world.event_clock).iso();
        let Event { provider, id, level, task, message, data } = event;
        let mut object = Map::new();
        object.insert("SourceName".into(), provider.source.into());
        if let Some(guid) = provider.guid {
            object.insert("ProviderGuid".into(), guid.into());
        }
        object.insert("Level".into(), level.to_string().into());
        object.insert("Keywords".into(), provider.keywords.into());
        object.insert("Channel".into(), provider.channel.into());
        object.insert("Hostname".into(), world.fqdn.as_str().into());
        object.insert("TimeCreated".into(), shown.as_str().into());
        object.insert("@timestamp".into(), shown.into());
        object.insert("EventID".into(), json!(id));
        object.insert("Message".into(), message.into());
        object.insert("Task".into(), task.to_string().into());
        object.extend(data.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))));
        let mut text = Value::Object(object).to_string();
        if world.escaped_json {
            for (plain, escaped) in [("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("'", "\\u0027")] {
                text = text.replace(plain, escaped);
            }
        }
        self.0.push(at, text, mark);
    }

    pub(crate) fn shelve(self, shelf: &mut Shelf) {
        let path = |_: &Row| r"C:\Collected\events.json".to_owned();
        into_pages(self.0.sorted(), 1, shelf, path, |path, at| Page::new(path, "\n", at), |_, _| {});
    }
}
