//! The meaning of Sigma that our rules and third parties' rules rely on: guards an upgrade of the engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use afterpatch_model::{
    Cmdlet, Confidence, Fields, Grade, LogSource, Logon, Place, Record, Severity, Standing, Step, Unified, WebRequest,
};
use afterpatch_rules::RulePack;

/// Fields of a record, the detection part of a rule (indented by two), and whether they match.
type Row = (&'static [(&'static str, &'static str)], &'static str, bool);

const TABLE: &[Row] = &[
    // Plain values: the whole text, without regard to case.
    (&[("A", "WhoAmI")], "s: {A: whoami}", true),
    (&[("A", "whoami /all")], "s: {A: whoami}", false),
    (&[("A", "GRÜẞE")], "s: {A: grüße}", true),
    (&[("A", "WhoAmI")], "s: {A|cased: whoami}", false),
    // Field names are compared without regard to ASCII case, as exports differ in it.
    (&[("clientipaddress", "192.0.2.1")], "s: {ClientIPAddress: 192.0.2.1}", true),
    // Text modifiers.
    (&[("A", "cmd /c Whoami")], "s: {A|contains: WHO}", true),
    (&[("A", "cmd /c Whoami")], "s: {A|startswith: CMD}", true),
    (&[("A", "cmd /c Whoami")], "s: {A|startswith: who}", false),
    (&[("A", "cmd /c Whoami")], "s: {A|endswith: whoami}", true),
    (&[("A", "cmd /c Whoami")], "s: {A|endswith: cmd}", false),
    (&[("A", "one two")], "s: {A|contains: [two, three]}", true),
    (&[("A", "one two")], "s: {A|contains|all: [two, three]}", false),
    (&[("A", "three two")], "s: {A|contains|all: [two, three]}", true),
    // The engine joins long lists of literals into one automaton: same meaning.
    (
        &[("A", "has hotel in it")],
        "s: {A|contains: [alpha, bravo, charlie, delta, echo, foxtrot, golf, Hotel, india, juliett]}",
        true,
    ),
    (&[("A", "has none")], "s: {A|contains: [alpha, bravo, charlie, delta, echo, foxtrot, golf, Hotel, india, juliett]}", false),
    // Regular expressions: case counts, and they are not anchored.
    (&[("A", "abc123")], "s: {A|re: '[0-9]{3}$'}", true),
    (&[("A", "ABC")], "s: {A|re: abc}", false),
    (&[("A", "ABC")], "s: {A|re|i: abc}", true),
    (&[("A", "ABC")], "s: {A|re: '(?i)abc'}", true),
    (&[("A", "a.c")], r"s: {A|re: 'a\.c'}", true),
    (&[("A", "abc")], r"s: {A|re: 'a\.c'}", false),
    // Networks.
    (&[("A", "10.1.2.3")], "s: {A|cidr: 10.0.0.0/8}", true),
    (&[("A", "11.1.2.3")], "s: {A|cidr: 10.0.0.0/8}", false),
    (&[("A", "fe80::1")], "s: {A|cidr: 'fe80::/10'}", true),
    (&[("A", "not an address")], "s: {A|cidr: 10.0.0.0/8}", false),
    // There, not there, null, empty: an empty field is there, and is not null.
    (&[("A", "x")], "s: {A|exists: true}", true),
    (&[("B", "x")], "s: {A|exists: true}", false),
    (&[("B", "x")], "s: {A|exists: false}", true),
    (&[("A", "")], "s: {A|exists: true}", true),
    (&[("B", "x")], "s: {A: null}", true),
    (&[("A", "x")], "s: {A: null}", false),
    (&[("A", "")], "s: {A: null}", false),
    (&[("A", "")], "s: {A: ''}", true),
    (&[("B", "x")], "s: {A: [null, y]}", true),
    (&[("A", "y")], "s: {A: [null, y], B: null}", true),
    (&[("A", "x")], "s: {A: [null, y]}", false),
    (&[("B", "x")], "s: {A: ''}", false),
    (&[("A", "x")], "s: {A: ''}", false),
    // A field that is not there matches no value, so a filter on it holds nothing back.
    (&[("B", "x")], "s: {A|contains: x}", false),
    (&[("B", "x")], "s: {B: x}\n  f: {A: y}\n  condition: s and not f", true),
    // Not equal: of a field that is there.
    (&[("A", "x")], "s: {A|neq: y}", true),
    (&[("A", "Y")], "s: {A|neq: y}", false),
    (&[("B", "x")], "s: {A|neq: y}", false),
    // Dashes of Windows command lines.
    (&[("A", "net.exe /domain")], "s: {A|contains|windash: ' -domain'}", true),
    (&[("A", "net.exe –domain")], "s: {A|contains|windash: ' -domain'}", true),
    (&[("A", "net.exe domain")], "s: {A|contains|windash: ' -domain'}", false),
    // Encoded text.
    (&[("A", "x d2hvYW1p y")], "s: {A|base64|contains: whoami}", true),
    (&[("A", "x whoami y")], "s: {A|base64|contains: whoami}", false),
    (&[("A", "eHl6d2hvYW1pIG5vdw==")], "s: {A|base64offset|contains: whoami}", true),
    (&[("A", "bmV0IHdob2FtaSBub3c=")], "s: {A|base64offset|contains: whoami}", true),
    (&[("A", "eHdob2FtaSE=")], "s: {A|base64offset|contains: [nothing, whoami]}", true),
    (&[("A", "eHcAaABvAGEAbQBpACEA")], "s: {A|wide|base64offset|contains: whoami}", true),
    (&[("A", "bmV0IHdob3MgaXQ=")], "s: {A|base64offset|contains: whoami}", false),
    // Numbers are text in our records.
    (&[("A", "200")], "s: {A: 200}", true),
    (&[("A", "200")], "s: {A: '200'}", true),
    (&[("A", "2001")], "s: {A: 200}", false),
    (&[("A", "")], "s: {A: 0}", false),
    (&[("A", "404")], "s: {A|gte: 400}", true),
    (&[("A", "399")], "s: {A|gte: 400}", false),
    (&[("A", "n/a")], "s: {A|lt: 400}", false),
    (&[("A", "true")], "s: {A: 'true'}", true),
    (&[("A", "true")], "s: {A: true}", true),
    // Wildcards, and how to escape them.
    (&[("A", "/ecp/abc.js")], "s: {A: '/ecp/*.js'}", true),
    (&[("A", "/ecp/abc.js?x")], "s: {A: '/ecp/*.js'}", false),
    (&[("A", "ab")], "s: {A: 'a?'}", true),
    (&[("A", "abc")], "s: {A: 'a?'}", false),
    (&[("A", "about.aspx?a=")], r"s: {A|contains: 'aspx\?a'}", true),
    (&[("A", "about.aspxXa=")], r"s: {A|contains: 'aspx\?a'}", false),
    (&[("A", "about.aspxXa=")], "s: {A|contains: 'aspx?a'}", true),
    (&[("A", "net.exe /a /domain")], "s: {A|contains|windash: ' -a* -domain'}", true),
    (&[("A", "net.exe a domain")], "s: {A|contains|windash: ' -a* -domain'}", false),
    // A wildcard reaches over the end of a line, and what begins or ends with one is anchored.
    (&[("A", "one\r\ntwo")], "s: {A: 'one*two'}", true),
    (&[("A", "one\r\ntwo\r\n")], "s: {A: 'one*two'}", false),
    (&[("A", "a ONE\r\ntwo b")], "s: {A|contains: 'one*two'}", true),
    (&[("A", "a ONE two b")], "s: {A|contains|cased: 'one*two'}", false),
    (&[("A", "one two three")], "s: {A|startswith: 'one*tw'}", true),
    (&[("A", "zero one two")], "s: {A|startswith: 'one*tw'}", false),
    (&[("A", "zero one two")], "s: {A|endswith: 'one*two'}", true),
    (&[("A", "zero one two three")], "s: {A|endswith: 'one*two'}", false),
    (&[("A", "one two three")], "s: {A|contains|all: ['one*three', two]}", true),
    (&[("A", "one three")], "s: {A|contains|all: ['one*three', two]}", false),
    (&[("A", "a+b (c) [d]_x~")], "s: {A: 'a+b (c) [d]?x~*'}", true),
    (&[("A", "one\r\ntwo")], "s: {A|contains|all: [one, two]}", true),
    // Backslashes.
    (&[("A", r"C:\Windows\cmd.exe")], r"s: {A|endswith: '\cmd.exe'}", true),
    (&[("A", r"C:\Windows\xcmd.exe")], r"s: {A|endswith: '\cmd.exe'}", false),
    (&[("A", r"C:\Windows\cmd.exe")], r"s: {A|endswith: '\\cmd.exe'}", true),
    (&[("A", r"C:\wwwroot\a.aspx")], r"s: {A|contains: 'wwwroot\'}", true),
    (&[("A", r"\\*\C$")], r"s: {A: '\\\\\*\C$'}", true),
    // Conditions.
    (&[("A", "x")], "s1: {A: x}\n  s2: {A: y}\n  condition: 1 of s*", true),
    (&[("A", "x")], "s1: {A: x}\n  s2: {A: y}\n  condition: all of s*", false),
    (&[("A", "x"), ("B", "y")], "s1: {A: x}\n  s2: {B: y}\n  condition: all of them", true),
    (&[("A", "x"), ("B", "y")], "s: {A: x}\n  f_1: {B: y}\n  condition: s and not 1 of f_*", false),
    (&[("A", "x"), ("B", "z")], "s: {A: x}\n  f_1: {B: y}\n  condition: s and not 1 of f_*", true),
    (&[("A", "x"), ("B", "y")], "s: {A: x}\n  t: {B: z}\n  u: {B: y}\n  condition: s and (t or u)", true),
    (&[("A", "x"), ("B", "z")], "s:\n    - {A: q}\n    - {B: z}", true),
    (&[("A", "x"), ("B", "z")], "s: {A: x, B: y}", false),
    // Keywords: any field.
    (&[("A", "x"), ("B", "an InvalidCastException!")], "s: [invalidcastexception]", true),
    (&[("A", "x")], "s: [invalidcastexception]", false),
    (&[("A", "x"), ("B", "one\ntwo")], "s: ['one*two']", true),
    (&[("A", "one"), ("B", "two")], "s: ['one*two']", false),
    (&[("A", "one"), ("B", "two")], "s: {'|all': [one, two]}", true),
    (&[("A", "one"), ("B", "none")], "s: {'|all': [one, two]}", false),
    // Fields against each other.
    (&[("A", "x"), ("B", "X")], "s: {A|fieldref: B}", true),
    (&[("A", "x"), ("B", "y")], "s: {A|fieldref: B}", false),
];

#[test]
fn sigma_means_what_we_rely_on() {
    for (fields, detection, expected) in TABLE {
        let told = matches(&rule("category: x", detection), &record(fields, "", "x", ""));
        assert_eq!(told, *expected, "{detection} on {fields:?}");
    }
}

#[test]
fn the_prefilter_changes_no_answer() {
    // With an alternative that never holds and has no literal, no rule can be filtered by literals.
    for (fields, detection, _) in TABLE {
        let (detection, condition) = detection.split_once("\n  condition: ").unwrap_or((detection, "s"));
        let never = "never: {NoSuchField|exists: true}";
        let unfiltered = format!("{detection}\n  {never}\n  condition: ({condition}) or never");
        if condition.contains("them") {
            continue; // `them` would take the alternative in.
        }
        let record = record(fields, "", "x", "");
        let filtered = matches(&rule("category: x", &format!("{detection}\n  condition: {condition}")), &record);
        assert_eq!(filtered, matches(&rule("category: x", &unfiltered), &record), "{detection} on {fields:?}");
    }
}

#[test]
fn the_unified_record_is_asked_before_the_fields_of_the_format() {
    let mut record = record(&[("sc-status", "garbled"), ("cs(Cookie)", "a=b")], "windows", "webserver", "iis");
    record.unified = Unified::WebRequest(WebRequest { status: 200, ..WebRequest::default() });
    assert!(matches(&rule("category: webserver", "s: {sc-status: 200, 'cs(Cookie)': a=b, cs-username: ''}"), &record));
}

#[test]
fn published_rules_on_web_servers_see_path_and_query() {
    let mut request = record(&[("cs(Cookie)", "a=b"), ("cs-host", "mail.example")], "windows", "webserver", "iis");
    request.unified = Unified::WebRequest(WebRequest {
        method: "POST".into(),
        stem: "/ecp/x.aspx".into(),
        query: "cmd=whoami".into(),
        user_agent: "curl/8".into(),
        status: 200,
        ..WebRequest::default()
    });
    let table = [
        ("s: {cs-uri-query|contains: '/ecp/x.aspx?cmd='}", true),
        ("s: {cs-uri-query|startswith: '/ecp/'}", true),
        ("s: {cs-uri-query|startswith: 'cmd='}", true),
        ("s: {cs-uri-query|endswith: 'whoami'}", true),
        ("s: {cs-uri-query|contains: '/owa/'}", false),
        // Beside the path it is the query alone.
        ("s: {cs-uri-stem|startswith: '/ecp/', cs-uri-query|contains: x.aspx}", false),
        ("s: {cs-uri-stem|startswith: '/ecp/', cs-uri-query|contains: whoami}", true),
        ("s: {c-uri|contains: 'aspx?cmd'}", true),
        ("s: {cs-uri: '/ecp/x.aspx?cmd=*'}", true),
        ("s: {c-useragent|startswith: curl, cs-user-agent: 'curl/*'}", true),
        ("s: {cs-cookie: a=b, cs-host: mail.example, cs-method: POST, sc-status: 200}", true),
        ("s: ['x.aspx?cmd=']", true),
    ];
    for (detection, expected) in table {
        assert_eq!(matches(&rule("category: webserver", detection), &request), expected, "{detection}");
    }
    // Our own rules mean what the log means.
    let own = rule("category: webserver", "s: {cs-uri-query|contains: x.aspx}");
    assert!(matches(&own, &request));
    assert!(!matches(&own.replace("title: t", "title: t\ntags: [afterpatch.grade.attempt]"), &request));
}

#[test]
fn published_rules_on_windows_see_the_data_of_the_event() {
    let fields = [("EventID", "4624"), ("Channel", "Security"), ("ipaddress", "-"), ("Level", "2")];
    let mut logon = record(&fields, "windows", "", "security");
    logon.unified = Unified::Logon(Logon { logon_type: 3, package: "NTLM".into(), ..Logon::default() });
    let table = [
        ("s: {EventID: 4624, IpAddress: '-', LogonType: 3, AuthenticationPackageName: ntlm}", true),
        ("s: {EventID: '4624', IpAddress: ''}", false),
        ("s: {WorkstationName: null}", true),
        ("s: {Level: 2}", true),
        ("s: {Level: Error}", true),
        ("s: {Level: [1, Warning]}", false),
        ("s: {EventID: 462}", false),
    ];
    for (detection, expected) in table {
        assert_eq!(matches(&rule("product: windows\n  service: security", detection), &logon), expected, "{detection}");
    }
}

#[test]
fn a_rule_without_its_users_values_is_not_loaded() {
    let text = rule("category: x", "s: {A: x}\n  f: {B|expand: '%known_hosts%'}\n  condition: s and not f");
    let (pack, problems) = RulePack::from_texts([("r".to_owned(), text)]);
    assert!(pack.rules().is_empty());
    assert!(problems.iter().any(|problem| problem.reason.contains("%known_hosts%")), "{problems:?}");
}

#[test]
fn a_rule_is_asked_about_the_records_of_its_log_source() {
    let security = ("windows", "process_creation", "security");
    let table = [
        ("category: process_creation", security, true),
        ("product: windows\n  category: process_creation", security, true),
        ("product: Windows\n  service: Security", security, true),
        ("product: windows\n  service: sysmon", security, false),
        ("product: linux\n  category: process_creation", security, false),
        ("category: webserver", security, false),
        ("category: webserver", ("exchange", "webserver", "httpproxy"), true),
        ("category: webserver", ("windows", "webserver", "iis"), true),
        ("product: exchange\n  category: webserver", ("windows", "webserver", "iis"), false),
        ("product: windows", ("windows", "", "application"), true),
        ("product: windows", ("windows", "webserver", "iis"), false),
        ("product: windows\n  service: iis", ("windows", "webserver", "iis"), true),
        ("product: windows\n  category: file_event", ("windows", "", "application"), false),
        ("product: windows\n  category: registry_event", ("windows", "registry_set", "sysmon"), true),
        ("product: windows\n  category: registry_event", ("windows", "process_creation", "sysmon"), false),
        ("product: windows\n  category: registry_set", ("windows", "registry_add", "sysmon"), false),
        ("product: windows\n  category: file_delete", ("windows", "file_delete_detected", "sysmon"), true),
        ("product: windows\n  service: ldap_debug", ("windows", "", "ldap"), true),
    ];
    for (source, (product, category, service), expected) in table {
        let told = matches(&rule(source, "s: {A: x}"), &record(&[("A", "x")], product, category, service));
        assert_eq!(told, expected, "{source} on {product}/{category}/{service}");
    }
}

#[test]
fn exchange_cmdlets_are_one_log_source_whichever_log_told_them() {
    let rule = rule("category: exchange_cmdlet", "s: {Cmdlet: Get-Mailbox}");
    for (product, service) in [("windows", "msexchange-management"), ("exchange", "ecp-server")] {
        let mut record = record(&[], product, "", service);
        assert!(!matches(&rule, &record));
        record.unified = Unified::Cmdlet(Cmdlet { name: "Get-Mailbox".into(), ..Cmdlet::default() });
        assert!(matches(&rule, &record), "{service}");
    }
}

#[test]
fn hits_are_appended_in_the_order_of_the_rules() {
    let texts = [("b", "category: x", "s: {A: y}"), ("a", "product: p", "s: {A: x}"), ("c", "category: x", "s: {A: x}")];
    let (pack, problems) = RulePack::from_texts(texts.map(|(name, source, detection)| (name.into(), rule(source, detection))));
    assert_eq!(problems, []);
    let mut hits = vec![7];
    pack.matches(&record(&[("A", "x")], "p", "x", ""), &mut hits);
    assert_eq!(hits, [7, 1, 2]);
}

#[test]
fn a_third_partys_rule_gets_careful_defaults() {
    let text = |level: &str, category: &str| {
        format!(
            "title: T\nid: 00000000-0000-4000-8000-000000000001\nauthor: Somebody\nlevel: {level}\ntags: [attack.execution, \
             attack.t1059.001, attack.g0007, cve.2021.26855, cve.2021-27065]\nlogsource:\n  category: {category}\ndetection:\n  s: {{A: x}}\n  \
             condition: s\n"
        )
    };
    let only = |text: String| {
        let (pack, problems) = RulePack::from_texts([("rules/windows/Proc_Creation_x.yml".to_owned(), text)]);
        assert_eq!(problems, []);
        pack.rules().first().unwrap().clone()
    };
    let high = only(text("high", "process_creation"));
    assert_eq!((high.step, high.grade, high.standing), (Step::CommandRun, Grade::Attempt, Standing::Alone));
    assert_eq!((high.severity, high.confidence), (Severity::High, Confidence::Medium));
    assert_eq!(high.slug, "Proc_Creation_x");
    assert_eq!(high.attack, ["T1059.001"]);
    assert_eq!(high.cves, ["CVE-2021-26855", "CVE-2021-27065"]);
    assert_eq!(high.author.as_deref(), Some("Somebody"));
    assert_eq!(high.campaign, None);
    let medium = only(text("medium", "webserver"));
    assert_eq!((medium.step, medium.standing, medium.severity), (Step::Other, Standing::Beside, Severity::Medium));
}

#[test]
fn what_cannot_be_used_is_named_and_the_rest_is_loaded() {
    let good = rule("category: x", "s: {A: x}");
    let with = |line: &str| good.replace("title: t", &format!("title: t\n{line}"));
    let id = "id: 00000000-0000-4000-8000-000000000001";
    let table = [
        ("not-yaml.yml", "{[".to_owned(), 0, 1),
        ("no-rule.yml", "- 1\n- 2\n".to_owned(), 0, 1),
        ("empty.yml", String::new(), 0, 1),
        ("unknown-modifier.yml", rule("category: x", "s: {A|nonsense: x}"), 0, 1),
        ("condition-names-nothing.yml", rule("category: x", "s: {A: x}\n  condition: s and ("), 0, 1),
        ("bad-regex.yml", rule("category: x", "s: {A|re: '('}"), 0, 1),
        ("misspelt-tag.yml", with("tags: [afterpatch.grade.compromised]"), 0, 1),
        ("unknown-key.yml", with("tags: [afterpatch.colour.red]"), 0, 1),
        (
            "correlation.yml",
            "title: c\ncorrelation:\n  type: event_count\n  rules: [a]\n  group-by: [A]\n  timespan: 5m\n  condition: {gte: 3}\n"
                .to_owned(),
            0,
            1,
        ),
        ("two.yml", format!("{good}\n---\n{good}"), 2, 0),
        ("good-and-bad.yml", format!("{good}\n---\ntitle: t\n"), 1, 1),
        ("too-long.yml", format!("{good}\n#{}", " ".repeat(1 << 20)), 0, 1),
        ("twice.yml", format!("{}\n---\n{}", with(id), with(id)), 1, 1),
    ];
    for (path, text, rules, problems) in table {
        let (pack, found) = RulePack::from_texts([(path.to_owned(), text)]);
        assert_eq!((pack.rules().len(), found.len()), (rules, problems), "{path}: {found:?}");
        assert!(found.iter().all(|problem| problem.path == path && !problem.reason.is_empty()), "{path}");
    }
}

#[test]
fn a_general_rule_and_a_finer_one_tell_a_record_once() {
    let rule = |value: &str, tags: &str| {
        format!("title: t\nlogsource:\n  category: x\ntags: [{tags}]\ndetection:\n  s: {{A|contains: {value}}}\n  condition: s")
    };
    let general = "afterpatch.scope.general, afterpatch.standing.alone";
    for (finer, value, expected) in [
        ("afterpatch.standing.alone", "child other", &["finer"][..]),
        ("afterpatch.standing.beside", "child other", &["general"]),
        ("afterpatch.standing.alone", "child", &["general"]),
        ("afterpatch.standing.beside", "other", &["finer"]),
    ] {
        let texts = [("general.yml", rule("child", general)), ("finer.yml", rule("other", finer))];
        let (pack, problems) = RulePack::from_texts(texts.map(|(name, text)| (name.to_owned(), text)));
        assert!(problems.is_empty(), "{problems:?}");
        let record = Record {
            place: Place::Line(1),
            time: None,
            server: None,
            source: LogSource::fixed("", "x", ""),
            fields: Fields::Pairs(vec![("A".into(), value.into())]),
            unified: Unified::Other,
        };
        // What stood in the list before stays.
        let mut hits = vec![7];
        pack.matches(&record, &mut hits);
        assert_eq!(hits.remove(0), 7);
        let told: Vec<&str> = hits.iter().map(|hit| pack.rules()[*hit].slug.as_str()).collect();
        assert_eq!(told, expected, "{finer} {value}");
    }
}

#[test]
fn slugs_are_names_and_never_the_same() {
    let text = rule("category: x", "s: {A: x}");
    let paths = ["proxylogon/some-rule/rule.yml", r"C:\rules\other.yml", "other.yaml", "other-2", "some-rule.yml"];
    let (pack, problems) = RulePack::from_texts(paths.map(|path| (path.to_owned(), text.clone())));
    assert_eq!(problems, []);
    let slugs: Vec<_> = pack.rules().iter().map(|rule| rule.slug.as_str()).collect();
    assert_eq!(slugs, ["some-rule", "other", "other-2", "other-2-2", "some-rule-2"]);
}

#[test]
fn a_pack_is_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<RulePack>();
}

fn rule(source: &str, detection: &str) -> String {
    let condition = if detection.contains("condition:") { "" } else { "\n  condition: s" };
    format!("title: t\nlogsource:\n  {source}\ndetection:\n  {detection}{condition}\n")
}

fn matches(rule: &str, record: &Record<'_>) -> bool {
    let (pack, problems) = RulePack::from_texts([("r".to_owned(), rule.to_owned())]);
    assert_eq!(problems, [], "{rule}");
    let mut hits = Vec::new();
    pack.matches(record, &mut hits);
    !hits.is_empty()
}

fn record(
    fields: &[(&'static str, &'static str)],
    product: &'static str,
    category: &'static str,
    service: &'static str,
) -> Record<'static> {
    Record {
        place: Place::Line(1),
        time: None,
        server: None,
        source: LogSource::fixed(product, category, service),
        fields: Fields::Pairs(fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()),
        unified: Unified::Other,
    }
}
