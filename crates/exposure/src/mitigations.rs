//! Mitigations that were seen, and whether they work. A mitigation stops what is known of an attack; it is never a fix.
//!
//! Facts: the rules of Microsoft's scripts (EOMT, EOMTv2) and of its emergency mitigation service, as CSS-Exchange (MIT) and Microsoft
//! Learn name them; that an update wipes those of the site (CSS-Exchange#378) and that older patterns were got around
//! (CSS-Exchange#1262).

use afterpatch_model::{MitigationSeen, MitigationState, Pointer};

use crate::{
    chain::{FRONT_END, Ruled, front_end_places, rules},
    observed::{Observed, SettingSeen},
};

/// A mitigation by rewrite rules.
struct ByRule {
    slug: &'static str,
    /// The CVEs that its being in force closes to what is known. One that can be got around by another known way is not here:
    /// OWASSRF (CVE-2022-41080) reaches CVE-2022-41082 past the rule against ProxyNotShell.
    cves: &'static [&'static str],
    section: &'static str,
    rules: &'static [WantedRule],
    place: Place,
}

/// One rule of it.
struct WantedRule {
    /// Part of the rule's name, in lower case.
    name: &'static str,
    /// Condition: what is looked at, and the expression; empty where the facts do not give it.
    condition: (&'static str, &'static str),
}

/// Where it must be in force.
enum Place {
    /// In each folder of the front end's site.
    Everywhere,
    /// In one folder.
    Folder(&'static str),
}

const BY_RULE: [ByRule; 3] = [
    ByRule {
        slug: "eomt-cookies",
        cves: &["CVE-2021-26855"],
        section: "rules",
        rules: &[
            WantedRule {
                name: "x-anonresource-backend abort - inbound",
                condition: ("{HTTP_COOKIE}", "(.*)X-AnonResource-Backend(.*)"),
            },
            WantedRule { name: "x-beresource abort - inbound", condition: ("{HTTP_COOKIE}", "(.*)X-BEResource=(.+)/(.+)~(.+)") },
        ],
        place: Place::Everywhere,
    },
    ByRule {
        slug: "powershell-inbound",
        cves: &["CVE-2022-41040"],
        section: "rules",
        rules: &[WantedRule {
            name: "powershell - inbound",
            condition: ("{UrlDecode:{REQUEST_URI}}", "(?=.*autodiscover)(?=.*powershell)"),
        }],
        place: Place::Folder("autodiscover"),
    },
    ByRule {
        slug: "owa-content-policy",
        cves: &["CVE-2026-42897"],
        section: "outboundRules",
        rules: &[WantedRule { name: "m2.1 owa csp - outbound", condition: ("", "") }],
        place: Place::Folder("owa"),
    },
];

/// A mitigation by something that does not run: services (all of them) and application pools (all of them), by name in lower case.
struct ByStop {
    slug: &'static str,
    cves: &'static [&'static str],
    services: &'static [&'static str],
    pools: &'static [&'static str],
}

/// Microsoft's advice of March 2021 (unified messaging, control panel, address book); and a web server that does not run, which
/// closes what comes over it.
const BY_STOP: [ByStop; 4] = [
    ByStop {
        slug: "unified-messaging-off",
        cves: &["CVE-2021-26857"],
        services: &["msexchangeum", "msexchangeumcr"],
        pools: &[],
    },
    ByStop { slug: "control-panel-off", cves: &["CVE-2021-27065"], services: &[], pools: &["msexchangeecpapppool"] },
    ByStop { slug: "address-book-off", cves: &["CVE-2021-26858"], services: &[], pools: &["msexchangeoabapppool"] },
    ByStop {
        slug: "web-server-off",
        cves: &[
            "CVE-2020-0688",
            "CVE-2021-26855",
            "CVE-2021-26858",
            "CVE-2021-27065",
            "CVE-2021-31207",
            "CVE-2021-33766",
            "CVE-2021-34473",
            "CVE-2021-34523",
            "CVE-2022-41040",
            "CVE-2022-41080",
            "CVE-2022-41082",
            "CVE-2023-21529",
            "CVE-2026-42897",
        ],
        services: &["w3svc"],
        pools: &[],
    },
];

/// All that were seen.
pub(crate) fn seen(observed: &Observed) -> Vec<MitigationSeen> {
    let by_rule = BY_RULE.iter().filter_map(|kind| by_rule(observed, kind));
    let by_stop = BY_STOP.iter().filter_map(|kind| by_stop(observed, kind));
    let mut all: Vec<MitigationSeen> = by_rule.chain(by_stop).collect();
    all.extend(gone(observed, &all));
    all
}

fn by_rule(observed: &Observed, kind: &ByRule) -> Option<MitigationSeen> {
    let places = match kind.place {
        Place::Everywhere => front_end_places(observed),
        Place::Folder(folder) => vec![format!("{FRONT_END}/{folder}")],
    };
    let (mut state, mut details, mut evidence) = (MitigationState::InForce, Vec::new(), Vec::new());
    let mut worse = |to: MitigationState| state = state.max(to);
    let mut found = 0;
    for wanted in kind.rules {
        let mut known = false;
        for place in &places {
            let all = rules(observed, kind.section, place);
            let named = all.iter().filter(|it| it.rule.get("name").to_ascii_lowercase().contains(wanted.name));
            // Of several by that name the one in force counts.
            let Some(own) = named.max_by_key(|it| it.removed_by.is_none()) else { continue };
            known = true;
            tell(own, place, &mut details, &mut evidence);
            match judge(observed, own, wanted, kind.section) {
                MitigationState::InForce => {}
                other => worse(other),
            }
        }
        found += usize::from(known);
    }
    if found == 0 {
        return None;
    }
    if found < kind.rules.len() {
        worse(MitigationState::Incomplete);
    }
    Some(MitigationSeen { slug: kind.slug.to_owned(), state, cves: owned(kind.cves), details, evidence })
}

fn judge(observed: &Observed, own: &Ruled<'_>, wanted: &WantedRule, section: &str) -> MitigationState {
    let rule = own.rule;
    if own.removed_by.is_some() {
        return MitigationState::Overridden;
    }
    if rule.get("enabled").eq_ignore_ascii_case("false") {
        return MitigationState::Disabled;
    }
    let is_strong = if section == "outboundRules" {
        rule.get("ActionType").eq_ignore_ascii_case("Rewrite")
            && !rule.get("ActionValue").is_empty()
            && rule.get("MatchServerVariable").eq_ignore_ascii_case("RESPONSE_Content-Security-Policy")
    } else {
        blocks(rule) && matches_all(rule) && has_condition(rule, wanted.condition)
    };
    let precondition = rule.get("preCondition");
    let is_there = |name: &str| {
        let named =
            |it: &&SettingSeen| it.element == "preCondition" && it.is_in_use() && it.get("name").eq_ignore_ascii_case(name);
        observed.settings.iter().any(|it| named(&it))
    };
    match is_strong {
        true if precondition.is_empty() || is_there(precondition) => MitigationState::InForce,
        true => MitigationState::Incomplete,
        false => MitigationState::Weak,
    }
}

fn blocks(rule: &SettingSeen) -> bool {
    let action = rule.get("ActionType").to_ascii_lowercase();
    action == "abortrequest" || (action == "customresponse" && rule.get("ActionStatusCode").starts_with('4'))
}

fn matches_all(rule: &SettingSeen) -> bool {
    [".*", "(.*)"].contains(&rule.get("MatchUrl")) && !rule.get("MatchNegate").eq_ignore_ascii_case("true")
}

/// Whether the rule has exactly that condition, or has it among others of which any suffices: one more that must hold, too, would
/// let requests through.
fn has_condition(rule: &SettingSeen, (input, pattern): (&str, &str)) -> bool {
    let wanted = format!("{input} ~ {pattern}").to_ascii_lowercase();
    let own = rule.get("Conditions").to_ascii_lowercase();
    let any = rule.get("LogicalGrouping").eq_ignore_ascii_case("MatchAny");
    own == wanted || (any && own.split("; ").any(|condition| condition == wanted))
}

fn tell(own: &Ruled<'_>, place: &str, details: &mut Vec<String>, evidence: &mut Vec<Pointer>) {
    let mut add = |detail: String, at: Pointer| {
        if !evidence.contains(&at) && evidence.len() < 20 {
            details.push(detail);
            evidence.push(at);
        }
    };
    add(own.rule.get("name").to_owned(), own.rule.at);
    if let Some(by) = own.removed_by {
        add(format!("<{}> {place}: {}", by.element, by.path), by.at);
    }
}

fn by_stop(observed: &Observed, kind: &ByStop) -> Option<MitigationSeen> {
    const SWITCHED_OFF: &str = "4";
    let (mut details, mut evidence) = (Vec::new(), Vec::new());
    for name in kind.services {
        let (start, at) = observed.services.get(*name)?;
        if start != SWITCHED_OFF {
            return None;
        }
        details.push(format!("{name}: Start={start}"));
        evidence.push(*at);
    }
    for name in kind.pools {
        let pool = observed
            .settings
            .iter()
            .find(|it| it.section.ends_with("applicationPools") && it.is_in_use() && it.get("name").eq_ignore_ascii_case(name))?;
        if !pool.get("autoStart").eq_ignore_ascii_case("false") {
            return None;
        }
        details.push(format!("{}: autoStart=false", pool.get("name")));
        evidence.push(pool.at);
    }
    Some(MitigationSeen {
        slug: kind.slug.to_owned(),
        state: MitigationState::InForce,
        cves: owned(kind.cves),
        details,
        evidence,
    })
}

/// What was there and is not any more: a rule in a copy of the configuration, or the script's own traces.
fn gone(observed: &Observed, seen: &[MitigationSeen]) -> Vec<MitigationSeen> {
    let mut all = Vec::new();
    for kind in BY_RULE.iter().filter(|kind| !seen.iter().any(|it| it.slug == kind.slug)) {
        let is_of =
            |rule: &&SettingSeen| kind.rules.iter().any(|wanted| rule.get("name").to_ascii_lowercase().contains(wanted.name));
        let copies: Vec<&SettingSeen> =
            observed.settings.iter().filter(|it| it.element == "rule" && !it.is_in_use()).filter(is_of).collect();
        let traces = if kind.slug == "eomt-cookies" { observed.script_traces.as_slice() } else { &[] };
        if copies.is_empty() && traces.is_empty() {
            continue;
        }
        let mut details: Vec<String> = copies.iter().map(|it| format!("{}: {}", it.get("name"), it.path)).collect();
        details.extend(traces.iter().map(|(path, _)| path.clone()));
        details.dedup();
        details.truncate(10);
        let evidence = copies.iter().map(|it| it.at).take(10).collect();
        all.push(MitigationSeen {
            slug: kind.slug.to_owned(),
            state: MitigationState::Gone,
            cves: owned(kind.cves),
            details,
            evidence,
        });
    }
    all
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_model::{ArtifactId, Place as At};

    use super::*;

    const GOOD: &str = "{UrlDecode:{REQUEST_URI}} ~ (?=.*autodiscover)(?=.*powershell)";

    fn element(path: &str, element: &str, location: &str, fields: &[(&str, &str)], line: u64) -> SettingSeen {
        SettingSeen {
            path: path.to_owned(),
            section: "system.webServer/rewrite/rules".to_owned(),
            element: element.to_owned(),
            location: location.to_owned(),
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            at: Pointer { artifact: ArtifactId(0), place: At::Line(line) },
        }
    }

    fn rule(path: &str, location: &str, conditions: &str, more: &[(&str, &str)]) -> SettingSeen {
        let mut fields = vec![
            ("name", "EEMS M1.1 PowerShell - inbound"),
            ("MatchUrl", ".*"),
            ("Conditions", conditions),
            ("ActionType", "AbortRequest"),
        ];
        fields.extend(more);
        // The last of a name wins in this test, the first in `get`.
        fields.reverse();
        element(path, "rule", location, &fields, 1)
    }

    /// Each row: what stands in the files, and what becomes of the mitigation against ProxyNotShell.
    #[test]
    fn a_rule_counts_only_where_it_is_in_force() {
        use MitigationState::{Disabled, Gone, InForce, Overridden, Weak};
        let root = r"C:\inetpub\wwwroot\web.config";
        let child = r"D:\Exchange\FrontEnd\HttpProxy\Autodiscover\web.config";
        let owa = r"D:\Exchange\FrontEnd\HttpProxy\owa\web.config";
        let host = r"C:\Windows\System32\inetsrv\config\applicationHost.config";
        let old = r"C:\inetpub\history\CFGHISTORY_0000000001\applicationHost.config";
        let named = [("name", "EEMS M1.1 PowerShell - inbound")];
        let cases = [
            ("no rule", vec![], None),
            ("at the root of the site", vec![rule(root, "", GOOD, &[])], Some(InForce)),
            ("in a location of the server's file", vec![rule(host, "Default Web Site", GOOD, &[])], Some(InForce)),
            ("switched off", vec![rule(root, "", GOOD, &[("enabled", "false")])], Some(Disabled)),
            ("older pattern", vec![rule(root, "", r"{REQUEST_URI} ~ .*autodiscover\.json.*\@.*Powershell.*", &[])], Some(Weak)),
            ("not decoded", vec![rule(root, "", "{REQUEST_URI} ~ (?=.*autodiscover)(?=.*powershell)", &[])], Some(Weak)),
            ("one more condition", vec![rule(root, "", &format!("{GOOD}; {{X}} ~ y"), &[])], Some(Weak)),
            (
                "any of two",
                vec![rule(root, "", &format!("{GOOD}; {{X}} ~ y"), &[("LogicalGrouping", "MatchAny")])],
                Some(InForce),
            ),
            ("it only redirects", vec![rule(root, "", GOOD, &[("ActionType", "Redirect")])], Some(Weak)),
            ("cleared below", vec![rule(root, "", GOOD, &[]), element(child, "clear", "", &[], 2)], Some(Overridden)),
            ("removed below", vec![rule(root, "", GOOD, &[]), element(child, "remove", "", &named, 2)], Some(Overridden)),
            (
                "removed by a location of the site's file",
                vec![rule(root, "", GOOD, &[]), element(root, "remove", "Autodiscover", &named, 2)],
                Some(Overridden),
            ),
            ("cleared elsewhere", vec![rule(root, "", GOOD, &[]), element(owa, "clear", "", &[], 2)], Some(InForce)),
            (
                "cleared and put again",
                vec![rule(root, "", GOOD, &[]), element(child, "clear", "", &[], 2), rule(child, "", GOOD, &[])],
                Some(InForce),
            ),
            ("in a copy only", vec![rule(old, "Default Web Site", GOOD, &[])], Some(Gone)),
        ];
        for (name, settings, expected) in cases {
            let observed = Observed { settings, ..Observed::default() };
            let state = seen(&observed).iter().find(|it| it.slug == "powershell-inbound").map(|it| it.state);
            assert_eq!(state, expected, "{name}");
        }
    }

    #[test]
    fn services_must_all_be_off() {
        let at = Pointer { artifact: ArtifactId(0), place: At::Whole };
        let services = |names: &[(&str, &str)]| Observed {
            services: names.iter().map(|(name, start)| ((*name).to_owned(), ((*start).to_owned(), at))).collect(),
            ..Observed::default()
        };
        assert!(seen(&services(&[("msexchangeum", "4")])).is_empty());
        assert!(seen(&services(&[("msexchangeum", "4"), ("msexchangeumcr", "2")])).is_empty());
        let both = seen(&services(&[("msexchangeum", "4"), ("msexchangeumcr", "4")]));
        assert_eq!(both.first().unwrap().slug, "unified-messaging-off");
    }
}
