//! Every variant with several seeds: equal bytes, well-formed logs, and a truth that points at the right lines.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod markers;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use afterpatch_lab::{Lab, LabFile, Planted, Product, Scenario, Variant, make};
use jiff::{SignedDuration, Timestamp};

const SEEDS: [u64; 3] = [1, 2, 4711];

/// Made once for all tests: they only read.
fn stories() -> &'static [(Scenario, Lab)] {
    static STORIES: LazyLock<Vec<(Scenario, Lab)>> = LazyLock::new(|| {
        let scenarios = Variant::all().flat_map(|variant| SEEDS.map(|seed| Scenario::small(seed, variant)));
        scenarios.map(|scenario| (scenario.clone(), make(&scenario))).collect()
    });
    &STORIES
}

fn text(file: &LabFile) -> &str {
    std::str::from_utf8(&file.bytes).unwrap()
}

/// Text of files that may be binary, or UTF-16.
fn any_text(file: &LabFile) -> Cow<'_, str> {
    match file.bytes.strip_prefix(&[0xff, 0xfe]) {
        None => String::from_utf8_lossy(&file.bytes),
        Some(rest) => {
            let units = rest.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(Result::unwrap).collect::<String>().into()
        }
    }
}

fn line(lab: &Lab, planted: &Planted) -> String {
    let file = lab.files.iter().find(|file| file.windows_path == planted.source.windows_path).unwrap();
    match planted.source.line {
        None => any_text(file).into_owned(),
        Some(line) => text(file).lines().nth(usize::try_from(line).unwrap() - 1).unwrap().to_owned(),
    }
}

#[test]
fn equal_scenarios_give_equal_bytes_and_other_seeds_other_bytes() {
    for variant in Variant::all() {
        let one = make(&Scenario::small(5, variant));
        assert_eq!(one, make(&Scenario::small(5, variant)), "{variant:?}");
        assert_ne!(one.files, make(&Scenario::small(6, variant)).files, "{variant:?}");
    }
}

#[test]
fn files_are_sorted_and_stand_once() {
    for (scenario, lab) in stories() {
        let paths = lab.files.iter().map(|file| file.windows_path.as_str()).collect::<Vec<_>>();
        assert!(paths.is_sorted_by(|one, other| one < other), "{:?} {}", scenario.variant, scenario.seed);
    }
}

#[test]
fn every_pointer_of_the_truth_points_at_its_line() {
    for (scenario, lab) in stories() {
        for planted in &lab.truth.planted {
            let line = line(lab, planted);
            let expected = markers::of(&planted.step, &planted.source.windows_path);
            assert!(
                expected.iter().any(|marker| line.contains(marker)),
                "{:?} {} {planted:?}\n{line}",
                scenario.variant,
                scenario.seed
            );
            if let (Some(page), Some(_)) = (&planted.page, planted.source.line)
                && planted.telling
                && planted.step != "command_run"
            {
                assert!(line.to_ascii_lowercase().contains(page.as_str()), "{planted:?}\n{line}");
            }
            if let Some(actor) = &planted.actor {
                assert!(line.contains(actor.as_str()), "{planted:?}\n{line}");
            }
        }
    }
}

/// The attackers' and scanners' addresses, the planted pages and the inert script stand in no line that the truth leaves out.
#[test]
fn no_line_of_the_attack_is_left_out_of_the_truth() {
    for (scenario, lab) in stories() {
        let pages =
            lab.truth.planted.iter().filter(|planted| planted.step != "scan").filter_map(|planted| planted.page.as_deref());
        let pages = pages.collect::<BTreeSet<_>>();
        let mut marked = BTreeMap::<&str, BTreeSet<u64>>::new();
        for planted in &lab.truth.planted {
            marked.entry(&planted.source.windows_path).or_default().insert(planted.source.line.unwrap_or(0));
        }
        for file in &lab.files {
            let lines = marked.get(file.windows_path.as_str());
            if lines.is_some_and(|lines| lines.contains(&0)) {
                continue;
            }
            for (number, line) in (1..).zip(any_text(file).lines()) {
                let guilty =
                    line.contains("203.0.113.") || line.contains("LabInert") || pages.iter().any(|page| line.contains(page));
                let guilty = guilty || (line.contains("ServerInfo~") && !line.contains("ScriptBlockText"));
                assert!(
                    !guilty || lines.is_some_and(|lines| lines.contains(&number)),
                    "{:?} {} {}:{number}\n{line}",
                    scenario.variant,
                    scenario.seed,
                    file.windows_path
                );
            }
        }
    }
}

#[test]
fn the_truth_has_what_its_verdict_says() {
    for (scenario, lab) in stories() {
        let steps = lab
            .truth
            .planted
            .iter()
            .filter(|planted| planted.telling)
            .map(|planted| planted.step.as_str())
            .collect::<BTreeSet<_>>();
        let context = format!("{:?} {} {steps:?}", scenario.variant, scenario.seed);
        let verdict = &lab.truth.verdict;
        let changed =
            ["configuration_changed", "file_written", "command_run", "mail_redirected"].iter().any(|step| steps.contains(step));
        assert_eq!(changed, verdict.compromise == "compromised", "{context}");
        match verdict.compromise.as_str() {
            "nothing_seen" => assert!(steps.iter().all(|step| *step == "scan"), "{context}"),
            "attempted" => assert!(steps.contains("forged_request") && !steps.contains("session_opened"), "{context}"),
            "passed" => assert!(steps.contains("session_opened"), "{context}"),
            _ => {}
        }
        let pages = || lab.truth.planted.iter().filter(|planted| planted.step == "page_requested");
        match verdict.foothold.as_str() {
            "removed" => assert!(steps.contains("page_gone") && !steps.contains("file_present"), "{context}"),
            "used_after_fix" => assert!(pages().any(|visit| visit.time > lab.truth.fixed_at), "{context}"),
            "in_place" if scenario.variant == Variant::ProxyToken => assert!(steps.contains("mail_redirected"), "{context}"),
            "in_place" if lab.files.len() > 1 && scenario.variant != Variant::ProxyLogonEcpOnly => {
                assert!(steps.contains("file_present"), "{context}");
            }
            _ => {}
        }
        if scenario.variant == Variant::ScannedOnly {
            assert!(steps.contains("scan"), "{context}");
        }
        if scenario.variant == Variant::TwoActors {
            assert_eq!(lab.truth.planted.iter().filter(|planted| planted.step == "file_present").count(), 2, "{context}");
        }
    }
}

#[test]
fn after_its_end_the_page_is_never_answered_again() {
    for seed in 0..12 {
        let lab = make(&Scenario::small(seed, Variant::ProxyLogonOabRemoved));
        let times = |step: &str| {
            lab.truth.planted.iter().filter(|planted| planted.step == step).map(|planted| planted.time).collect::<Vec<_>>()
        };
        assert!(times("page_requested").iter().max() < times("page_gone").iter().min(), "{seed}");
        let pages = lab.files.iter().filter(|file| file.windows_path.ends_with(".aspx"));
        assert!(pages.into_iter().all(|file| file.windows_path.contains("monitor")), "{seed}");
    }
}

#[test]
fn the_first_command_comes_seven_seconds_after_the_first_request() {
    let lab = make(&Scenario::small(3, Variant::ProxyLogonOab));
    let first = |step: &str| {
        lab.truth.planted.iter().filter(|planted| planted.step == step).filter_map(|planted| planted.time).min().unwrap()
    };
    let took = first("command_run").duration_since(first("forged_request"));
    assert!(took > SignedDuration::from_secs(4) && took < SignedDuration::from_secs(8), "{took:?}");
}

#[test]
fn iis_rows_have_the_columns_of_the_head_above_them() {
    for (_, lab) in stories() {
        for file in lab.files.iter().filter(|file| file.windows_path.contains("W3SVC")) {
            let mut columns = 0;
            let mut last = String::new();
            for line in text(file).lines() {
                if let Some(fields) = line.strip_prefix("#Fields: ") {
                    columns = fields.split(' ').count();
                } else if !line.starts_with('#') {
                    assert_eq!(line.split(' ').count(), columns, "{}\n{line}", file.windows_path);
                    let clock = line.get(..19).unwrap().to_owned();
                    assert!(clock >= last, "{}\n{line}", file.windows_path);
                    last = clock;
                }
            }
        }
    }
}

#[test]
fn the_iis_head_comes_again_after_a_start_and_sometimes_with_other_columns() {
    let heads = |lab: &Lab| {
        let logs = lab.files.iter().filter(|file| file.windows_path.contains("W3SVC1"));
        logs.map(|file| text(file).lines().filter(|line| line.starts_with("#Fields")).collect::<BTreeSet<_>>().len())
            .max()
            .unwrap()
    };
    let changed = (0..10).map(|seed| heads(&make(&Scenario::small(seed, Variant::Benign)))).collect::<BTreeSet<_>>();
    assert_eq!(changed, BTreeSet::from([1, 2]));
}

#[test]
fn httpproxy_rows_have_the_columns_of_their_head_and_the_name_of_their_hour() {
    for (scenario, lab) in stories() {
        for file in lab.files.iter().filter(|file| file.windows_path.contains(r"\Logging\HttpProxy\")) {
            let body = text(file).strip_prefix('\u{feff}').unwrap();
            assert!(body.lines().all(|line| !line.ends_with('\r')) && body.matches("\r\n").count() == body.lines().count());
            let fields = body.lines().find_map(|line| line.strip_prefix("#Fields: ")).unwrap();
            let columns = fields.split(',').count();
            assert_eq!(columns < 74, scenario.server.product == Product::Exchange2013);
            for line in body.lines().filter(|line| !line.starts_with('#') && *line != fields) {
                assert_eq!(csv_fields(line), columns, "{}\n{line}", file.windows_path);
                let hour = line.get(..13).unwrap().replace(['-', 'T'], "");
                assert!(file.windows_path.contains(&format!("HttpProxy_{hour}-")), "{}\n{line}", file.windows_path);
            }
        }
    }
}

/// Counts the fields of an RFC 4180 row.
fn csv_fields(line: &str) -> usize {
    let mut quoted = false;
    let mut fields = 1;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => fields += 1,
            _ => {}
        }
    }
    assert!(!quoted, "{line}");
    fields
}

#[test]
fn every_hour_of_every_protocol_has_rows() {
    let lab = make(&Scenario::small(9, Variant::ProxyLogonPostPatch));
    for protocol in ["Autodiscover", "Eas", "Ecp", "Ews", "Mapi", "Owa"] {
        let folder = format!(r"\Logging\HttpProxy\{protocol}\");
        let names = lab.files.iter().filter_map(|file| file.windows_path.split_once(&folder)).map(|(_, name)| &name[..20]);
        assert_eq!(names.collect::<BTreeSet<_>>().len(), 72, "{protocol}");
    }
}

#[test]
fn the_update_shows_in_the_versions_of_the_logs() {
    let lab = make(&Scenario::small(9, Variant::ProxyLogonPostPatch));
    let versions = lab.files.iter().filter(|file| file.windows_path.contains(r"\Logging\HttpProxy\Owa\"));
    let versions =
        versions.map(|file| text(file).lines().find(|line| line.starts_with("#Version")).unwrap()).collect::<BTreeSet<_>>();
    assert_eq!(versions.len(), 2);
    assert_eq!(lab.truth.builds.len(), 2);
    assert!(lab.truth.fixed_at.is_some());
}

#[test]
fn front_end_ids_join_iis_and_httpproxy() {
    let lab = make(&Scenario::small(2, Variant::ProxyLogonOab));
    let logs = |part: &str| {
        let files = lab.files.iter().filter(|file| file.windows_path.contains(part)).map(text);
        files.collect::<Vec<_>>().join("")
    };
    let (front, proxy) = (logs("W3SVC1"), logs(r"\Logging\HttpProxy\"));
    let in_proxy =
        proxy.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(',').nth(1)).collect::<BTreeSet<_>>();
    let in_iis = front.split("cafeReqId=").skip(1).filter_map(|rest| rest.get(..36)).collect::<BTreeSet<_>>();
    assert!(in_iis.len() > 1_000);
    assert!(in_iis.iter().all(|id| in_proxy.contains(id)));
}

#[test]
fn events_are_json_lines_whose_clock_may_be_local_while_sysmon_says_utc() {
    let mut clocks = BTreeSet::new();
    for seed in 0..12 {
        let lab = make(&Scenario::small(seed, Variant::ProxyLogonEventsOnly));
        assert_eq!(lab.files.len(), 1);
        let mut shift = None;
        for line in text(&lab.files[0]).lines() {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(event["Hostname"], lab.truth.server_fqdn.as_str());
            if let Some(utc) = event["UtcTime"].as_str() {
                let utc = format!("{}Z", utc.replace(' ', "T")).parse::<Timestamp>().unwrap();
                let shown = event["TimeCreated"].as_str().unwrap().parse::<Timestamp>().unwrap();
                let hours = (shown.duration_since(utc).as_millis() as f64 / 3_600_000.0).round() as i64;
                assert_eq!(*shift.get_or_insert(hours), hours);
            }
        }
        clocks.insert(shift.unwrap() == 0);
    }
    assert_eq!(clocks.len(), 2);
}

#[test]
fn logs_were_written_for_the_last_time_just_after_their_last_line() {
    let lab = make(&Scenario::small(4, Variant::TwoActors));
    for file in lab.files.iter().filter(|file| file.windows_path.contains(r"\Logging\")) {
        let last = text(file).lines().last().unwrap().split(',').next().unwrap().parse::<Timestamp>().unwrap();
        let later = file.modified.duration_since(last);
        assert!(later >= SignedDuration::ZERO && later < SignedDuration::from_secs(5), "{}", file.windows_path);
    }
}
