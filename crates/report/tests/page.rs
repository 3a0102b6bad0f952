//! The page: self-contained, under a policy that fits it, verdict first.
#![allow(clippy::unwrap_used)]

mod samples;

use std::collections::HashSet;

use afterpatch_report::{Format, Language, Options, write};
use sha2::{Digest, Sha256};

fn pages() -> Vec<(String, String)> {
    let hostile = ("hostile", samples::hostile("<script>x</script>"));
    let mut pages = Vec::new();
    let longer = ("longer", samples::long(5_000));
    for (name, report) in samples::all().into_iter().chain([hostile, longer]) {
        for language in Language::ALL {
            pages.push((format!("{name}.{}", language.tag()), written(&report, language)));
        }
    }
    pages
}

fn written(report: &afterpatch_model::Report, language: Language) -> String {
    let mut out = Vec::new();
    write(report, Format::Html, &Options { language, ..Options::default() }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Text between the first `open` and the next `close`.
fn between<'p>(page: &'p str, open: &str, close: &str) -> &'p str {
    page.split_once(open).unwrap().1.split_once(close).unwrap().0
}

#[test]
fn the_policy_allows_our_style_and_our_script_and_nothing_else() {
    for (name, page) in pages() {
        let style = between(&page, "<style>", "</style>");
        let policy = between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
        let script = between(&page, "<script>", "</script>");
        let mut rest = policy.replace("&#39;", "'");
        for (source, block) in [("style-src", style), ("script-src", script)] {
            let hash = between(policy, &format!("{source} &#39;sha256-"), "&#39;");
            assert_eq!(decode(hash), Sha256::digest(block.as_bytes()).as_slice(), "{name}: {source}");
            rest = rest.replace(hash, "");
        }
        assert_eq!(
            rest,
            "default-src 'none'; style-src 'sha256-'; img-src data:; base-uri 'none'; script-src 'sha256-'; \
             require-trusted-types-for 'script'; trusted-types 'none'; form-action 'none'"
        );
        assert!(page.find("Content-Security-Policy") < page.find("<title>"), "nothing of the evidence stands before the policy");
        assert_eq!(page.matches("<style").count(), 1);
        assert_eq!(page.matches("<script").count(), 1);
        assert!(!style.contains("url(") && !style.contains("@import") && !style.contains('\r'));
    }
}

/// The script is the same on every page: nothing of the evidence is in it, and it knows no way to make code or markup of text.
#[test]
fn the_script_is_ours_alone() {
    let ours = include_str!("../src/html/script.js").replace('\r', "");
    for (name, page) in pages() {
        assert_eq!(between(&page, "<script>", "</script>"), ours, "{name}");
    }
    for forbidden in [
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "Function(",
        "createElement",
        "fetch(",
        "XMLHttp",
        "WebSocket",
        "import(",
        "localStorage",
        "</",
    ] {
        assert!(!ours.contains(forbidden), "{forbidden}");
    }
}

/// Base 64, written apart from the writer that it checks.
fn decode(text: &str) -> Vec<u8> {
    let value = |c: char| match c {
        'A'..='Z' => u32::from(c) - 65,
        'a'..='z' => u32::from(c) - 71,
        '0'..='9' => u32::from(c) + 4,
        '+' => 62,
        _ => 63,
    };
    let mut bits = String::new();
    for c in text.trim_end_matches('=').chars() {
        bits.push_str(&format!("{:06b}", value(c)));
    }
    bits.as_bytes().chunks_exact(8).map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap()).collect()
}

#[test]
fn nothing_runs_and_nothing_is_loaded() {
    for (name, page) in pages() {
        for forbidden in ["<img", "<iframe", "<object", "<embed", "<form", "<base", " style=\"", " src=\"", " onload", "xlink:"] {
            assert!(!page.contains(forbidden), "{name}: {forbidden}");
        }
        for link in page.split(" href=\"").skip(1) {
            assert!(link.starts_with('#') || link.starts_with("data:,\""), "{name}: {}", link.get(..40).unwrap_or(link));
        }
    }
}

#[test]
fn every_link_leads_somewhere_and_ids_are_unique() {
    for (name, page) in pages() {
        let ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let unique: HashSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{name}");
        for target in page.split(" href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(unique.contains(target), "{name}: #{target}");
        }
    }
}

/// The other end of every link leads back: finding and step, file, planted page, address.
#[test]
fn what_belongs_together_is_linked_both_ways() {
    let page = written(&samples::compromised(), Language::English);
    let part = |id: &str| between(&page, &format!(" id=\"{id}\""), " id=\"").to_owned();
    let leads = |id: &str, to: &str| part(id).contains(&format!("href=\"#{to}\""));
    // F4 tells step 4 (the page was written), stands on the event log, and is about the planted page.
    for (id, to) in [
        ("s1-f4", "s1-i1-4"),
        ("s1-i1-4", "s1-f4"),
        ("s1-f4", "a0"),
        ("a0", "s1-f4"),
        ("s1-f4", "s1-i1-p1"),
        ("s1-i1-p1", "s1-f4"),
        ("s1-i1-p1", "s1-i1-4"),
    ] {
        assert!(leads(id, to), "{id} does not lead to {to}: {}", part(id));
    }
    // 192.0.2.190 visited the page after the fix.
    let actor = page.split(" id=\"s1-from").skip(1).find(|row| row.contains("<code>192.0.2.190</code>")).unwrap();
    let anchor = format!("s1-from{}", actor.split('"').next().unwrap());
    for (id, to) in
        [("s1-i1-p1", anchor.as_str()), (&anchor, "s1-i1-p1"), (&anchor, "s1-i1-11"), (&anchor, "s1-f11"), ("s1-f11", &anchor)]
    {
        assert!(leads(id, to), "{id} does not lead to {to}: {}", part(id));
    }
    // A scan that no incident tells makes nobody an actor.
    assert!(!page.contains("<code>198.51.100.201</code>") && part("s1-f14").contains("stands alone"));
}

/// Of very many findings the gravest are shown whole, the others in a line, and nothing is left out unsaid.
#[test]
fn tens_of_thousands_of_findings_are_all_there() {
    let page = written(&samples::flood(5_000), Language::English);
    assert_eq!(page.matches("<details class=\"finding\" id=").count(), 2_000);
    assert_eq!(page.matches("<div class=\"finding line\" id=").count(), 3_000);
    assert!(page.contains("3,000 findings that got less far have one line only"));
    let graver = page.split("<div class=\"finding line\"").skip(1).find(|line| !line.contains("data-grade=\"1\""));
    assert_eq!(graver, None, "a line is of the least grade only");
    let more = written(&samples::flood(50_010), Language::English);
    assert_eq!(more.matches(" data-grade=").count(), 50_000 + 13);
    assert!(more.contains("… + 10 (JSON)"));
}

#[test]
fn a_title_in_another_language_says_so() {
    let mut report = samples::compromised();
    report.servers[0].findings[0].kind = "of-a-user".to_owned();
    report.servers[0].findings[0].title = "Somebody's rule".to_owned();
    assert!(written(&report, Language::German).contains("<strong lang=\"en\">Somebody&#39;s rule</strong>"));
    assert!(!written(&report, Language::English).contains("<strong lang="));
    assert!(!written(&samples::compromised(), Language::German).contains("<strong lang="));
}

#[test]
fn the_verdict_is_read_first_and_nothing_seen_is_never_alone() {
    for (name, page) in pages() {
        let order = [
            "class=\"headline\"",
            "class=\"incident\"",
            "class=\"finding\" id=",
            "class=\"coverage\"",
            "id=\"gaps\"",
            "class=\"glossary\"",
        ];
        let places: Vec<usize> = order.iter().filter_map(|part| page.find(part)).collect();
        assert!(places.is_sorted(), "{name}: {places:?}");
        assert!(page.contains("class=\"headline\""), "{name}");
        // An answer always comes with what it rests on.
        assert_eq!(page.matches("<p class=\"words\">").count(), page.matches("<p class=\"basis\">").count());
        assert!(!page.contains("<p class=\"basis\"></p>"));
    }
}

#[test]
fn script_text_of_the_evidence_is_shown_inert() {
    let page = written(&samples::compromised(), Language::English);
    assert!(page.contains("<pre>http://f/&lt;script language=&quot;JScript&quot; runat=&quot;server&quot;&gt;"));
}
