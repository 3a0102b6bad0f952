//! Whether what a fix needs beside the build is there, as far as the evidence tells.
//!
//! Facts of CSS-Exchange (HealthChecker's analyzers and the documentation of Extended Protection, MIT) and Microsoft Learn; the
//! table of builds and fixes says which CVE needs what.

use afterpatch_model::{Condition, ConditionSeen, ConditionState, Pointer};

use crate::{
    chain::FRONT_END,
    observed::{CommandSeen, Observed, SettingSeen},
};

/// What decided, and where it stands.
type Seen = (ConditionState, Vec<String>, Vec<Pointer>);

/// Details told of one condition.
const MAX_DETAILS: usize = 20;

/// Looks for a condition; `cves` are those whose fix needs it, and `words` what the table says of it.
pub(crate) fn look(observed: &Observed, condition: Condition, cves: Vec<String>, words: &str) -> ConditionSeen {
    let (state, mut details, mut evidence) = match condition {
        Condition::ExtendedProtection => extended_protection(observed),
        Condition::TokenCacheModule => token_cache_module(observed),
        Condition::SerializedDataSigning => overridden(observed, "EnableSerializationDataSigning", None),
        Condition::SettingOverride => setting_override(observed, words),
        Condition::DownloadDomains => download_domains(observed),
        Condition::PrepareDomain => prepared(observed, &["preparedomain", "preparealldomains"]),
        Condition::DirectorySchema => prepared(observed, &["prepareschema"]),
        Condition::LoopbackCheck => loopback_check(observed),
        Condition::HybridApplication | Condition::OutsideIn | Condition::Other => not_seen(),
    };
    details.truncate(MAX_DETAILS);
    evidence.truncate(MAX_DETAILS);
    ConditionSeen { condition, state, cves, details, evidence }
}

fn not_seen() -> Seen {
    (ConditionState::NotSeen, Vec::new(), Vec::new())
}

/// Virtual directories and the least that Extended Protection must ask for there: front end, back end. `Require` where Microsoft
/// recommends "Required", `Allow` where "Accept" (CSS-Exchange, docs/Security/Extended-Protection.md; `OAB` and the front end's
/// `PowerShell` as its newer scripts have them). `Autodiscover` is left off.
const PROTECTED: [(&str, Option<&str>, Option<&str>); 11] = [
    ("API", Some("Require"), Some("Require")),
    ("ECP", Some("Require"), Some("Require")),
    ("EWS", Some("Allow"), Some("Require")),
    ("MAPI", Some("Require"), None),
    ("Microsoft-Server-ActiveSync", Some("Allow"), Some("Require")),
    ("OAB", Some("Allow"), Some("Require")),
    ("OWA", Some("Require"), Some("Require")),
    ("RPC", Some("Require"), Some("Require")),
    ("PowerShell", None, Some("Require")),
    ("MAPI/emsmdb", None, Some("Require")),
    ("MAPI/nspi", None, Some("Require")),
];

const BACK_END: &str = "Exchange Back End";

/// Fails when a directory that is there asks for less than it must; holds when all that are there ask for enough. A directory for
/// which no entry holds asks for nothing: that is what IIS does by itself.
fn extended_protection(observed: &Observed) -> Seen {
    let of_server = || observed.settings.iter().filter(|it| it.is_of_server() && it.is_in_use());
    let directories: Vec<&SettingSeen> =
        of_server().filter(|it| it.element == "virtualDirectory" && it.get("path") == "/").collect();
    if directories.is_empty() {
        return not_seen();
    }
    let (mut details, mut evidence, mut fails) = (Vec::new(), Vec::new(), false);
    for (site, needs) in [(FRONT_END, 0), (BACK_END, 1)] {
        for (name, front, back) in PROTECTED {
            let Some(least) = [front, back].get(needs).copied().flatten() else { continue };
            let place = format!("{site}/{name}");
            let Some(directory) = directories.iter().find(|it| it.location.eq_ignore_ascii_case(&place)) else { continue };
            // What stands for the site or the whole server holds below it.
            let levels = [place.as_str(), site, ""];
            let entry = levels.iter().find_map(|level| {
                of_server().rfind(|it| it.element == "extendedProtection" && it.location.eq_ignore_ascii_case(level))
            });
            let asks = entry.map(|it| it.get("tokenChecking")).filter(|asks| !asks.is_empty()).unwrap_or("None");
            if strength(asks) < strength(least) {
                fails = true;
                details.push(format!("{place}: {asks}"));
                evidence.push(entry.unwrap_or(directory).at);
            } else if let Some(entry) = entry {
                evidence.push(entry.at);
            }
        }
    }
    match (fails, evidence.is_empty()) {
        (true, _) => (ConditionState::Fails, details, evidence),
        (false, false) => (ConditionState::Holds, details, evidence),
        // No directory of Exchange is in this configuration.
        (false, true) => not_seen(),
    }
}

fn strength(token_checking: &str) -> u8 {
    match token_checking.to_ascii_lowercase().as_str() {
        "require" => 2,
        "allow" => 1,
        _ => 0,
    }
}

/// Revisions of Windows builds from which on `cachtokn.dll` is fixed (updates of October 2023; CSS-Exchange, HealthChecker). Windows
/// Server 2025 (26100) never had the fault.
const WINDOWS_FIXED: [(u32, u32); 5] = [(14393, 6343), (17763, 4968), (20348, 2029), (9600, 21613), (9200, 24514)];
const WINDOWS_NEVER_HAD_IT: u32 = 26100;

fn token_cache_module(observed: &Observed) -> Seen {
    let modules =
        || observed.settings.iter().filter(|it| it.is_of_server() && it.is_in_use() && it.section.ends_with("globalModules"));
    let module = modules().find(|it| it.get("name").eq_ignore_ascii_case("TokenCacheModule"));
    let any = modules().next();
    match (module, any, observed.windows_build) {
        (_, _, Some(build)) if build >= WINDOWS_NEVER_HAD_IT => {
            (ConditionState::Holds, vec![format!("Windows {build}")], Vec::new())
        }
        // Removed by hand, as Microsoft advised before Windows was fixed.
        (None, Some(other), _) => (ConditionState::Holds, vec!["TokenCacheModule: -".to_owned()], vec![other.at]),
        (_, _, Some(build)) => {
            let Some((revision, at)) = observed.windows_revision else { return not_seen() };
            let Some((_, fixed)) = WINDOWS_FIXED.iter().find(|(of, _)| *of == build) else { return not_seen() };
            let state = match (revision >= *fixed, module) {
                (true, _) => ConditionState::Holds,
                (false, Some(_)) => ConditionState::Fails,
                // Whether the module was removed is not known.
                (false, None) => ConditionState::NotSeen,
            };
            let evidence = module.map(|it| it.at).into_iter().chain([at]).collect();
            (state, vec![format!("Windows {build}.{revision}")], evidence)
        }
        _ => not_seen(),
    }
}

/// What the commands say of a setting override that takes a fix back. Overrides stand in the directory, and logs do not reach back
/// to each: that none was seen does not mean that there is none.
fn overridden(observed: &Observed, section: &str, parameter: Option<&str>) -> Seen {
    let has = |command: &CommandSeen, word: &str| command.parameters.to_ascii_lowercase().contains(&word.to_ascii_lowercase());
    let sets_false = |command: &CommandSeen| {
        let text: String = command.parameters.to_ascii_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
        let name = parameter.unwrap_or("Enabled").to_ascii_lowercase();
        text.contains(&format!("{name}=false")) || text.contains(&format!("{name}=$false"))
    };
    let mut about: Vec<&CommandSeen> = observed
        .commands
        .iter()
        .filter(|it| it.name.ends_with("-settingoverride"))
        .filter(|it| has(it, section) && parameter.is_none_or(|parameter| has(it, parameter)))
        .collect();
    about.sort_by_key(|it| it.time);
    // The removal names the override, not its section.
    let Some(last) = about.last().filter(|it| it.name != "remove-settingoverride" && sets_false(it)) else { return not_seen() };
    let name = value_of(&last.parameters, "-Name");
    let removed = |it: &&CommandSeen| {
        it.name == "remove-settingoverride" && it.time >= last.time && name.as_ref().is_some_and(|name| has(it, name))
    };
    match observed.commands.iter().find(removed) {
        Some(removal) => (ConditionState::NotSeen, vec![removal.parameters.clone()], vec![removal.at]),
        None => (ConditionState::Fails, vec![format!("{} {}", last.name, last.parameters)], vec![last.at]),
    }
}

/// The section and the parameter that the table's words name (`setting override Transport/NonCompliantSenderSettings X=false …`).
fn setting_override(observed: &Observed, words: &str) -> Seen {
    let mut rest = words.split_whitespace().skip_while(|word| !word.contains('/'));
    let Some(section) = rest.next().and_then(|place| place.rsplit('/').next()) else { return not_seen() };
    let parameter = rest.next().and_then(|word| word.split('=').next()).filter(|name| *name != "Enabled");
    overridden(observed, section, parameter)
}

/// A value of a parameter in a command's text: `-Name "x"`, `-Name:x`.
fn value_of(parameters: &str, name: &str) -> Option<String> {
    let at = parameters.to_ascii_lowercase().find(&format!("{} ", name.to_ascii_lowercase()))?;
    let rest = parameters.get(at + name.len()..)?.trim_start();
    let value = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => rest.split_whitespace().next()?,
    };
    (!value.is_empty()).then(|| value.to_owned())
}

fn download_domains(observed: &Observed) -> Seen {
    let mut about: Vec<(&CommandSeen, String)> = observed
        .commands
        .iter()
        .filter(|it| it.name == "set-organizationconfig")
        .filter_map(|it| Some((it, value_of(&it.parameters, "-EnableDownloadDomains")?.to_ascii_lowercase())))
        .collect();
    about.sort_by_key(|(it, _)| it.time);
    let Some((last, value)) = about.last() else { return not_seen() };
    let state = if value.contains("true") { ConditionState::Holds } else { ConditionState::Fails };
    (state, vec![format!("{} {}", last.name, last.parameters)], vec![last.at])
}

fn prepared(observed: &Observed, words: &[&str]) -> Seen {
    // What a setup long before the fix prepared is worth nothing, and which one it was this log does not say.
    let Some((_, word, at)) =
        observed.prepared.iter().filter(|(_, word, _)| words.contains(&word.as_str())).max_by_key(|(time, ..)| *time)
    else {
        return not_seen();
    };
    (ConditionState::NotSeen, vec![format!("/{word}")], vec![*at])
}

fn loopback_check(observed: &Observed) -> Seen {
    match (observed.loopback_check_off, observed.lsa_read) {
        (Some((true, at)), _) => (ConditionState::Fails, vec!["DisableLoopbackCheck".to_owned()], vec![at]),
        (Some((false, at)), _) | (None, Some(at)) => {
            (ConditionState::Holds, vec!["DisableLoopbackCheck: -".to_owned()], vec![at])
        }
        (None, None) => not_seen(),
    }
}

#[cfg(test)]
mod tests {
    use afterpatch_model::{ArtifactId, Place};

    use super::*;

    const AT: Pointer = Pointer { artifact: ArtifactId(0), place: Place::Whole };

    fn setting(section: &str, element: &str, location: &str, fields: &[(&str, &str)]) -> SettingSeen {
        SettingSeen {
            path: r"C:\Windows\System32\inetsrv\config\applicationHost.config".to_owned(),
            section: section.to_owned(),
            element: element.to_owned(),
            location: location.to_owned(),
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            at: AT,
        }
    }

    fn directory(location: &str) -> SettingSeen {
        setting("system.applicationHost/sites/site/application", "virtualDirectory", location, &[("path", "/")])
    }

    fn protection(location: &str, asks: &str) -> SettingSeen {
        let section = "system.webServer/security/authentication/windowsAuthentication";
        setting(section, "extendedProtection", location, &[("tokenChecking", asks)])
    }

    fn state(observed: &Observed, condition: Condition, words: &str) -> ConditionState {
        look(observed, condition, Vec::new(), words).state
    }

    #[test]
    fn extended_protection_is_asked_of_each_directory() {
        use ConditionState::{Fails, Holds, NotSeen};
        let cases: &[(&[(&str, &str)], ConditionState)] = &[
            (&[], NotSeen),
            (&[("Default Web Site/owa", "Require")], Holds),
            (&[("Default Web Site/owa", "Allow")], Fails),
            (&[("Default Web Site/owa", "")], Fails),
            (&[("Default Web Site/EWS", "Allow"), ("Exchange Back End/EWS", "Require")], Holds),
            (&[("Default Web Site/EWS", "Allow"), ("Exchange Back End/EWS", "Allow")], Fails),
            (&[("Default Web Site", "Require"), ("Default Web Site/owa", "")], Holds),
            (&[("Default Web Site", "Require"), ("Default Web Site/owa", "None")], Fails),
            (&[("Default Web Site/Autodiscover", "")], NotSeen),
            (&[("Default Web Site/other", "")], NotSeen),
        ];
        for (places, expected) in cases {
            let mut observed = Observed::default();
            for (place, asks) in *places {
                observed.settings.push(directory(place));
                if !asks.is_empty() {
                    observed.settings.push(protection(place, asks));
                }
            }
            assert_eq!(state(&observed, Condition::ExtendedProtection, ""), *expected, "{places:?}");
        }
    }

    #[test]
    fn the_module_must_be_gone_or_windows_fixed() {
        use ConditionState::{Fails, Holds, NotSeen};
        let module = |name: &str| setting("system.webServer/globalModules", "add", "", &[("name", name)]);
        for (modules, build, revision, expected) in [
            (vec![], None, None, NotSeen),
            (vec!["UriCacheModule"], None, None, Holds),
            (vec!["TokenCacheModule"], None, None, NotSeen),
            (vec!["TokenCacheModule"], Some(17763), Some(4967), Fails),
            (vec!["TokenCacheModule"], Some(17763), Some(4968), Holds),
            (vec![], Some(17763), Some(4967), NotSeen),
            (vec!["TokenCacheModule"], Some(26100), None, Holds),
            (vec!["TokenCacheModule"], Some(99), Some(1), NotSeen),
        ] {
            let observed = Observed {
                settings: modules.iter().map(|name| module(name)).collect(),
                windows_build: build,
                windows_revision: revision.map(|revision| (revision, AT)),
                ..Observed::default()
            };
            assert_eq!(state(&observed, Condition::TokenCacheModule, ""), expected, "{modules:?} {build:?} {revision:?}");
        }
    }

    #[test]
    fn an_override_that_was_made_and_not_removed_takes_the_fix_back() {
        use ConditionState::{Fails, NotSeen};
        let words = "setting override Transport/NonCompliantSenderSettings AddP2FromRegexMatchHeader=false re-opens it";
        let made = r#"-Name "x" -Component "Transport" -Section "NonCompliantSenderSettings" -Parameters "AddP2FromRegexMatchHeader = false""#;
        let other = r#"-Name "y" -Component "Transport" -Section "NonCompliantSenderSettings" -Parameters "Other=false""#;
        let command = |second: i64, name: &str, parameters: &str| CommandSeen {
            time: afterpatch_model::Timestamp::from_second(second).ok(),
            name: name.to_owned(),
            parameters: parameters.to_owned(),
            at: AT,
        };
        for (commands, expected) in [
            (vec![], NotSeen),
            (vec![command(1, "new-settingoverride", made)], Fails),
            (vec![command(1, "new-settingoverride", other)], NotSeen),
            (vec![command(2, "remove-settingoverride", r#"-Identity "x""#), command(1, "new-settingoverride", made)], NotSeen),
            (vec![command(1, "remove-settingoverride", r#"-Identity "x""#), command(2, "new-settingoverride", made)], Fails),
        ] {
            let observed = Observed { commands, ..Observed::default() };
            assert_eq!(state(&observed, Condition::SettingOverride, words), expected, "{observed:?}");
        }
    }
}
