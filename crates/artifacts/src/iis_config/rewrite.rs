//! A rewrite rule's children as fields of the rule.
//!
//! | child | fields |
//! |---|---|
//! | `match` | `Match` before each of its attributes' names: `MatchUrl`, `MatchServerVariable`, `MatchPattern`, `MatchNegate` … |
//! | `conditions`, or the `add` of a precondition | `Conditions`: `input ~ pattern` each, `!~` when negated, joined by `; `; and `LogicalGrouping` |
//! | `action` | `Action` before each of its attributes' names: `ActionType`, `ActionUrl`, `ActionValue`, `ActionStatusCode` … |

use std::borrow::Cow;

use crate::xml::Element;

/// The fields.
pub(super) fn fields(rule: &Element) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let mut fields = Vec::new();
    for (child, prefix) in [("match", "Match"), ("action", "Action")] {
        let attributes = rule.children(child).flat_map(|child| &child.attributes);
        fields.extend(attributes.map(|(name, value)| (Cow::Owned(prefixed(prefix, name)), Cow::Borrowed(value.as_str()))));
    }
    let groups = || rule.children("conditions");
    let of_groups = groups().flat_map(|group| group.children("add")).chain(rule.children("add"));
    let conditions: Vec<String> = of_groups.map(condition).collect();
    if !conditions.is_empty() {
        fields.push(("Conditions".into(), conditions.join("; ").into()));
    }
    if let Some(grouping) = groups().find_map(|group| group.attribute("logicalGrouping")) {
        fields.push(("LogicalGrouping".into(), grouping.into()));
    }
    fields
}

/// `Match` and `serverVariable` make `MatchServerVariable`.
fn prefixed(prefix: &str, name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    prefix.chars().chain(first).chain(letters).collect()
}

fn condition(add: &Element) -> String {
    let attribute = |name| add.attribute(name).unwrap_or_default();
    let operator = if attribute("negate").eq_ignore_ascii_case("true") { "!~" } else { "~" };
    // Without a pattern it asks what the input is (`IsFile`).
    let pattern = add.attribute("pattern").or(add.attribute("matchType")).unwrap_or_default();
    format!("{} {operator} {pattern}", attribute("input"))
}
