#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::testing::{Written, golden};

fn read(path: &str, reader: impl Read, sink: &mut Written) {
    let mut content = Content::default();
    if let Err(error) = content.read(reader) {
        sink.gap(afterpatch_evidence::gap_kind_of(&error), Place::Whole, &error.to_string());
    }
    emit(path, None, &content, sink);
}

#[test]
fn golden_files() {
    golden("served_script", |name, bytes, sink| read(name.trim_end_matches(".in"), bytes, sink));
}

#[test]
fn pages_are_known_by_their_extension_wherever_they_lie() {
    let table = [
        (r"C:\inetpub\wwwroot\aspnet_client\X.ASPX", true),
        ("C/inetpub/wwwroot/x.ashx", true),
        ("global.asax", true),
        ("web.config", false),
        ("x.aspx.txt", false),
        ("aspx", false),
        ("var/www/html/img/x.php5", true),
        ("var/www/html/img/.htaccess", true),
        ("var/www/html/.user.ini", true),
        ("php.ini", false),
        ("usr/lib/cgi-bin/counter.cgi", true),
        ("var/www/html/tool.pl", true),
        ("usr/bin/tool.pl", false),
        (r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Temporary ASP.NET Files\owa\1\2\x.aspx", false),
    ];
    for (location, ours) in table {
        assert_eq!(is_served_script(location), ours, "{location}");
    }
}

#[test]
fn a_part_of_a_file_has_no_hash_but_is_told() {
    struct Breaking(usize);
    impl Read for Breaking {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            if self.0 > 3 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            buffer[..2].copy_from_slice(b"<%");
            Ok(2)
        }
    }
    let written = Written::by(|sink| read("x.aspx", Breaking(0), sink));
    assert_eq!((written.records.len(), written.gaps.len()), (1, 1));
    assert!(written.records[0].contains(r#"sha256: "", size: 6"#), "{}", written.records[0]);
}

#[test]
fn a_file_longer_than_is_kept_has_its_own_size_and_hash() {
    let mut content = Content::default();
    let size = FileContent::MAX_BYTES as u64 + 100_000;
    content.read(io::repeat(b' ').take(size)).unwrap();
    assert_eq!((content.start.len(), content.size), (FileContent::MAX_BYTES, size));
    let mut hash = Sha256::new();
    (0..size / 32).for_each(|_| hash.update([b' '; 32]));
    assert_eq!(content.sha256, hex(&hash.finalize()));
}

#[test]
fn hostile_pages_are_survived_in_linear_time() {
    for piece in [
        "<script",
        "<script runat=server",
        "<%@",
        "<%@WebHandler",
        "<%--",
        "<% ",
        "</",
        "Name:",
        "<?",
        "<?php",
        "<script runat='server'>ä",
    ] {
        let page = piece.repeat((1 << 20) / piece.len());
        let begun = std::time::Instant::now();
        read("x.php", page.as_bytes(), &mut Written::default());
        assert!(begun.elapsed().as_secs() < 10, "{piece}");
    }
}
