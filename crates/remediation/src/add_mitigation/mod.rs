//! Add a documented mitigation: a rule of the URL Rewrite module that refuses the requests of one attack. Only when the user asks
//! for mitigations, and only where the module is installed: without it the section would stop the whole site.
//!
//! The rules are Microsoft's (EOMT and EOMTv2 in CSS-Exchange, MIT; the second is also mitigation M1 of the Emergency Mitigation
//! service). A cumulative update wipes them, and rules like these have been got around before: they win time, no more.

use afterpatch_model::{ExposureState, PlannedFile, What, WhyNot};

use crate::RemediationError;
use crate::evidence::Evident;
use crate::host::{Found, Host};
use crate::plan::Drafts;
use crate::remove_configuration::elements::{Element, elements};
use crate::remove_configuration::text_of;
use crate::steps::Step;

/// The front end's own configuration, where both tools put their rules.
const SITE: &str = r"C:\inetpub\wwwroot\web.config";
/// Where the server says which modules it has.
const SERVER: &str = r"C:\Windows\System32\inetsrv\config\applicationHost.config";

/// One mitigation.
struct Mitigation {
    slug: &'static str,
    /// Open holes for which it is meant.
    cves: &'static [&'static str],
    /// Name, what is looked at, and the expression, for each rule.
    rules: &'static [(&'static str, &'static str, &'static str)],
}

const MITIGATIONS: [Mitigation; 2] = [
    Mitigation {
        slug: "backend-cookie",
        cves: &["CVE-2021-26855"],
        rules: &[
            ("X-AnonResource-Backend Abort - inbound", "{HTTP_COOKIE}", "(.*)X-AnonResource-Backend(.*)"),
            ("X-BEResource Abort - inbound", "{HTTP_COOKIE}", "(.*)X-BEResource=(.+)/(.+)~(.+)"),
        ],
    },
    Mitigation {
        slug: "autodiscover-powershell",
        cves: &["CVE-2022-41040", "CVE-2021-34473"],
        rules: &[("PowerShell - inbound", "{UrlDecode:{REQUEST_URI}}", "(?=.*autodiscover)(?=.*powershell)")],
    },
];

/// Those for open holes that the site does not have yet, in one action.
pub(crate) fn plan(evident: &Evident<'_>, host: &Host, drafts: &mut Drafts<'_>) {
    let is_open = |cve: &str| evident.server.exposure.iter().any(|it| it.cve == cve && it.state == ExposureState::Open);
    let wanted: Vec<&Mitigation> =
        MITIGATIONS.iter().filter(|mitigation| mitigation.cves.iter().any(|cve| is_open(cve))).collect();
    if wanted.is_empty() {
        return;
    }
    match missing(host, &wanted) {
        Ok((_, slugs)) if slugs.is_empty() => {}
        Ok((file, mitigations)) => {
            if !drafts.act(What::AddMitigation { mitigations, file }, &[]) {
                let why = "another action of this plan changes the same file; make a new plan afterwards".to_owned();
                drafts.leave(&format!("{SITE} (mitigations)"), WhyNot::Refused(why), &[]);
            }
        }
        Err(why) => drafts.leave(&format!("{SITE} (mitigations)"), why, &[]),
    }
}

/// The site's configuration and the mitigations that it lacks.
fn missing(host: &Host, wanted: &[&Mitigation]) -> Result<(PlannedFile, Vec<String>), WhyNot> {
    if !has_rewrite_module(host) {
        return Err(WhyNot::Refused(format!("the URL Rewrite module is not installed, or {SERVER} was not found")));
    }
    let file = match host.find(SITE) {
        Found::File(file) => *file,
        Found::Nothing => return Err(WhyNot::NotThere),
        Found::Refused(why) => return Err(WhyNot::Refused(why)),
    };
    let text = text_of(host, &file).map_err(|error| WhyNot::Refused(error.to_string()))?;
    let mut slugs = Vec::new();
    for mitigation in wanted {
        if with_rules(&text, mitigation).map_err(WhyNot::Refused)?.is_some() {
            slugs.push(mitigation.slug.to_owned());
        }
    }
    Ok((file, slugs))
}

/// Whether the server's own configuration lists the module.
fn has_rewrite_module(host: &Host) -> bool {
    let Found::File(file) = host.find(SERVER) else { return false };
    let all = text_of(host, &file).ok().and_then(|text| elements(&text).ok()).unwrap_or_default();
    all.iter().any(|element| element.path.ends_with("globalModules/add") && element.attribute("name") == Some("RewriteModule"))
}

/// The text with the rules that it lacks; `None` when it has them all.
fn with_rules(text: &str, mitigation: &Mitigation) -> Result<Option<String>, String> {
    let all = elements(text)?;
    // Rules of the service have a number in front of the same name.
    let has = |name: &str| {
        all.iter().any(|element| {
            element.path.ends_with("rewrite/rules/rule") && element.attribute("name").is_some_and(|own| own.ends_with(name))
        })
    };
    let missing: Vec<_> = mitigation.rules.iter().filter(|(name, ..)| !has(name)).collect();
    if missing.is_empty() {
        return Ok(None);
    }
    let line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let rules: String = missing.iter().map(|(name, input, pattern)| rule(name, input, pattern, line)).collect();
    let at = |path: &str| all.iter().find(|element| element.path == path);
    // What is there already decides how much goes around the rules.
    let levels = ["configuration", "system.webServer", "rewrite", "rules"];
    let mut inner = rules;
    for depth in (1..=levels.len()).rev() {
        let path = levels.get(..depth).unwrap_or_default().join("/");
        if let Some(element) = at(&path) {
            return insert(text, element, &inner, line).map(Some);
        }
        let name = levels.get(depth - 1).copied().unwrap_or_default();
        inner = format!("<{name}>{line}{inner}</{name}>{line}");
    }
    Err("has no element configuration".to_owned())
}

fn rule(name: &str, input: &str, pattern: &str, line: &str) -> String {
    [
        format!("<rule name=\"{name}\" stopProcessing=\"true\">"),
        "  <match url=\".*\" />".to_owned(),
        "  <conditions>".to_owned(),
        format!("    <add input=\"{input}\" pattern=\"{pattern}\" />"),
        "  </conditions>".to_owned(),
        "  <action type=\"AbortRequest\" />".to_owned(),
        "</rule>".to_owned(),
        String::new(),
    ]
    .join(line)
}

/// Puts something at the end of an element's content.
fn insert(text: &str, element: &Element, what: &str, line: &str) -> Result<String, String> {
    let Some(at) = element.content_end else {
        // `<rules />` becomes `<rules>...</rules>`.
        let tag =
            text.get(element.bytes.clone()).and_then(|tag| tag.strip_suffix("/>")).ok_or("has an element that is not whole")?;
        let (before, after) =
            (text.get(..element.bytes.start).unwrap_or_default(), text.get(element.bytes.end..).unwrap_or_default());
        return Ok(format!("{before}{}>{line}{what}</{}>{after}", tag.trim_end(), element.name()));
    };
    let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at..).unwrap_or_default());
    let gap = if before.trim_end_matches([' ', '\t']).ends_with('\n') { "" } else { line };
    Ok(format!("{before}{gap}{what}{after}"))
}

/// The file with the rules.
pub(crate) fn steps(host: &Host, file: &PlannedFile, slugs: &[String]) -> Result<Vec<Step>, RemediationError> {
    let wrong = |why: String| RemediationError::Content { path: file.path.clone(), why };
    let mut text = text_of(host, file)?;
    for slug in slugs {
        let mitigation = MITIGATIONS.iter().find(|mitigation| mitigation.slug == slug);
        let mitigation = mitigation.ok_or_else(|| wrong(format!("no mitigation is called {slug}")))?;
        let with = with_rules(&text, mitigation).map_err(wrong)?;
        text = with.ok_or_else(|| wrong(format!("has the rules of {slug} already")))?;
    }
    elements(&text).map_err(|why| wrong(format!("would not be whole afterwards: {why}")))?;
    Ok(vec![Step { file: file.clone(), after: Some(text.into_bytes()) }])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rules_go_where_they_belong_and_only_once() {
        for text in [
            "<configuration>\r\n</configuration>",
            "<configuration><system.webServer/></configuration>",
            "<configuration>\n  <system.webServer>\n    <rewrite>\n      <rules />\n    </rewrite>\n  </system.webServer>\n</configuration>\n",
            "<configuration><system.webServer><rewrite><rules><rule name=\"own\"/></rules></rewrite></system.webServer></configuration>",
        ] {
            for mitigation in &MITIGATIONS {
                let with = with_rules(text, mitigation).unwrap().unwrap();
                let rules: Vec<Element> = elements(&with)
                    .unwrap()
                    .into_iter()
                    .filter(|element| element.name() == "rule" && element.attribute("name") != Some("own"))
                    .collect();
                assert_eq!(rules.len(), mitigation.rules.len(), "{with}");
                assert!(rules.iter().all(|rule| rule.path == "configuration/system.webServer/rewrite/rules/rule"), "{with}");
                assert_eq!(with_rules(&with, mitigation), Ok(None));
                // Everything that was there is there still.
                assert!(!text.contains("own") || with.contains("own"));
            }
        }
        let by_service = "<configuration><system.webServer><rewrite><rules><rule name=\"EEMS M1.1 PowerShell - inbound\"/></rules></rewrite></system.webServer></configuration>";
        assert_eq!(with_rules(by_service, &MITIGATIONS[1]), Ok(None));
        assert!(with_rules("<web/>", &MITIGATIONS[0]).is_err());
    }
}
