//! Tools for administrators that do what web shells do, for those who log in; and encoders whose output nobody can read.
//!
//! A product is known by what it says of itself, which anybody may copy; so a file that says so and does more than the product
//! does is judged as if it had said nothing.

use crate::decode::cfencode;
use crate::evidence::Capability;
use crate::language::Promise;

/// A product, the marks by which a file says that it is it (all of them, lower case), and what it may do.
struct Product {
    name: &'static str,
    marks: &'static [&'static str],
    may: &'static [Capability],
}

const FILES: &[Capability] = &[
    Capability::Read,
    Capability::List,
    Capability::Change,
    Capability::Write,
    Capability::Upload,
    Capability::Fetch,
    Capability::Sql,
    Capability::Mail,
    Capability::Connect,
    Capability::Include,
    Capability::Deserialise,
];

/// Known by their own public sources.
const PRODUCTS: &[Product] = &[
    Product { name: "Adminer", marks: &["adminer", "jakub vr", "adminer.org"], may: FILES },
    Product { name: "Adminer", marks: &["adminer", "jakub vr", "://www.adminer.org"], may: FILES },
    Product { name: "phpMinAdmin", marks: &["phpminadmin", "jakub vr"], may: FILES },
    Product { name: "Tiny File Manager", marks: &["tiny file manager", "tinyfilemanager.github.io"], may: FILES },
    Product { name: "H3K Tiny File Manager", marks: &["h3k", "tiny file manager", "ccpprogrammers"], may: FILES },
    Product { name: "elFinder", marks: &["elfinder", "studio-42"], may: FILES },
    Product { name: "elFinder", marks: &["class elfinder", "elfindervolume"], may: FILES },
    Product { name: "phpMyAdmin", marks: &["phpmyadmin", "namespace phpmyadmin"], may: FILES },
    Product { name: "KCFinder", marks: &["kcfinder", "sunhater"], may: FILES },
    Product { name: "CKFinder", marks: &["ckfinder", "cksource"], may: FILES },
    Product { name: "FileGator", marks: &["namespace filegator"], may: FILES },
    Product { name: "eXtplorer", marks: &["extplorer", "soeren"], may: FILES },
    Product { name: "PHP File Manager", marks: &["alexantr/filemanager"], may: FILES },
    Product { name: "SQLite Manager", marks: &["phpliteadmin", "phpliteadmin.org"], may: FILES },
    Product { name: "Responsive FileManager", marks: &["responsive filemanager"], may: FILES },
    Product { name: "BigDump", marks: &["bigdump", "ozerov"], may: FILES },
    Product { name: "Search-Replace-DB", marks: &["interconnect/it", "search replace"], may: FILES },
];

/// The product that a text says it is, if what it does is what that product does.
pub(crate) fn of(text: &[u8], does: impl Fn(Capability) -> bool) -> Option<&'static str> {
    let start = text.get(..text.len().min(1 << 20)).unwrap_or_default().to_ascii_lowercase();
    let says = |product: &&Product| product.marks.iter().all(|mark| memchr::memmem::find(&start, mark.as_bytes()).is_some());
    let product = PRODUCTS.iter().find(says)?;
    let more = [
        Capability::Code,
        Capability::Command,
        Capability::Load,
        Capability::Invoke,
        Capability::Tunnel,
        Capability::Resident,
        Capability::Native,
    ];
    let beyond = more.into_iter().any(|capability| !product.may.contains(&capability) && does(capability));
    (!beyond).then_some(product.name)
}

/// Whether a file is a template of ColdFusion without its source: compiled, or encoded in a way that nobody knows here.
pub(crate) fn is_sourceless(path: &str, bytes: &[u8]) -> bool {
    let is_compiled = bytes.starts_with(&[0xca, 0xfe, 0xba, 0xbe]) && Promise::of(path) == Promise::ColdFusion;
    is_compiled || cfencode::is_encoded(bytes) && cfencode::decode(bytes).is_none()
}

/// The loader that an encoded file needs.
pub(crate) fn loader(text: &[u8]) -> Option<&'static str> {
    let head = text.get(..text.len().min(4096)).unwrap_or_default();
    let has = |mark: &[u8]| memchr::memmem::find(head, mark).is_some();
    if has(b"ionCube Loader") || has(b"extension_loaded('ionCube") || has(b"_il_exec") {
        return Some("ionCube");
    }
    if has(b"sg_load(") || has(b"SourceGuardian") {
        return Some("SourceGuardian");
    }
    if head.starts_with(b"<?php @Zend;") || has(b"Zend Guard") || has(b"Zend Optimizer not installed") {
        return Some("Zend Guard");
    }
    if has(b"phpexpress") || has(b"NuCoder") {
        return Some("NuSphere");
    }
    None
}
