//! Events as every rendering has them.

use serde_json::{Map, Value, json};

use super::events::{CMDLET, Event, PARAMETERS, events};

const HOST: &str = "MXS01.example.org";
const TIME: &str = "2021-03-14T06:40:15.342Z";

/// The events of [`events`] in every rendering, and behind them a command of Exchange, whose data have no names.
pub(crate) fn renderings() -> Vec<(&'static str, Vec<Value>)> {
    let exchange = Event { channel: "MSExchange Management", provider: "MSExchange CmdletLogs", id: 1, data: json!({}) };
    let message = format!("Cmdlet suceeded. Cmdlet Set-OabVirtualDirectory, parameters {PARAMETERS}.");
    let numbered: Map<String, Value> =
        CMDLET.iter().enumerate().map(|(at, text)| (format!("param{}", at + 1), (*text).into())).collect();
    let every = |rendering: &dyn Fn(&Event) -> Value, last: Value| events().iter().map(rendering).chain([last]).collect();
    vec![
        ("nxlog", every(&|event| nxlog(event, &event.data), nxlog(&exchange, &json!({"Message": message})))),
        (
            "evtx_dump",
            every(
                &|event| evtx_dump(event, &event.data, json!(event.id)),
                evtx_dump(
                    &exchange,
                    &json!({"Data": {"#text": CMDLET}}),
                    json!({"#attributes": {"Qualifiers": 16384}, "#text": 1}),
                ),
            ),
        ),
        (
            "xmltodict",
            every(
                &|event| evtx_dump(event, &at_signs(event), json!(event.id)),
                evtx_dump(&exchange, &json!({"Data": CMDLET}), json!(1)),
            ),
        ),
        (
            "winlogbeat",
            every(&|event| winlogbeat(event, &event.data, true), winlogbeat(&exchange, &Value::Object(numbered), false)),
        ),
        ("velociraptor", every(&|event| velociraptor(event, &event.data), velociraptor(&exchange, &json!({"Data": CMDLET})))),
        (
            "wazuh",
            every(
                &|event| wazuh(event, &camel_case(event)),
                wazuh(&exchange, &json!({"data": CMDLET.join(", ").replace('"', "\\\"")})),
            ),
        ),
        (
            "sentinel",
            every(
                &|event| sentinel(event, &named_xml(event)),
                sentinel(&exchange, &CMDLET.map(|text| format!("<Data>{}</Data>", escape(text))).concat()),
            ),
        ),
    ]
}

fn nxlog(event: &Event, more: &Value) -> Value {
    let mut object = json!({
        "SourceName": event.provider, "Channel": event.channel, "Hostname": HOST, "TimeCreated": TIME, "EventID": event.id,
        "Task": "1", "Level": "4", "Keywords": "-9214364837600034816", "RecordNumber": 77,
    });
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

fn evtx_dump(event: &Event, data: &Value, id: Value) -> Value {
    json!({"Event": {"System": {
        "Provider": {"#attributes": {"Name": event.provider}}, "EventID": id, "Level": 4, "Keywords": "0x8020000000000000",
        "TimeCreated": {"#attributes": {"SystemTime": TIME}}, "EventRecordID": 77, "Channel": event.channel, "Computer": HOST,
        "Execution": {"#attributes": {"ProcessID": 0}},
    }, "EventData": data}})
}

fn winlogbeat(event: &Event, data: &Value, manifest: bool) -> Value {
    let mut winlog = json!({
        "channel": event.channel, "provider_name": event.provider, "event_id": event.id.to_string(), "computer_name": HOST,
        "record_id": 77, "event_data": data, "keywords": ["Audit Success"],
    });
    if manifest {
        winlog["provider_guid"] = "{5770385F}".into();
    }
    let (code, level) = (event.id.to_string(), "information");
    json!({"_source": {"@timestamp": TIME, "event": {"code": code}, "log": {"level": level}, "winlog": winlog}})
}

fn velociraptor(event: &Event, data: &Value) -> Value {
    json!({"System": {
        "Provider": {"Name": event.provider}, "EventID": {"Value": event.id}, "Level": 4, "Keywords": 9_232_379_236_109_516_800_u64,
        "TimeCreated": {"SystemTime": 1_615_704_015.342}, "EventRecordID": 77, "Channel": event.channel, "Computer": HOST,
        "Execution": {},
    }, "EventData": data})
}

fn wazuh(event: &Event, data: &Value) -> Value {
    json!({"timestamp": "2021-03-14T06:50:00.000+0000", "data": {"win": {"system": {
        "providerName": event.provider, "eventID": event.id.to_string(), "systemTime": "2021-03-14T06:40:15.3420000Z",
        "level": "4", "keywords": "0x8020000000000000", "eventRecordID": "77", "channel": event.channel, "computer": HOST,
    }, "eventdata": data}}})
}

fn sentinel(event: &Event, xml: &str) -> Value {
    json!({
        "EventLog": event.channel, "Source": event.provider, "EventID": event.id, "Computer": HOST, "TimeGenerated": TIME,
        "EventLevel": 4, "EventData": xml,
    })
}

/// The data as XML turned into JSON with `@` before attributes.
fn at_signs(event: &Event) -> Value {
    let data: Vec<Value> = event.pairs().map(|(name, value)| json!({"@Name": name, "#text": value})).collect();
    json!({"Data": data})
}

/// Wazuh's names, and its values escaped once more.
fn camel_case(event: &Event) -> Value {
    let one = |(name, value): (&str, &str)| {
        let (initial, rest) = name.split_at(1);
        let value = value.replace('\\', r"\\").replace('"', "\\\"");
        (format!("{}{rest}", initial.to_ascii_lowercase()), Value::from(value))
    };
    Value::Object(event.pairs().map(one).collect())
}

fn named_xml(event: &Event) -> String {
    event.pairs().map(|(name, value)| format!(r#"<Data Name="{name}">{}</Data>"#, escape(value))).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
