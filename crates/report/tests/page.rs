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
            let mut out = Vec::new();
            write(&report, Format::Html, &Options { language, ..Options::default() }, &mut out).unwrap();
            pages.push((format!("{name}.{}", language.tag()), String::from_utf8(out).unwrap()));
        }
    }
    pages
}

/// Text between the first `open` and the next `close`.
fn between<'p>(page: &'p str, open: &str, close: &str) -> &'p str {
    page.split_once(open).unwrap().1.split_once(close).unwrap().0
}

#[test]
fn the_policy_allows_the_style_block_and_nothing_else() {
    for (name, page) in pages() {
        let style = between(&page, "<style>", "</style>");
        let policy = between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
        let hash = between(policy, "sha256-", "&#39;");
        assert_eq!(decode(hash), Sha256::digest(style.as_bytes()).as_slice(), "{name}");
        let rest = policy.replace("&#39;", "'").replace(hash, "");
        assert_eq!(rest, "default-src 'none'; style-src 'sha256-'; img-src data:; base-uri 'none'; form-action 'none'");
        assert!(page.find("Content-Security-Policy") < page.find("<title>"), "nothing of the evidence stands before the policy");
        assert_eq!(page.matches("<style").count(), 1);
        assert!(!style.contains("url(") && !style.contains("@import") && !style.contains('\r'));
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
        for forbidden in
            ["<script", "<img", "<iframe", "<object", "<embed", "<form", "<base", " style=\"", " src=\"", " onload", "xlink:"]
        {
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
    let mut out = Vec::new();
    write(&samples::compromised(), Format::Html, &Options::default(), &mut out).unwrap();
    let page = String::from_utf8(out).unwrap();
    assert!(page.contains("<pre>http://f/&lt;script language=&quot;JScript&quot; runat=&quot;server&quot;&gt;"));
}
