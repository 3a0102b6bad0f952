#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::lines::each_line;
use crate::testing::{Written, golden};

fn read(bytes: &[u8], sink: &mut Written) {
    let mut reader = Reader::new();
    each_line(bytes, sink, |number, text, sink| reader.line(number, text, sink));
}

#[test]
fn golden_files() {
    golden("exchange_oab_generator", |_, bytes, sink| read(bytes, sink));
}

#[test]
fn any_bytes_are_survived() {
    use proptest::prelude::*;
    let text = "([A-C]:|\\\\|/|'|\"| |\\.|ä|,|x){0,60}";
    proptest!(|(text in text, bytes in prop::collection::vec(any::<u8>(), 0..500))| {
        read(text.as_bytes(), &mut Written::default());
        read(&bytes, &mut Written::default());
    });
}

#[test]
fn recognised_by_type_or_by_place_and_head() {
    let typed = b"#Software: Microsoft Exchange Server\r\n#Log-type: OAB Generator Log\r\n";
    let other = b"#Software: Microsoft Exchange Server\r\n#Log-type: HttpProxy Logs\r\n";
    let bare = b"#Fields: a,b\r\n";
    let folder = r"C:\Exchange\Logging\OABGeneratorLog\x.log";
    assert!(is_oab_generator("renamed.txt", typed));
    assert!(is_oab_generator(folder, bare));
    assert!(is_oab_generator("Logging/OABGeneratorSimpleLog/x.log", bare));
    assert!(!is_oab_generator(folder, other));
    assert!(!is_oab_generator(folder, b"binary \x01\x02"));
    assert!(!is_oab_generator(r"C:\Exchange\Logging\HttpProxy\Oab\x.log", bare));
}
