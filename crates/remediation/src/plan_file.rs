//! A plan as a file that somebody may have edited.

use afterpatch_model::{PLAN_SCHEMA, Plan};
use serde_json::Value;

use crate::RemediationError;

/// Reads a plan. A field that nothing reads is an error: who misspells `skip` must not find out afterwards.
///
/// # Errors
/// [`RemediationError::BadPlan`] with line and column, [`RemediationError::OtherSchema`], [`RemediationError::UnknownField`].
pub fn read_plan(text: &str) -> Result<Plan, RemediationError> {
    let bad = |error: yaml_serde::Error| RemediationError::BadPlan(error.to_string());
    let value: Value = yaml_serde::from_str(text).map_err(bad)?;
    match value.get("schema").and_then(Value::as_str) {
        Some(PLAN_SCHEMA) => {}
        Some(found) => return Err(RemediationError::OtherSchema { found: found.to_owned(), expected: PLAN_SCHEMA }),
        None => return Err(RemediationError::BadPlan(format!("it does not say schema: {PLAN_SCHEMA}; is it a plan?"))),
    }
    let plan: Plan = yaml_serde::from_str(text).map_err(bad)?;
    let known = serde_json::to_value(&plan).map_err(|error| RemediationError::BadPlan(error.to_string()))?;
    if let Some(field) = unknown(&value, &known, "") {
        return Err(RemediationError::UnknownField(field));
    }
    let mut ids: Vec<&str> = plan.actions.iter().map(|action| &*action.id).collect();
    ids.sort_unstable();
    if let Some(pair) = ids.windows(2).find(|pair| pair.first() == pair.last()) {
        return Err(RemediationError::BadPlan(format!("two actions are called {}", pair.first().unwrap_or(&""))));
    }
    Ok(plan)
}

/// The first field that was written and not read.
fn unknown(written: &Value, read: &Value, at: &str) -> Option<String> {
    match (written, read) {
        (Value::Object(written), Value::Object(read)) => written.iter().find_map(|(key, value)| {
            let at = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
            match read.get(key) {
                Some(read) => unknown(value, read, &at),
                None => Some(at),
            }
        }),
        (Value::Array(written), Value::Array(read)) => written
            .iter()
            .zip(read)
            .zip(1..)
            .find_map(|((written, read), number)| unknown(written, read, &format!("{at}[{number}]"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PLAN: &str = "
schema: afterpatch.plan/1
plan: 1a2b3c4d
server: EX01
made: 2026-11-28T00:00:00Z
report: 2026-11-28T00:00:00Z
confidence: high
root: /mnt
actions:
  - id: A1
    because: [F1]
    do: quarantine_file
    file: { path: 'C:\\x.aspx', lies_at: C/x.aspx, sha256: '00', size: 1, volume: 1, number: 2 }
instructions: []
";

    #[test]
    fn a_plan_is_read_as_it_was_written() {
        let plan = read_plan(PLAN).unwrap();
        assert!(!plan.actions[0].skip);
        assert_eq!(plan.actions[0].what.files()[0].path, r"C:\x.aspx");
        assert!(read_plan(&PLAN.replace("    because", "    skip: true\n    because")).unwrap().actions[0].skip);
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (from, to, told) in [
            ("because", "becuase", "actions[1].becuase"),
            ("id: A1", "id: A1\n    skipped: true", "actions[1].skipped"),
            ("size: 1,", "size: 1, mode: 7,", "actions[1].file.mode"),
            ("plan/1", "plan/9", "afterpatch.plan/9"),
            ("schema: afterpatch.plan/1", "", "is it a plan"),
            ("quarantine_file", "format_disk", "format_disk"),
            ("size: 1", "size: many", "actions[0]"),
            ("actions:", "actions: [", "line"),
        ] {
            let error = read_plan(&PLAN.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(told), "{from} → {to}: {error}");
        }
        let twice = PLAN.replace("instructions: []", &PLAN[PLAN.find("  - id").unwrap()..]);
        assert!(read_plan(&twice).unwrap_err().to_string().contains("two actions are called A1"));
    }
}
