#![allow(clippy::print_stdout)]
//! An event gives the same record as XML and as `evtx_dump` has it.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::*;
use crate::event_json::tests::renderings::renderings;

#[test]
fn every_kind_of_event_gives_the_same_record() {
    let renderings = renderings();
    let (_, objects) = renderings.iter().find(|(name, _)| *name == "evtx_dump").unwrap();
    let system = objects[0]["Event"]["System"].clone();
    let cleared = json!({"Event": {"System": system.clone(), "UserData": {"LogFileCleared": {
        "#attributes": {"xmlns": "http://manifests.microsoft.com/win/2004/08/windows/eventlog"},
        "SubjectUserName": "eve", "SubjectLogonId": "0x3e7", "BackupPath": null,
    }}}});
    let forwarded = json!({"Event": {"System": system, "EventData": {"Data": {"#text": ["a", "", "<b> & 'c'"]}, "Binary": "00ff"},
        "RenderingInfo": {"#attributes": {"Culture": "en-US"}, "Message": "It said:\r\n\ta <b>", "Level": "Information"}}});
    let empty = json!({"Event": {"System": {"EventID": 5}, "EventData": null, "RenderingInfo": {"Message": null}}});
    let objects: Vec<Value> = objects.iter().chain([&cleared, &forwarded, &empty]).cloned().collect();
    assert!(objects.len() > 12);
    same_records(&objects);
}

/// The texts of the real set of a ProxyLogon attack (OTRF SDWIN-210314014019), beside the project's root.
#[test]
fn the_real_set_gives_the_same_records() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/evidence/otrf_proxylogon_ssrf_rce_poc.zip");
    let Ok(file) = File::open(&path) else {
        println!("the real set is not here, nothing was tested");
        return;
    };
    let mut text = String::new();
    zip::ZipArchive::new(file).unwrap().by_index(0).unwrap().read_to_string(&mut text).unwrap();
    let objects: Vec<Value> = text.lines().map(|line| of_nxlog(line.parse().unwrap())).collect();
    assert_eq!(objects.len(), 10_487);
    same_records(&objects);
}

/// Every record of the `.evtx` files in the folder that `AFTERPATCH_EVTX_DIR` names, as the crate writes it in both ways.
#[test]
#[ignore = "needs a collection of event logs"]
fn a_collection_gives_the_same_records() {
    let Ok(folder) = std::env::var("AFTERPATCH_EVTX_DIR") else {
        println!("AFTERPATCH_EVTX_DIR names no folder");
        return;
    };
    let mut total = 0;
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let Ok(mut as_json) = evtx::EvtxParser::from_path(&path) else { continue };
            let mut as_xml = evtx::EvtxParser::from_path(&path).unwrap();
            for (json, xml) in as_json.records_json_value().zip(as_xml.records()) {
                let (Ok(json), Ok(xml)) = (json, xml) else { continue };
                let json_data = Json::from(json.data);
                let expected = evtx_dump(&json_data).unwrap().into_record(Place::Line(2), 0);
                let expected = Written::by(|sink| _ = sink.record(&expected));
                // The crate does not write into XML what XML does not allow.
                let allowed = |letter: char| !letter.is_ascii_control() || letter.is_whitespace();
                let expected = expected.text.replace(|letter| !allowed(letter), "_");
                assert_eq!(read_bytes(xml.data.as_bytes()).text, expected, "{} {}", path.display(), json.event_record_id);
                total += 1;
            }
        }
    }
    println!("{total} records");
    assert_ne!(total, 0);
}

/// Writes the events as XML, one after the other, and compares what is read of it.
fn same_records(objects: &[Value]) {
    let (mut text, mut line) = (String::new(), 1);
    let expected = Written::by(|sink| {
        for object in objects {
            sink.record(&evtx_dump(&object.clone().into()).unwrap().into_record(Place::Line(line), 0));
            let xml = xml(object);
            line += 1 + xml.matches('\n').count() as u64;
            text.push_str(&xml);
            text.push('\n');
        }
    });
    assert!(looks_like_events(&text.as_bytes()[..text.len().min(Input::HEAD_BYTES)]));
    let read = read_bytes(text.as_bytes());
    for (read, expected) in read.records.iter().zip(&expected.records) {
        assert_eq!(read, expected);
    }
    assert_eq!(read.text, expected.text);
}

/// An event of the real set as `evtx_dump` would have it: what is text and none of the header is data.
fn of_nxlog(mut flat: Map<String, Value>) -> Value {
    let mut take = |name: &str| flat.remove(name).unwrap_or_default();
    let system = json!({
        "Provider": {"#attributes": {"Name": take("SourceName")}}, "EventID": take("EventID"), "Channel": take("Channel"),
        "Computer": take("Hostname"), "TimeCreated": {"#attributes": {"SystemTime": take("TimeCreated")}},
        "EventRecordID": take("RecordNumber"), "Keywords": take("Keywords"),
    });
    let message = take("Message");
    flat.retain(|name, value| value.is_string() && !name.starts_with('@'));
    json!({"Event": {"System": system, "EventData": flat, "RenderingInfo": {"Message": message}}})
}

/// An event of `evtx_dump` as Windows writes it.
fn xml(object: &Value) -> String {
    let mut text = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>".to_owned();
    for (name, part) in object["Event"].as_object().unwrap() {
        match name.as_str() {
            "EventData" => {
                text.push_str("<EventData>");
                for (name, value) in part.as_object().into_iter().flatten() {
                    match name.as_str() {
                        "Data" => {
                            value["#text"].as_array().unwrap().iter().for_each(|value| element(&mut text, "Data", "", value))
                        }
                        "Binary" => element(&mut text, "Binary", "", value),
                        name => element(&mut text, "Data", &format!(" Name='{name}'"), value),
                    }
                }
                text.push_str("</EventData>");
            }
            name => element(&mut text, name, "", part),
        }
    }
    text + "</Event>"
}

fn element(text: &mut String, name: &str, attributes: &str, value: &Value) {
    write!(text, "<{name}{attributes}").unwrap();
    let Value::Object(members) = value else {
        let content =
            value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned);
        return write!(text, ">{}</{name}>", quick_xml::escape::escape(content)).unwrap();
    };
    for (name, value) in members.get("#attributes").and_then(Value::as_object).into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        write!(text, " {name}='{}'", quick_xml::escape::escape(value)).unwrap();
    }
    text.push('>');
    for (name, value) in members.iter().filter(|(name, _)| *name != "#attributes") {
        match name.as_str() {
            "#text" => text.push_str(&value.to_string()),
            name => element(text, name, "", value),
        }
    }
    write!(text, "</{name}>").unwrap();
}
