//! By what findings are joined.

use afterpatch_model::{Finding, Step, Thing, ThingKind};

/// A thing as a key: the same text in another case is the same thing on a Windows server, and an account is the same with and
/// without its domain, as a path of the directory and as a distinguished name.
pub fn key(thing: &Thing) -> (ThingKind, String) {
    let text = if thing.kind == ThingKind::Account { account_name(&thing.value) } else { &thing.value };
    (thing.kind, text.to_lowercase())
}

/// `eve` of `CORP\eve`, `corp.example/Users/Eve`, `eve@corp.example` and `CN=eve,OU=Staff,DC=corp`.
fn account_name(account: &str) -> &str {
    if let Some((kind, rest)) = account.split_once('=')
        && kind.eq_ignore_ascii_case("cn")
    {
        return rest.split(',').next().unwrap_or(rest);
    }
    let name = account.rsplit(['\\', '/']).next().unwrap_or(account);
    name.split('@').next().unwrap_or(name)
}

/// Things so exact that two findings with the same one belong together, whenever they happened.
pub fn exact_keys(finding: &Finding) -> impl Iterator<Item = &Thing> {
    finding.things.iter().filter(|thing| {
        matches!(
            thing.kind,
            ThingKind::RequestId
                | ThingKind::Canary
                | ThingKind::Page
                | ThingKind::File
                | ThingKind::Hash
                | ThingKind::Script
                | ThingKind::Autostart
        )
    })
}

/// Things that join only findings close in time, with the bound in seconds: process numbers are used again, and an
/// administrator may work on the same object another day.
pub fn near_keys(finding: &Finding) -> impl Iterator<Item = (&Thing, i64)> {
    finding.things.iter().filter_map(|thing| match thing.kind {
        ThingKind::Process => Some((thing, 60)),
        // A virtual directory is changed, made anew and cleaned again within minutes; requests and rules are somebody's daily work.
        ThingKind::Object => {
            let directory = thing.value.to_ascii_lowercase().ends_with("virtualdirectory");
            Some((thing, if directory { 600 } else { 60 }))
        }
        // An administrator whose account is misused goes on working. Who was made or given rights is another matter.
        ThingKind::Account if is_person(&thing.value) => {
            Some((thing, if finding.step == Step::AccountChanged { 600 } else { 60 }))
        }
        // Backup programs read every mailbox all day.
        ThingKind::Mailbox => Some((thing, 60)),
        ThingKind::Address if is_remote(&thing.value) => Some((thing, 3600)),
        _ => None,
    })
}

/// An account that somebody acts under: not the system's own, not a computer's and not a health probe's, under which the
/// server does all day what an attack does once.
fn is_person(account: &str) -> bool {
    const SYSTEM: [&str; 6] = ["system", "local service", "network service", "anonymous logon", "iusr", "-"];
    let name = account_name(account).to_lowercase();
    !(name.is_empty()
        || name.ends_with('$')
        || name.starts_with("s-1-5-")
        || name.starts_with("healthmailbox")
        || SYSTEM.contains(&name.as_str())
        || account.to_lowercase().starts_with("iis apppool"))
}

/// Addresses of the client, without the server's own.
pub fn remote_addresses(finding: &Finding) -> impl Iterator<Item = &str> {
    finding.things_of(ThingKind::Address).filter(|address| is_remote(address))
}

/// Loopback and link-local addresses name the server itself: relay and share writes come from there, whoever the actor is.
pub fn is_remote(address: &str) -> bool {
    let address = address.trim_start_matches("::ffff:").trim_start_matches('[');
    !(address.starts_with("127.")
        || address.starts_with("::1")
        || address.to_ascii_lowercase().starts_with("fe80:")
        || address == "-")
}
