//! Lake and packages in an object store: an S3 server of `moto` on this machine, through the real binary.
//!
//! ```text
//! pip install 'moto[s3,server]'
//! cargo test -p afterpatch-fleet --features cloud --test cloud
//! ```
#![cfg(feature = "cloud")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr, missing_docs)]

mod common;
mod moto;

use std::process::Output;

use afterpatch_lab::Variant;
use common::{Case, ask, code, everything, fleet, rows, scan};
use moto::Moto;
use serde_json::Value;

const STORIES: [(Variant, u64); 4] =
    [(Variant::ProxyLogonPostPatch, 2), (Variant::ProxyShellExport, 4), (Variant::ScannedOnly, 8), (Variant::Benign, 9)];

const PACKAGES: &str = "s3://bucket/tri%20age/*.zip";
const LAKE: &str = "s3://bucket/lake";

fn query(moto: &Moto, sql: &str) -> Vec<Value> {
    rows(&moto.fleet(&["query", sql, "--lake", LAKE, "--format", "ndjson"]))
}

fn scan_store(moto: &Moto, more: &[&str]) -> Output {
    moto.fleet(&[&["scan", PACKAGES, "--to", LAKE, "--threads", "2"], more].concat())
}

#[test]
fn a_lake_in_a_store_says_what_a_lake_in_a_folder_says() {
    let Some(moto) = Moto::start() else { return };
    let case = Case::empty();
    for (variant, seed) in STORIES {
        case.with(&format!("{seed:02}-{}", variant.slug()), variant, seed);
    }
    // An old zip of an administrator, whose name means something in a URL and in a pattern.
    case.with("100%25 [old] & süd", Variant::Benign, 10);
    std::fs::write(case.at("packages/broken.zip"), b"PK\x03\x04 and then nothing that a zip would have").unwrap();
    moto.make_bucket("bucket");
    for package in common::files(&case.at("packages")) {
        let name = package.file_name().unwrap().to_str().unwrap();
        moto.put("bucket", &format!("tri age/{name}"), std::fs::read(&package).unwrap());
    }
    // What a console leaves for each "folder", and what no pattern means.
    moto.put("bucket", "tri age/deeper/other.zip", Vec::new());
    moto.put("bucket", "letters/dear.zip", b"dear".to_vec());
    assert_eq!(code(&scan(&case, &["--quiet"])), 5);
    let expected = everything(|sql| ask(&case, sql));
    assert!(expected.iter().any(|row| row.starts_with("pages ")), "{expected:?}");

    // Two at once share the work: nothing is missing, and nothing is there twice.
    let run = || moto.command(&["scan", PACKAGES, "--to", LAKE, "--threads", "2", "--quiet"]).spawn().unwrap();
    // The broken one is told by the run that had it.
    let mut codes = [run(), run()].map(|mut run| run.wait().unwrap().code().unwrap());
    codes.sort_unstable();
    assert_eq!(codes, [0, 5]);
    assert_eq!(everything(|sql| query(&moto, sql)), expected);
    let objects = moto.list("bucket", "lake");
    let of = |folder: &str| objects.iter().filter(|name| name.starts_with(&format!("lake/{folder}/"))).count();
    assert_eq!((of("commits"), of("attempts"), of("runs")), (STORIES.len() + 2, 0, 0), "{objects:?}");

    // Again: nothing is read, nothing is added.
    assert_eq!(code(&scan_store(&moto, &["--quiet"])), 5);
    assert_eq!(moto.list("bucket", "lake"), objects);

    // In few files it says the same, and what comes later is read beside them.
    let compacted = moto.fleet(&["compact", "--lake", LAKE]);
    assert_eq!(code(&compacted), 0, "{}", String::from_utf8_lossy(&compacted.stderr));
    assert_eq!(everything(|sql| query(&moto, sql)), expected);
    case.with("11-late", Variant::Owassrf, 12);
    moto.put("bucket", "tri age/11-late.zip", std::fs::read(case.at("packages/11-late.zip")).unwrap());
    assert_eq!(code(&scan_store(&moto, &["--quiet"])), 5);
    assert_eq!(code(&scan(&case, &["--quiet"])), 5);
    assert_eq!(everything(|sql| query(&moto, sql)), everything(|sql| ask(&case, sql)));
}

#[test]
fn packages_of_a_store_may_go_into_a_folder_and_what_is_wrong_is_said() {
    let Some(moto) = Moto::start() else { return };
    let case = Case::empty();
    case.with("one", Variant::ProxyLogonOab, 1);
    moto.make_bucket("bucket");
    moto.put("bucket", "one.zip", std::fs::read(case.at("packages/one.zip")).unwrap());
    let lake = case.path("lake");
    assert_eq!(code(&moto.fleet(&["scan", "s3://bucket/one.zip", "--to", &lake, "--quiet"])), 0);
    assert_eq!(ask(&case, "SELECT uri FROM packages"), [serde_json::json!({ "uri": "s3://bucket/one.zip" })]);

    let said = |output: Output, exit: i32| {
        assert_eq!(code(&output), exit, "{output:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    said(moto.fleet(&["scan", "s3://bucket/none*.zip", "--to", &lake]), 3);
    let none = said(moto.fleet(&["scan", "s3://nobody/one.zip", "--to", &lake]), 1);
    assert!(none.contains("nobody"), "{none}");
    let other = said(moto.fleet(&["scan", "s3://bucket/one.zip", "--to", "s3://bucket"]), 1);
    assert!(other.contains("something else"), "{other}");
    let scheme = said(fleet(&["scan", "ftp://bucket/one.zip", "--to", &lake]), 1);
    assert!(scheme.contains("s3://"), "{scheme}");
    // A store that is not there is said to be so, soon.
    let mut away = moto.command(&["query", "SELECT 1", "--lake", LAKE]);
    let away = said(away.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9").output().unwrap(), 1);
    assert!(away.contains("s3://bucket/lake"), "{away}");
}
