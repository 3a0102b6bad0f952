#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::lines::each_line;
use crate::testing::{Written, golden, survives};

fn read(bytes: &[u8], sink: &mut Written) {
    each_line(bytes, sink, line);
}

#[test]
fn golden_files() {
    golden("access_log", |_, bytes, sink| read(bytes, sink));
}

#[test]
fn damage_is_survived() {
    survives(include_str!("testdata/combined.in"), read);
}

#[test]
fn recognised_when_most_of_the_first_lines_are_rows() {
    let row = r#"198.51.100.7 - - [14/Mar/2021:07:40:11 +0100] "GET / HTTP/1.1" 200 5"#;
    let table = [
        ("anything", row.to_owned(), true),
        ("localhost_access_log.2021-03-14.txt", row.to_owned(), true),
        ("anything", format!("{row}\njunk\n{row}"), true),
        ("anything", format!("{row}\njunk"), false),
        ("u_nc210314.log", format!("junk\njunk\n{row}"), true),
        ("access.log.1", "junk".to_owned(), false),
        ("access.log", String::new(), false),
        // Rows inside other logs are not ours.
        ("syslog", format!("Mar 14 07:40:11 web nginx: {row}"), false),
        ("events.json", format!("{{\"message\":\"{row}\"}}"), false),
        ("export.csv", format!("1,web,{row}"), false),
        ("error.log", "[Sun Mar 14 07:40:11.1 2021] [core:error] [pid 1] [client 198.51.100.7:1] x".to_owned(), false),
        ("u_ex210314.log", "2021-03-14 06:40:11 10.0.0.4 GET / - 443 - 198.51.100.7 - - 200 0 0 1".to_owned(), false),
        (
            "u_in210314.log",
            "192.0.2.1, -, 03/20/21, 7:55:20, W3SVC2, EX01, 192.0.2.10, 4502, 163, 3223, 200, 0, GET, /x, -,".to_owned(),
            false,
        ),
    ];
    for (name, head, ours) in table {
        assert_eq!(is_access_log(name, head.as_bytes()), ours, "{name} {head}");
    }
}

#[test]
fn any_quoted_value_comes_out_as_it_went_in() {
    use proptest::prelude::*;
    let escaped = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'"' => r#"\""#.to_owned(),
                b'\\' => r"\\".to_owned(),
                b'\n' => r"\n".to_owned(),
                b' '..=b'~' => char::from(byte).to_string(),
                _ => format!(r"\x{byte:02x}"),
            })
            .collect()
    };
    proptest!(|(agent in r#"([ -~]|\\|"|ä|\n|\x00|" 200 5){0,40}"#)| {
        let line = format!(r#"192.0.2.1 - - [14/Mar/2021:07:40:11 +0100] "GET / HTTP/1.1" 200 5 "-" "{}""#, escaped(&agent));
        let row = Row::read(&line).unwrap();
        prop_assert_eq!(&*row.said.user_agent, &*agent);
        prop_assert_eq!((row.status, &*row.said.referer, row.said.rest), ("200", "-", ""));
    });
}

#[test]
fn hostile_rows_take_no_more_than_linear_time() {
    for piece in ["\"", "\\", " [", "\\\"", "\" 200 ", " [14/Mar/2021:07:40:11 +0100]", " "] {
        let noise = piece.repeat((1 << 20) / piece.len());
        let begun = std::time::Instant::now();
        let _ = Row::read(&noise);
        let _ = Row::read(&format!("192.0.2.1 - - [14/Mar/2021:07:40:11 +0100] \"{noise}"));
        let _ = Row::read(&format!("192.0.2.1 - - [14/Mar/2021:07:40:11 +0100] \"GET / HTTP/1.1\" 200 5 {noise}"));
        assert!(begun.elapsed().as_secs() < 5, "{piece}");
    }
}
