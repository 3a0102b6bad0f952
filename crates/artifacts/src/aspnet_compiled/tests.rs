#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::testing::{Written, golden};

#[test]
fn golden_files() {
    golden("aspnet_compiled", |name, bytes, sink| match name.starts_with("source") {
        true => source::pages(bytes, Some(Timestamp::UNIX_EPOCH), sink),
        false => page(bytes, Some(Timestamp::UNIX_EPOCH), sink),
    });
}

#[test]
fn utf_16_reads_the_same() {
    let utf8 = include_str!("testdata/page.in");
    let utf16: Vec<u8> = utf8.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(Written::by(|sink| page(&utf16, None, sink)).text, Written::by(|sink| page(utf8.as_bytes(), None, sink)).text);
}

#[test]
fn any_text_is_survived() {
    use proptest::prelude::*;
    let text = "(<preserve|<filedep|virtualPath|name|=|\"|'|>|<|/|&|#x|;|amp|ä| ){0,40}";
    proptest!(|(text in text, bytes in prop::collection::vec(any::<u8>(), 0..300))| {
        page(text.as_bytes(), None, &mut Written::default());
        page(&bytes, None, &mut Written::default());
    });
}
