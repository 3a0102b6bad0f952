//! What is wrong with a server beside its holes.

use std::collections::BTreeMap;

use afterpatch_model::{Assessment, Pointer, Product, Weakness, WeaknessKind};

use crate::{
    life::{Support, support},
    observed::Observed,
};

/// What the settings say.
pub(crate) fn of_settings(observed: &Observed) -> Vec<Weakness> {
    let mut all = Vec::new();
    let exclusions = observed.exclusions.iter().filter(|(what, _)| hides_web_shells(what)).cloned().collect();
    all.extend(weakness(WeaknessKind::AntivirusExclusion, exclusions));
    let keys = || observed.settings.iter().filter(|it| it.element == "machineKey" && it.is_in_use());
    let known = keys().filter(|it| it.get("KnownStaticKey") == "true").map(|it| (it.path.clone(), it.at)).collect();
    all.extend(weakness(WeaknessKind::MachineKeyKnown, known));
    let fixed = keys()
        .filter(|it| !it.get("ValidationKeySha256").is_empty() && it.get("KnownStaticKey") != "true")
        .map(|it| (it.path.clone(), it.at))
        .collect();
    all.extend(weakness(WeaknessKind::MachineKeyFixed, fixed));
    let service = observed.services.get("msexchangemitigation").filter(|(start, _)| start == "4");
    all.extend(weakness(
        WeaknessKind::MitigationServiceOff,
        service.map(|(_, at)| ("MSExchangeMitigation".to_owned(), *at)).into_iter().collect(),
    ));
    all
}

/// The hashes of keys that stand in a server's configuration, each with a place.
pub(crate) fn machine_keys(observed: &Observed) -> BTreeMap<String, (String, Pointer)> {
    let keys = observed.settings.iter().filter(|it| it.element == "machineKey" && it.is_in_use());
    keys.filter(|it| !it.get("ValidationKeySha256").is_empty())
        .map(|it| (it.get("ValidationKeySha256").to_owned(), (it.path.clone(), it.at)))
        .collect()
}

/// Tells each server which others have a key of its own.
pub fn shared_keys(servers: &mut [(Assessment, &Observed)]) {
    let keys: Vec<_> = servers.iter().map(|(_, observed)| machine_keys(observed)).collect();
    let names: Vec<String> = servers.iter().map(|(assessment, _)| assessment.target.clone()).collect();
    for (index, (assessment, _)) in servers.iter_mut().enumerate() {
        let Some(own) = keys.get(index) else { continue };
        let mut shared = Vec::new();
        for (hash, (path, at)) in own {
            let others =
                keys.iter().zip(&names).enumerate().filter(|(other, (keys, _))| *other != index && keys.contains_key(hash));
            let others: Vec<&str> = others.map(|(_, (_, name))| name.as_str()).take(10).collect();
            if !others.is_empty() {
                shared.push((format!("{path}: {}", others.join(", ")), *at));
            }
        }
        assessment.weaknesses.extend(weakness(WeaknessKind::MachineKeyShared, shared));
    }
}

/// What the product's age says, on a day (`YYYY-MM-DD`).
pub(crate) fn of_product(product: Product, day: &str) -> Option<Weakness> {
    let (kind, detail) = match support(product, day) {
        Support::Supported => return None,
        Support::Paid(until) => (WeaknessKind::ExtendedSupportOnly, until),
        Support::Ended(on) => (WeaknessKind::ProductUnsupported, on),
    };
    Some(Weakness { kind, details: vec![detail.to_owned()], evidence: Vec::new() })
}

fn weakness(kind: WeaknessKind, seen: Vec<(String, Pointer)>) -> Option<Weakness> {
    const MOST: usize = 20;
    let mut details: Vec<String> = Vec::new();
    let mut evidence = Vec::new();
    for (detail, at) in seen {
        if details.len() < MOST && !details.contains(&detail) {
            details.push(detail);
            evidence.push(at);
        }
    }
    (!details.is_empty()).then_some(Weakness { kind, details, evidence })
}

/// Whether an exclusion hides web shells or what runs them: the folders and programs that Microsoft advised in 2023 to look at again
/// (temporary files of ASP.NET, inetsrv, the web server's worker, PowerShell), the web folders, whole drives, endings of pages.
fn hides_web_shells(what: &str) -> bool {
    let what = what.trim().to_ascii_lowercase().replace('/', r"\");
    let path = what.trim_end_matches(['\\', '*']);
    let ending = path.trim_start_matches(['*', '.']);
    let is_drive = path.len() == 2 && path.ends_with(':');
    let names = ["w3wp.exe", "powershell.exe", "pwsh.exe", "cmd.exe", "umworkerprocess.exe"];
    let endings = ["aspx", "ashx", "asmx", "asax", "asp", "php", "jsp", "ascx", "cshtml", "config", "exe", "dll"];
    let within = [
        r"\temporary asp.net files",
        r"\inetsrv",
        r"\inetpub",
        r"\wwwroot",
        r"\aspnet_client",
        r"\frontend\httpproxy",
        r"\clientaccess\owa",
        r"\clientaccess\ecp",
    ];
    // Exchange's own guidance leaves out single folders below these; the whole is meant here.
    let at_end = [
        r"\exchange server",
        r"\exchange server\v15",
        r"\frontend",
        r"\clientaccess",
        r"\windows",
        r"\windows\temp",
        r"\programdata",
        r"\users\public",
    ];
    is_drive
        || names.iter().any(|name| path.rsplit('\\').next() == Some(*name))
        || (!path.contains('\\') && endings.contains(&ending))
        || within.iter().any(|part| format!(r"\{path}").contains(part))
        || at_end.iter().any(|part| path.ends_with(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exclusions_that_hide_web_shells() {
        for (what, hides) in [
            (r"C:\inetpub\wwwroot\aspnet_client", true),
            (r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Temporary ASP.NET Files", true),
            (r"%SystemRoot%\System32\Inetsrv", true),
            (r"D:\Exchange\FrontEnd\HttpProxy\owa\auth", true),
            ("w3wp.exe", true),
            (r"C:\Windows\System32\inetsrv\w3wp.exe", true),
            (".aspx", true),
            ("aspx", true),
            ("C:\\", true),
            (r"C:\*", true),
            (r"C:\Program Files\Microsoft\Exchange Server\V15\Mailbox", false),
            (r"C:\Program Files\Microsoft\Exchange Server\V15\TransportRoles\Logs", false),
            ("edb", false),
            (r"D:\Exchange\ClientAccess\OAB", false),
            (r"D:\Exchange\ClientAccess", true),
            (r"C:\Backup", false),
            ("", false),
        ] {
            assert_eq!(hides_web_shells(what), hides, "{what}");
        }
    }
}
