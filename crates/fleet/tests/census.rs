//! Counting, and telling owners: servers of the lab, of which the truth is known.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use std::fs;

use afterpatch_lab::{Layout, Scenario, Variant, make, write_zip};
use common::{Case, code, fleet, scan};
use serde_json::Value;

/// A package of a server of that name.
fn package(case: &Case, file: &str, server: &str, variant: Variant, seed: u64) {
    let mut scenario = Scenario::small(seed, variant);
    let (name, domain) = server.split_once('.').unwrap();
    (scenario.server.name, scenario.server.domain) = (name.to_owned(), domain.to_owned());
    write_zip(&make(&scenario), &case.at(&format!("packages/{file}.zip")), Layout::Kape).unwrap();
}

/// Nine servers that were broken into (one of them in two packages), one without anything, two that share a short private name.
fn case() -> Case {
    let case = Case::empty();
    for number in 0..9u8 {
        let server = format!("mail.org{number}.example");
        package(&case, &format!("hit{number}"), &server, Variant::ProxyLogonOab, 40 + u64::from(number));
    }
    package(&case, "hit0-again", "MAIL.org0.example", Variant::ProxyLogonOab, 40);
    // Half of the harmless servers have open holes; this one has not.
    let fixed = (60..).find(|seed| make(&Scenario::small(*seed, Variant::Benign)).truth.verdict.exposure == "fixed").unwrap();
    package(&case, "quiet", "mail.quiet.example", Variant::Benign, fixed);
    package(&case, "same-name-1", "EX01.corp.local", Variant::ProxyLogonOab, 61);
    package(&case, "same-name-2", "EX01.corp.local", Variant::ProxyLogonOab, 62);
    let inventory = "server,domain,organisation,country,contact,language\n\
                     ,org0.example,City of Zero,DE,abuse@org0.example,de\n\
                     ,org1.example,One Ltd,AT,,\n\
                     ,org2.example,One Ltd,AT,,\n\
                     ,quiet.example,Quiet,AT,it@quiet.example,en\n\
                     MAIL,elsewhere.example,Elsewhere,DE,abuse@elsewhere.example,en\n";
    fs::write(case.at("inventory.csv"), inventory).unwrap();
    assert_eq!(code(&scan(&case, &["--quiet"])), 0);
    case
}

fn census(case: &Case, more: &[&str]) -> Value {
    let lake = case.path("lake");
    let output = fleet(&[&["census", "--lake", &lake, "--format", "json"], more].concat());
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn servers_in(census: &Value, question: &str, state: &str) -> u64 {
    let states = census[question].as_array().unwrap().iter();
    states.filter(|row| row["state"] == state).map(|row| row["servers"].as_u64().unwrap()).sum()
}

#[test]
fn servers_are_counted_once_and_their_owners_are_told_of_nobody_else() {
    let case = case();
    let inventory = case.path("inventory.csv");

    // Thirteen rows; one server stands in two packages, and private names are not the same server without an owner in common.
    let told = census(&case, &["--inventory", &inventory]);
    assert_eq!(told["schema"], "afterpatch.fleet-census/1");
    assert_eq!((&told["rows"], &told["servers"]), (&13.into(), &12.into()));
    assert_eq!(servers_in(&told, "compromise", "compromised"), 11);
    assert_eq!(servers_in(&told, "foothold", "in_place"), 11);
    assert_eq!(servers_in(&told, "compromise", "nothing_seen"), 1);
    let country = |name: Value| told["countries"].as_array().unwrap().iter().find(|row| row["country"] == name).unwrap().clone();
    assert_eq!(country("AT".into())["servers"], 3);
    assert_eq!(country("AT".into())["organisations"], 2);
    assert_eq!(country("AT".into())["compromised"], 2);
    assert_eq!(country("DE".into())["compromised"], 1);
    // The same as a picture, by the name of the file.
    let (picture, lake) = (case.path("census.svg"), case.path("lake"));
    assert_eq!(code(&fleet(&["census", "--lake", &lake, "--inventory", &inventory, "--lang", "de", "-o", &picture])), 0);
    let picture = std::fs::read_to_string(picture).unwrap();
    assert!(picture.starts_with("<svg ") && picture.contains("12 Server") && picture.contains("class=\"whisker\""), "{picture}");
    // Logs and files both show every one: nobody is missing, and that is said to be no proof.
    let looks = told["unseen"].as_array().unwrap();
    assert_eq!(looks[0]["universe"]["examined"]["servers"], 12);
    assert_eq!((&looks[0]["lists"][0]["servers"], &looks[0]["lists"][1]["servers"]), (&11.into(), &11.into()));
    assert_eq!(looks[0]["estimates"][0]["all"], 11.0);
    // With the looser rule the two private names are one.
    assert_eq!((&looks[1]["merging"], &looks[1]["overlap"]), (&"by_name".into(), &10.into()));

    // A list of somebody else: eight that we have, and four that we have not. Chapman: (11+1)(12+1)/(8+1) − 1.
    let mut list = "hostname\n".to_owned();
    for number in 0..8 {
        list += &format!("mail.org{number}.example.\n");
    }
    list += "a.elsewhere.example\nb.elsewhere.example\nc.elsewhere.example\nd.elsewhere.example\n\n";
    fs::write(case.at("theirs.csv"), list).unwrap();
    let named = format!("theirs={}", case.path("theirs.csv"));
    let told = census(&case, &["--list", &named]);
    let looks = told["unseen"].as_array().unwrap();
    let beside = looks.iter().find(|look| look["universe"] == "all").unwrap();
    assert_eq!((&beside["seen"], &beside["overlap"]), (&15.into(), &8.into()));
    assert!((beside["estimates"][0]["all"].as_f64().unwrap() - (12.0 * 13.0 / 9.0 - 1.0)).abs() < 1e-9);
    // A third list that nobody else is on gives no wild number.
    fs::write(case.at("third.csv"), "server\nx.elsewhere.example\n").unwrap();
    let third = format!("third={}", case.path("third.csv"));
    let told = census(&case, &["--list", &third]);
    let beside = told["unseen"].as_array().unwrap().iter().find(|look| look["universe"] == "all").unwrap().clone();
    assert!(beside["estimates"][0]["refused"].as_str().unwrap().contains("only 0"), "{beside}");
    // Nothing happened in a week in which nobody was there.
    let told = census(&case, &["--since", "2010-01-01", "--until", "2010-01-07"]);
    assert_eq!(servers_in(&told, "compromise", "compromised"), 0);

    // Notices: each in its language, to its contact, with its own servers.
    let to = case.path("notices");
    let notify = |to: &str, more: &[&str]| {
        let lake = case.path("lake");
        fleet(&[&["notify", "--lake", &lake, "--inventory", &inventory, "--to", to, "--no-color"], more].concat())
    };
    let output = notify(&to, &["--tlp", "red"]);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    assert!(
        stdout.contains("2 notices") && stdout.contains("Nothing was sent") && stdout.contains("8 servers belong"),
        "{stdout}"
    );
    let read = |name: &str| fs::read_to_string(case.at(&format!("notices/{name}"))).unwrap();
    let (zero, one) = (read("to-city-of-zero.txt"), read("to-one-ltd.txt"));
    assert!(zero.contains("TLP:RED") && zero.contains("An: abuse@org0.example") && zero.contains("Hintertür"), "{zero}");
    assert!(one.contains("mail.org1.example") && one.contains("mail.org2.example") && one.contains("What to do"), "{one}");
    let index = read("index.csv");
    assert!(index.contains("City of Zero,abuse@org0.example,to-city-of-zero.txt,1,de\n"), "{index}");
    for (text, own) in [(&zero, &["org0"][..]), (&one, &["org1", "org2"])] {
        let others = (0..9).map(|number| format!("org{number}")).chain(["quiet".into(), "corp.local".into()]);
        for other in others.filter(|other| !own.contains(&other.as_str())) {
            assert!(!text.to_lowercase().contains(&other), "{other} stands in {text}");
        }
    }
    assert!(!zero.contains("One Ltd") && !one.contains("City of Zero"));
    let unassigned = read("unassigned.txt");
    assert!(unassigned.contains("mail.org8.example") && unassigned.to_lowercase().contains("ex01.corp.local"), "{unassigned}");
    // All these servers are called `mail` in their own networks, as is one of somebody else.
    assert!(!case.at("notices/to-quiet.txt").exists() && !case.at("notices/to-elsewhere.txt").exists());

    // An earlier day's notices are never mixed with today's; and nothing to tell is told when it is asked for.
    assert_eq!(code(&notify(&to, &[])), 1);
    assert_eq!(code(&notify(&case.path("all"), &["--all"])), 0);
    assert!(case.at("all/to-quiet.txt").exists());
}
