//! What two reports say, compared.
#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::Value;

/// All that a report says of servers, artifacts named by where they lay on the server, and the findings' texts.
pub fn told(report: &Value) -> Value {
    let paths: Vec<&Value> = report["artifacts"].as_array().unwrap().iter().map(|artifact| &artifact["windows_path"]).collect();
    let mut servers = report["servers"].clone();
    name_artifacts(&mut servers, &paths);
    for server in servers.as_array_mut().unwrap() {
        // A collection's manifest is a source of its own, and a running system is never asked twice in the same state.
        let sources = server["coverage"]["sources"].as_array_mut().unwrap();
        sources.retain(|source| source["kind"] != "collection_manifest" && source["kind"] != "live_state");
    }
    servers
}

fn name_artifacts(value: &mut Value, paths: &[&Value]) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| name_artifacts(value, paths)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value.as_u64()) {
                    ("artifact", Some(number)) => *value = paths[usize::try_from(number).unwrap()].clone(),
                    _ => name_artifacts(value, paths),
                }
            }
        }
        _ => {}
    }
}

pub fn same(one: &Value, other: &Value, what: &str) {
    let (one, other) = (serde_json::to_string_pretty(&told(one)).unwrap(), serde_json::to_string_pretty(&told(other)).unwrap());
    if one != other {
        let differ = one.lines().zip(other.lines()).enumerate().find(|(_, (one, other))| one != other);
        panic!("{what}: {differ:?}");
    }
}
