//! Events as every rendering has them.

use serde_json::{Value, json};

/// The same three events in every rendering: a process of Sysmon, a process of Security, a command of Exchange.
pub(super) fn renderings() -> Vec<(&'static str, [Value; 3])> {
    let sysmon = json!({
        "RuleName": "-", "UtcTime": "2021-03-14 06:40:15.338", "ProcessId": "23392", "Image": r"C:\Windows\System32\cmd.exe",
        "CommandLine": "cmd /c \"whoami\"", "User": r"NT AUTHORITY\SYSTEM", "ParentProcessId": "10844",
        "ParentImage": r"C:\Windows\System32\inetsrv\w3wp.exe", "ParentCommandLine": "w3wp.exe -ap \"MSExchangeOWAAppPool\"",
    });
    let security = json!({
        "SubjectUserName": "MXS01$", "SubjectDomainName": "CORP", "NewProcessId": "0x5b60",
        "NewProcessName": r"C:\Windows\System32\cmd.exe", "ProcessId": "0x2a5c", "CommandLine": "cmd /c \"whoami\"",
        "TargetUserName": "-", "TargetDomainName": "-", "ParentProcessName": r"C:\Windows\System32\inetsrv\w3wp.exe",
    });
    let parameters = r#"-ExternalUrl "http://f/#x, y" -Identity "OAB (Default Web Site)""#;
    let cmdlet = ["Set-OabVirtualDirectory", parameters, "corp/Users/eve", "S-1", "S-2", "Remote", "7 w3wp#MSExchangeECPAppPool"];
    let message = format!("Cmdlet suceeded. Cmdlet Set-OabVirtualDirectory, parameters {parameters}.");

    struct Head(&'static str, &'static str, u32, &'static str);
    let heads = [
        Head("Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 1, "{5770385F}"),
        Head("Security", "Microsoft-Windows-Security-Auditing", 4688, "{54849625}"),
        Head("MSExchange Management", "MSExchange CmdletLogs", 1, ""),
    ];
    let (host, time) = ("MXS01.example.org", "2021-03-14T06:40:15.342Z");
    let with = |mut base: Value, more: &Value| {
        base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        base
    };
    let nxlog = |head: &Head, more: &Value| {
        let base = json!({"SourceName": head.1, "Channel": head.0, "Hostname": host, "TimeCreated": time, "EventID": head.2, "Task": "1", "Level": "4", "RecordNumber": 77});
        with(base, more)
    };
    let evtx_dump = |head: &Head, data: Value, qualified: bool| {
        let id = if qualified { json!({"#attributes": {"Qualifiers": 16384}, "#text": head.2}) } else { json!(head.2) };
        json!({"Event": {"System": {
            "Provider": {"#attributes": {"Name": head.1}}, "EventID": id, "TimeCreated": {"#attributes": {"SystemTime": time}},
            "EventRecordID": 77, "Channel": head.0, "Computer": host, "Execution": {"#attributes": {"ProcessID": 0}},
        }, "EventData": data}})
    };
    let winlogbeat = |head: &Head, data: Value| {
        let mut winlog = json!({"channel": head.0, "provider_name": head.1, "event_id": head.2.to_string(), "computer_name": host, "record_id": 77, "event_data": data});
        if !head.3.is_empty() {
            winlog["provider_guid"] = head.3.into();
        }
        json!({"_source": {"@timestamp": time, "event": {"code": head.2.to_string()}, "winlog": winlog}})
    };
    let velociraptor = |head: &Head, data: Value| {
        json!({"System": {
            "Provider": {"Name": head.1}, "EventID": {"Value": head.2}, "TimeCreated": {"SystemTime": 1_615_704_015.342},
            "EventRecordID": 77, "Channel": head.0, "Computer": host, "Execution": {},
        }, "EventData": data})
    };
    let wazuh = |head: &Head, data: Value| {
        json!({"timestamp": "2021-03-14T06:50:00.000+0000", "data": {"win": {"system": {
            "providerName": head.1, "eventID": head.2.to_string(), "systemTime": "2021-03-14T06:40:15.3420000Z",
            "eventRecordID": "77", "channel": head.0, "computer": host,
        }, "eventdata": data}}})
    };
    let escaped = |data: &Value| {
        let one = |(name, value): (&String, &Value)| {
            let (initial, rest) = name.split_at(1);
            let value = value.as_str().unwrap().replace('\\', r"\\").replace('"', "\\\"");
            (format!("{}{rest}", initial.to_ascii_lowercase()), Value::from(value))
        };
        Value::Object(data.as_object().unwrap().iter().map(one).collect())
    };
    let sentinel = |head: &Head, xml: String| json!({"EventLog": head.0, "Source": head.1, "EventID": head.2, "Computer": host, "TimeGenerated": time, "EventData": xml});
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let named_xml = |data: &Value| {
        data.as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| format!(r#"<Data Name="{name}">{}</Data>"#, escape(value.as_str().unwrap())))
            .collect()
    };
    let at_signs = |data: &Value| {
        let data: Vec<Value> =
            data.as_object().unwrap().iter().map(|(name, value)| json!({"@Name": name, "#text": value})).collect();
        json!({"Data": data})
    };
    let numbered: serde_json::Map<String, Value> =
        cmdlet.iter().enumerate().map(|(at, text)| (format!("param{}", at + 1), (*text).into())).collect();
    let [one, two, three] = &heads;
    vec![
        ("nxlog", [nxlog(one, &sysmon), nxlog(two, &security), nxlog(three, &json!({"Message": message}))]),
        (
            "evtx_dump",
            [
                evtx_dump(one, sysmon.clone(), false),
                evtx_dump(two, security.clone(), false),
                evtx_dump(three, json!({"Data": {"#text": cmdlet}}), true),
            ],
        ),
        (
            "xmltodict",
            [
                evtx_dump(one, at_signs(&sysmon), false),
                evtx_dump(two, at_signs(&security), false),
                evtx_dump(three, json!({"Data": cmdlet}), true),
            ],
        ),
        ("winlogbeat", [winlogbeat(one, sysmon.clone()), winlogbeat(two, security.clone()), winlogbeat(three, numbered.into())]),
        (
            "velociraptor",
            [
                velociraptor(one, sysmon.clone()),
                velociraptor(two, security.clone()),
                velociraptor(three, json!({"Data": cmdlet})),
            ],
        ),
        (
            "wazuh",
            [
                wazuh(one, escaped(&sysmon)),
                wazuh(two, escaped(&security)),
                wazuh(three, json!({"data": cmdlet.join(", ").replace('"', "\\\"")})),
            ],
        ),
        (
            "sentinel",
            [
                sentinel(one, named_xml(&sysmon)),
                sentinel(two, named_xml(&security)),
                sentinel(three, cmdlet.iter().map(|text| format!("<Data>{}</Data>", escape(text))).collect()),
            ],
        ),
    ]
}
