//! Take a rogue module, virtual directory, handler or rewrite rule out of a configuration file of the web server.

pub(crate) mod elements;

use std::collections::BTreeMap;

use afterpatch_model::{ArtifactKind, Finding, Place, PlannedFile, What, WhyNot};

use self::elements::{Element, elements, line_of, without};
use crate::RemediationError;
use crate::evidence::{Evident, files_of};
use crate::host::{Found, Host};
use crate::plan::Drafts;
use crate::quarantine_file::is_needed;
use crate::steps::Step;

/// Sections in which `add` makes something run.
const RUNNING: [&str; 4] = ["modules", "globalModules", "handlers", "isapiFilters"];
/// Sections in which `clear` and `remove` take away what a configuration further up has: a mitigation, for example.
const OVERRIDDEN: [&str; 3] = ["rules", "outboundRules", "preConditions"];

/// Everything that a finding in a present configuration file points to, one action a file.
pub(crate) fn plan(evident: &Evident<'_>, host: &Host, drafts: &mut Drafts<'_>) {
    let mut by_file: BTreeMap<&str, Vec<(&Finding, u64)>> = BTreeMap::new();
    for finding in evident.findings() {
        let Some((path, Place::Line(line))) = evident.artifact_of(finding, ArtifactKind::IisConfig) else { continue };
        // A copy of an earlier configuration does nothing.
        if !path.to_lowercase().contains(r"\inetpub\history\") {
            by_file.entry(path).or_default().push((finding, line));
        }
    }
    for (path, found) in by_file {
        let all: Vec<&Finding> = found.iter().map(|(finding, _)| *finding).collect();
        let (sure, unsure): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(finding, _)| Evident::may_act(finding) && finding.confidence >= evident.sure);
        for (finding, _) in unsure {
            let why = match finding.acknowledged {
                Some(_) => WhyNot::Acknowledged,
                None if Evident::may_act(finding) => WhyNot::NotSure(finding.confidence),
                None => WhyNot::UserRule,
            };
            drafts.leave(path, why, &[finding]);
        }
        if sure.is_empty() {
            continue;
        }
        match host.find(path) {
            Found::File(file) => match to_remove(host, &file, &sure) {
                Ok((elements, _)) if elements.is_empty() => drafts.leave(path, WhyNot::Needed, &all),
                Ok((elements, reasons)) => {
                    drafts.act(What::RemoveConfiguration { file: *file, elements }, &reasons);
                    libraries(host, &reasons, drafts);
                }
                Err(why) => drafts.leave(path, WhyNot::Refused(why), &all),
            },
            Found::Nothing => drafts.leave(path, WhyNot::NotThere, &all),
            Found::Refused(why) => drafts.leave(path, WhyNot::Refused(why), &all),
        }
    }
}

/// The library of a rogue module goes once nothing loads it any more.
fn libraries(host: &Host, reasons: &[&Finding], drafts: &mut Drafts<'_>) {
    for finding in reasons {
        for path in files_of(finding).filter(|path| path.to_lowercase().ends_with(".dll")) {
            match host.find(&path) {
                _ if is_needed(&path) => drafts.leave(&path, WhyNot::Needed, &[finding]),
                Found::File(file) => {
                    drafts.act(What::QuarantineFile { file: *file }, &[finding]);
                }
                Found::Nothing => drafts.leave(&path, WhyNot::NotThere, &[finding]),
                Found::Refused(why) => drafts.leave(&path, WhyNot::Refused(why), &[finding]),
            }
        }
    }
}

/// The elements at the findings' lines, and the findings that point to one.
fn to_remove<'f>(
    host: &Host,
    file: &PlannedFile,
    found: &[(&'f Finding, u64)],
) -> Result<(Vec<String>, Vec<&'f Finding>), String> {
    let text = text_of(host, file).map_err(|error| error.to_string())?;
    let all = elements(&text)?;
    let (mut taken, mut reasons): (Vec<&Element>, Vec<&Finding>) = (Vec::new(), Vec::new());
    for (finding, line) in found {
        let at_line = |element: &&Element| line_of(&text, element.bytes.start) == *line && is_removable(element);
        let mut candidates = all.iter().filter(at_line).filter(|element| is_meant(element, finding));
        if let Some(element) = candidates.next() {
            reasons.push(finding);
            taken.push(element);
            // A native module is listed once with its library, and once where it is switched on.
            if element.path.ends_with("globalModules/add") {
                let same = |other: &&Element| {
                    other.path.ends_with("modules/add") && other.attribute("name") == element.attribute("name")
                };
                taken.extend(all.iter().filter(same));
            }
        }
    }
    taken.sort_by_key(|element| element.bytes.start);
    taken.dedup();
    let texts = taken.iter().filter_map(|element| text.get(element.bytes.clone())).map(str::to_owned).collect();
    Ok((texts, reasons))
}

/// Whether an element stands for one thing that can be there or not. Anything else is a setting, which a person must set right.
fn is_removable(element: &Element) -> bool {
    let section = element.path.rsplit('/').nth(1).unwrap_or_default();
    match element.name() {
        "virtualDirectory" | "application" | "rule" => true,
        "add" => RUNNING.contains(&section),
        "clear" | "remove" => OVERRIDDEN.contains(&section),
        _ => false,
    }
}

/// Whether a finding speaks of this element: of several in one line, the one that has a name or path that it names.
fn is_meant(element: &Element, finding: &Finding) -> bool {
    // `clear` has no name, and stands in its section alone.
    if element.name() == "clear" {
        return true;
    }
    let named = |value: &str| finding.evidence.iter().any(|evidence| evidence.text.contains(value));
    element.attributes.iter().any(|(name, value)| {
        matches!(name.as_str(), "name" | "path" | "physicalPath" | "image" | "type") && !value.is_empty() && named(value)
    })
}

/// The file without its elements.
pub(crate) fn steps(host: &Host, file: &PlannedFile, remove: &[String]) -> Result<Vec<Step>, RemediationError> {
    let wrong = |why: String| RemediationError::Content { path: file.path.clone(), why };
    let mut text = text_of(host, file)?;
    for element in remove {
        let all = elements(&text).map_err(wrong)?;
        let found = all.iter().find(|other| text.get(other.bytes.clone()) == Some(element) && is_removable(other));
        let found = found.ok_or_else(|| wrong(format!("does not hold the element {element}")))?;
        text = without(&text, &found.bytes);
    }
    elements(&text).map_err(|why| wrong(format!("would not be whole afterwards: {why}")))?;
    Ok(vec![Step { file: file.clone(), after: Some(text.into_bytes()) }])
}

/// The text of a configuration file, its byte order mark included. Other encodings are left to a person.
pub(crate) fn text_of(host: &Host, file: &PlannedFile) -> Result<String, RemediationError> {
    let why = "is not in UTF-8, and is changed by hand only".to_owned();
    String::from_utf8(host.content(file)?).map_err(|_| RemediationError::Content { path: file.path.clone(), why })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn things_can_be_taken_out_and_settings_cannot() {
        let text = r#"<configuration>
            <system.applicationHost><sites><site name="s"><application path="/a"><virtualDirectory path="/v"/></application></site></sites>
            </system.applicationHost>
            <system.webServer>
                <globalModules><add name="m"/></globalModules>
                <rewrite><rules><clear/><remove name="x"/><rule name="r"><match url=".*"/></rule></rules></rewrite>
                <httpLogging dontLog="true"/>
                <security><requestFiltering><hiddenSegments><add segment="bin"/><clear/></hiddenSegments></requestFiltering></security>
            </system.webServer>
        </configuration>"#;
        let all = elements(text).unwrap();
        let removable: Vec<&str> = all.iter().filter(|element| is_removable(element)).map(|element| &*element.path).collect();
        assert_eq!(
            removable,
            [
                "configuration/system.applicationHost/sites/site/application",
                "configuration/system.applicationHost/sites/site/application/virtualDirectory",
                "configuration/system.webServer/globalModules/add",
                "configuration/system.webServer/rewrite/rules/clear",
                "configuration/system.webServer/rewrite/rules/remove",
                "configuration/system.webServer/rewrite/rules/rule",
            ]
        );
    }

    #[test]
    fn what_is_not_there_or_no_thing_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let text = "<configuration>\n  <rules>\n    <clear />\n  </rules>\n  <machineKey />\n</configuration>\n";
        std::fs::write(folder.path().join("web.config"), text).unwrap();
        let host = Host::new(folder.path()).unwrap();
        let Found::File(file) = host.find(r"C:\web.config") else { unreachable!() };
        let after = steps(&host, &file, &["<clear />".to_owned()]).unwrap();
        assert_eq!(after[0].after.as_deref(), Some(text.replace("    <clear />\n", "").as_bytes()));
        for element in ["<machineKey />", "<clear/>", "configuration"] {
            let error = steps(&host, &file, &[element.to_owned()]).unwrap_err().to_string();
            assert!(error.contains("does not hold"), "{error}");
        }
        std::fs::write(folder.path().join("web.config"), "<configuration/>").unwrap();
        assert!(steps(&host, &file, &[]).unwrap_err().to_string().contains("another content"));
    }
}
