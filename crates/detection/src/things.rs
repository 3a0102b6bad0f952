//! Which things a record speaks of: the nodes by which incidents are joined.

mod named_fields;
mod parameters;
mod state;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use afterpatch_model::{Cmdlet, FileShape, Record, ServedFile, Thing, ThingKind, Unified};

use crate::KnownGood;
use crate::client::{client_address, client_of};
use crate::web_place::{compiled_page_name, page_name};

pub use state::antivirus_paths;

use parameters::local;

/// Ports of the site Exchange Back End.
pub const BACK_END_PORTS: [u16; 2] = [444, 81];

/// Verbs and nouns of commands whose `-Mailbox` or `-Identity` is a mailbox.
const MAILBOX_NOUNS: [&str; 8] = [
    "mailbox",
    "casmailbox",
    "mailboxpermission",
    "mailboxfolderpermission",
    "mailboxexportrequest",
    "mailboximportrequest",
    "inboxrule",
    "adpermission",
];

/// The things that a record speaks of. A genuine page is not named as a page: everybody asks for `logon.aspx`, so it joins
/// nothing.
pub fn things_of(record: &Record<'_>, known_good: &KnownGood) -> Vec<Thing> {
    let mut things = Things(Vec::new());
    match &record.unified {
        Unified::WebRequest(it) => {
            // The back end's client is the front end of the same server, whoever the actor is.
            if !BACK_END_PORTS.contains(&it.port) {
                things.put(ThingKind::Address, client_of(it));
            }
            things.put(ThingKind::Url, &it.stem);
            things.put(ThingKind::RequestId, &it.request_id);
            things.put(ThingKind::Account, &it.user);
            things.put(ThingKind::UserAgent, &it.user_agent);
            things.page(page_name(&it.stem).filter(|_| !known_good.has_url(&it.stem)));
            things.canary(&it.query);
            things.autodiscover(&it.stem, &it.query);
        }
        Unified::ProxyRequest(it) => {
            things.put(ThingKind::Address, &it.client);
            things.put(ThingKind::Url, &it.stem);
            things.put(ThingKind::RequestId, &it.request_id);
            things.put(ThingKind::Account, &it.user);
            things.put(ThingKind::UserAgent, &it.user_agent);
            things.page(page_name(&it.stem).filter(|_| !known_good.has_url(&it.stem)));
            things.canary(&it.query);
            things.canary(&it.anchor_mailbox);
            things.autodiscover(&it.stem, &it.query);
        }
        Unified::Cmdlet(it) => things.cmdlet(it, known_good),
        Unified::ProcessStart(it) => {
            things.put(ThingKind::Command, if it.command_line.is_empty() { &it.image } else { &it.command_line });
            things.put(ThingKind::Account, &it.user);
            things.process(&it.image, it.pid);
            things.process(&it.parent_image, it.parent_pid);
        }
        Unified::FileChange(it) => {
            things.put(ThingKind::File, &it.path);
            let compiled = compiled_page_name(&it.path).filter(|name| !known_good.has_name(name));
            things.page(compiled.or_else(|| page_name(&it.path).filter(|_| !known_good.has_path(&it.path))));
            things.process(&it.image, it.pid);
        }
        Unified::ShareAccess(it) => {
            let path = local_path(&it.local_path, &it.target);
            things.page(page_name(&path).filter(|_| !known_good.has_path(&path)));
            things.put(ThingKind::File, &path);
            things.put(ThingKind::Address, &it.client);
            things.put(ThingKind::Account, &it.user);
        }
        Unified::OabGeneration(it) => {
            things.put(ThingKind::File, &it.path);
            things.page(page_name(&it.path));
        }
        Unified::CompiledPage(it) => {
            things.put(ThingKind::Url, &it.virtual_path);
            things.page(page_name(&it.virtual_path).filter(|_| !known_good.has_url(&it.virtual_path)));
            things.put(ThingKind::File, &it.source_path);
            things.page(page_name(&it.source_path).filter(|_| !known_good.has_path(&it.source_path)));
        }
        Unified::ServedFile(it) => things.served(it),
        Unified::Logon(it) => {
            things.put(ThingKind::Account, &it.user);
            things.put(ThingKind::Address, &it.client);
        }
        Unified::RemoteShell(it) => {
            things.put(ThingKind::Account, &it.user);
            things.put(ThingKind::Address, client_address(&it.client));
            things.put(ThingKind::UserAgent, &it.client_info);
            things.put(ThingKind::Url, &it.stem);
            things.autodiscover(&it.stem, &it.query);
        }
        Unified::MailboxAccess(it) => {
            things.put(ThingKind::Account, &it.user);
            things.put(ThingKind::Mailbox, &it.mailbox);
            things.put(ThingKind::Address, client_address(&it.client));
            things.put(ThingKind::UserAgent, &it.user_agent);
        }
        Unified::MailPassed(it) => {
            things.put(ThingKind::Mailbox, &it.sender);
            for recipient in it.recipients.split(';') {
                things.put(ThingKind::Mailbox, recipient.trim());
            }
            things.put(ThingKind::Address, client_address(&it.client));
        }
        Unified::HttpError(it) => {
            let stem = it.url.split('?').next().unwrap_or_default();
            things.put(ThingKind::Address, client_address(&it.client));
            things.put(ThingKind::Url, stem);
            things.page(page_name(stem).filter(|_| !known_good.has_url(stem)));
        }
        Unified::Setting(it) => things.setting(it, &record.fields, known_good),
        Unified::RegistryValue(it) => things.registry(it),
        Unified::ScheduledTask(it) => {
            things.put(ThingKind::Autostart, &it.name);
            things.put(ThingKind::Command, [&*it.command, &*it.arguments].join(" ").trim());
            things.put(ThingKind::Account, &it.user);
        }
        Unified::ServiceInstalled(it) => {
            things.put(ThingKind::Autostart, &it.name);
            things.put(ThingKind::Command, &it.command);
            things.put(ThingKind::Account, &it.user);
        }
        Unified::AccountChange(it) => {
            things.put(ThingKind::Account, &it.account);
            things.put(ThingKind::Account, &it.by);
            things.put(ThingKind::Object, &it.group);
        }
        Unified::ScriptBlock(it) => {
            things.put(ThingKind::File, &it.path);
            things.pages_in(&it.text, known_good);
        }
        Unified::AntivirusFinding(it) => things.antivirus(it, known_good),
        Unified::FileEntry(it) => things.file_entry(it, known_good),
        Unified::Build(_) | Unified::Other => things.named_fields(record, known_good),
        _ => {}
    }
    things.0
}

struct Things(Vec<Thing>);

impl Things {
    fn put(&mut self, kind: ThingKind, value: impl AsRef<str>) {
        let value = value.as_ref();
        if !value.is_empty() && value != "-" {
            self.0.push(Thing::new(kind, value));
        }
    }

    /// An address that may be a name or `LOCAL` in its source.
    fn numeric_address(&mut self, text: &str) {
        let address = client_address(text);
        if address.parse::<IpAddr>().is_ok() {
            self.put(ThingKind::Address, address);
        }
    }

    fn page(&mut self, name: Option<String>) {
        if let Some(name) = name {
            self.put(ThingKind::Page, name);
        }
    }

    fn process(&mut self, image: &str, pid: Option<u64>) {
        if let Some(pid) = pid {
            let name = image.rsplit('\\').next().unwrap_or(image);
            self.put(ThingKind::Process, format!("{} ({pid})", name.to_lowercase()));
        }
    }

    /// The control panel's canary, from a URL or an anchor that holds one. The front end's row shows it as sent, the back
    /// end's row as sent or decoded, so the encoding of its base64 padding is undone.
    fn canary(&mut self, text: &str) {
        const KEY: &str = "msExchEcpCanary=";
        if let Some(at) = text.find(KEY) {
            let rest = text.get(at + KEY.len()..).unwrap_or_default();
            let end = rest.find(['&', ';', '#', '\'', ' ', '~']).unwrap_or(rest.len());
            let canary = rest.get(..end).unwrap_or_default();
            self.put(ThingKind::Canary, canary.replace("%3d", "=").replace("%3D", "="));
        }
    }

    /// The mailbox that a call of Autodiscover names.
    fn autodiscover(&mut self, stem: &str, query: &str) {
        if stem.to_ascii_lowercase().contains("/autodiscover")
            && let Some(mailbox) = parameters::mailbox_in_query(query)
        {
            self.put(ThingKind::Mailbox, mailbox);
        }
    }

    fn cmdlet(&mut self, it: &Cmdlet<'_>, known_good: &KnownGood) {
        self.put(ThingKind::Account, &it.user);
        self.put(ThingKind::Address, client_address(&it.client));
        self.canary(&it.url);
        let noun = it.name.split_once('-').map_or("", |(_, noun)| noun);
        self.put(ThingKind::Object, noun);
        if let Some(script) = parameters::script_in(&it.parameters) {
            self.put(ThingKind::Script, script);
        }
        for name in ["FilePath", "RequestFile", "AssemblyPath"] {
            if let Some(path) = parameters::value_of(&it.parameters, name) {
                self.put(ThingKind::File, local(path));
            }
        }
        self.pages_in(&it.parameters, known_good);
        if noun.eq_ignore_ascii_case("RoleGroupMember") {
            self.put(ThingKind::Account, parameters::value_of(&it.parameters, "Member").unwrap_or_default());
        }
        if noun.eq_ignore_ascii_case("TransportAgent") {
            let agent = ["Name", "Identity"].iter().find_map(|name| parameters::value_of(&it.parameters, name));
            self.put(ThingKind::Autostart, agent.unwrap_or_default());
        }
        if MAILBOX_NOUNS.iter().any(|known| known.eq_ignore_ascii_case(noun)) {
            let mailbox = ["Mailbox", "Identity"].iter().find_map(|name| parameters::value_of(&it.parameters, name));
            self.put(ThingKind::Mailbox, mailbox.unwrap_or_default());
            self.put(ThingKind::Account, parameters::value_of(&it.parameters, "User").unwrap_or_default());
        }
    }

    fn served(&mut self, it: &ServedFile<'_>) {
        self.put(ThingKind::File, &it.path);
        self.put(ThingKind::Hash, &it.sha256);
        self.put(ThingKind::Script, &it.script);
        self.page(page_name(&it.path));
        for shape in &it.shapes {
            if let FileShape::DirectoryDump(dump) = shape {
                let name = dump.name.split([' ', '(']).next().unwrap_or_default();
                self.put(ThingKind::Object, format!("{name}VirtualDirectory"));
            }
        }
    }

    /// Pages that a text names by their path.
    fn pages_in(&mut self, text: &str, known_good: &KnownGood) {
        for path in parameters::paths_in(text) {
            let path = local(path);
            if let Some(page) = page_name(&path) {
                self.page(Some(page).filter(|_| !known_good.has_path(&path)));
                self.put(ThingKind::File, path);
            }
        }
    }
}

/// `\??\C:\` and `Program Files\x` are `C:\Program Files\x`.
fn local_path(folder: &str, target: &str) -> String {
    let folder = folder.trim_start_matches("\\??\\").trim_end_matches('\\');
    if folder.is_empty() { target.to_owned() } else { format!("{folder}\\{target}") }
}
