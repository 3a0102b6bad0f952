//! A page for each family of rules: what the rules themselves say.

use std::collections::BTreeMap;
use std::fs;

use afterpatch_rules::{Rule, RuleSet};
use serde::Serialize;

use crate::markdown::root;
use crate::source::{Page, mark, plain, sentence, text, words};
use crate::with_index;

const ABOUT: &str = "\
The rules that are built in, a page for each family. The name of a rule is the kind of its findings in reports. *Grade* is how \
far the act got, *standing* whether a match may be told by itself (`alone`) or only as part of a story that something stronger \
opened (`beside`), *confidence* how sure it is: see [how to read the verdict](../../verdict.md). `afterpatch rules show NAME` \
shows a rule whole, `--rules FOLDER` adds your own: [docs/sigma.md](../../sigma.md). What no rule can say is told by \
[detectors](../detectors/README.md).";

pub fn pages() -> Vec<Page> {
    let set = RuleSet::embedded().unwrap();
    let mut families: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in set.rules() {
        families.entry(rule.path.split('/').nth(1).unwrap()).or_default().push(rule);
    }
    assert!(families.len() > 15, "{:?}", families.keys());
    let abouts = abouts();
    let about = |family: &str| abouts.get(family).unwrap_or_else(|| panic!("rules/README.md does not tell what {family} is"));
    for rules in families.values_mut() {
        rules.sort_by(|one, other| one.slug.cmp(&other.slug));
    }
    let rows: String = families
        .iter()
        .map(|(family, rules)| format!("| [{}]({family}.md) | {} | {} |\n", title(family), rules.len(), about(family)))
        .collect();
    let table = format!("| family | rules | what they tell of |\n|---|---:|---|\n{rows}");
    let pages = families.iter().map(|(family, rules)| page(family, about(family), rules)).collect();
    with_index("rules", "Rules", ABOUT, &table, pages)
}

fn page(family: &str, about: &str, rules: &[&Rule]) -> Page {
    let title = title(family);
    let folder = rules.first().map(|rule| rule.path.split('/').take(2).collect::<Vec<_>>().join("/")).unwrap_or_default();
    let told: String = rules.iter().map(|rule| section(rule)).collect();
    let text = format!("{}\n# {title}\n\n{}\n\n{told}", mark(&format!("rules/{folder}")), sentence(about));
    Page { path: format!("reference/rules/{family}.md"), title, text }
}

fn section(rule: &Rule) -> String {
    let facts = [
        ("grade", word(rule.grade)),
        ("standing", word(rule.standing)),
        ("severity", word(rule.severity)),
        ("confidence", word(rule.confidence)),
        ("step", word(rule.step)),
    ];
    let facts: Vec<String> = facts.iter().map(|(name, value)| format!("{name} `{value}`")).collect();
    let mut text =
        format!("## {}\n\n**{}.** {}\n\n- {}\n", rule.slug, plain(&rule.title), plain(&rule.description), facts.join(", "));
    let plain_all = |texts: &[String]| texts.iter().map(|text| plain(text)).collect::<Vec<_>>();
    let references: Vec<String> = rule.references.iter().map(|reference| format!("<{reference}>")).collect();
    for (name, values, between) in [
        ("CVE", plain_all(&rule.cves), ", "),
        ("ATT&CK", plain_all(&rule.attack), ", "),
        ("Also matches", plain_all(&rule.false_positives), "; "),
        ("Read more", references, ", "),
    ] {
        if !values.is_empty() {
            text.push_str(&format!("- {name}: {}\n", values.join(between)));
        }
    }
    text + &format!("- The rule: [rules/{0}](../../../rules/{0})\n\n", rule.path)
}

/// The campaign's name in reports; themes go by their own.
fn title(family: &str) -> String {
    text(&format!("campaign-{family}")).map_or_else(|| words(family), str::to_owned)
}

/// The table of families in rules/README.md.
fn abouts() -> BTreeMap<String, String> {
    let readme = fs::read_to_string(root().join("rules/README.md")).unwrap();
    let rows = readme.lines().skip_while(|line| !line.starts_with("| family |")).take_while(|line| line.starts_with('|'));
    rows.filter_map(|row| {
        let (family, about) = row.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | ")?;
        Some((family.to_owned(), about.to_owned()))
    })
    .collect()
}

/// The one name of a value of a model enum.
fn word(value: impl Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}
