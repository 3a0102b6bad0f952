//! Pages planted into logs of every form: the truth names their lines, and every other line is as it was.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use super::*;

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/120.0";

/// Four days of visits, an hour apart, each written by `line` from its number and its time.
fn visits(line: impl Fn(usize, Moment) -> String) -> String {
    let start = Moment::of("2022-05-01T00:00:00Z".parse().unwrap());
    (0..96).map(|visit| line(visit, start + i64::try_from(visit).unwrap() * 3_600_000)).collect()
}

fn client(visit: usize) -> String {
    format!("198.51.100.{}", visit % 20)
}

fn combined(zone: i8) -> String {
    let page = |visit| ["/shop/cart.php", "/images/logo.png", "/blog/a/", "/lost.aspx"][visit % 4];
    let status = |visit| if visit % 4 == 3 { 404 } else { 200 };
    visits(|visit, at| {
        let (client, time) = (client(visit), at.common_at(jiff::tz::Offset::constant(zone)));
        format!("{client} - - [{time}] \"GET {} HTTP/1.1\" {} 512 \"-\" \"{BROWSER}\"\n", page(visit), status(visit))
    })
}

fn common() -> String {
    visits(|visit, at| format!("{} - - [{}] \"GET /app/view.jsp HTTP/1.1\" 200 512\n", client(visit), at.common()))
}

/// Fields that change in the middle.
fn w3c() -> String {
    visits(|visit, at| {
        let head = match visit {
            0 => "#Software: Microsoft IIS\r\n#Fields: date time s-ip cs-method cs-uri-stem c-ip sc-status\r\n",
            48 => "#Fields: date time s-computername cs-method cs-uri-stem cs(User-Agent) X-Custom c-ip sc-status sc-bytes\r\n",
            _ => "",
        };
        let (clock, client) = (at.w3c(), client(visit));
        match visit {
            0..48 => format!("{head}{clock} 10.0.0.1 GET /Uploads/list.aspx {client} 200\r\n"),
            _ => format!("{head}{clock} WEB7 GET /Uploads/list.aspx Mozilla/5.0+(X11) x {client} 200 512\r\n"),
        }
    })
}

/// The lines of a page; asserts that the truth names them, and that without all of them the log is what it was.
fn planted<'w>(log: &str, woven: &'w WebLog, shells: usize) -> Vec<(&'w str, &'w PlantedPage)> {
    let text = str::from_utf8(&woven.bytes).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    assert_eq!(woven.shells.len(), shells);
    let mut found = Vec::new();
    for page in &woven.shells {
        let of_page = (1..).zip(&lines).filter(|(_, line)| line.contains(&page.stem)).map(|(number, _)| number);
        assert_eq!(of_page.collect::<Vec<u64>>(), page.lines, "{}", page.stem);
        assert!(page.lines.len() >= 5, "{}", page.stem);
        found.extend(page.lines.iter().map(|&number| (lines[usize::try_from(number).unwrap() - 1], page)));
    }
    let numbers: BTreeSet<u64> = woven.shells.iter().flat_map(|page| page.lines.iter().copied()).collect();
    let others = (1..).zip(&lines).filter(|(number, _)| !numbers.contains(number)).map(|(_, line)| *line);
    assert_eq!(others.collect::<String>(), log);
    for (line, page) in &found {
        assert!(page.clients.iter().any(|client| line.contains(client.as_str())), "{line}");
    }
    found
}

#[test]
fn pages_are_planted_after_the_pattern_of_the_log() {
    for seed in 1..=12_u64 {
        let shells = usize::try_from(1 + seed % 3).unwrap();
        for (zone, written) in [(0, " +0000] "), (-4, " -0400] ")] {
            let log = combined(zone);
            let woven = weave(log.as_bytes(), seed, shells).unwrap();
            assert_eq!(weave(log.as_bytes(), seed, shells).unwrap(), woven);
            let mut last = "";
            for (line, page) in planted(&log, &woven, shells) {
                assert!(page.stem.ends_with(".php") || page.stem.ends_with(".png"), "{line}");
                assert!(page.stem.starts_with("/shop/") || page.stem.starts_with("/images/"), "{line}");
                assert!(line.contains(written) && line.matches('"').count() == 6 && line.contains("\" 200 "), "{line}");
                last = line;
            }
            // Not before a quarter of its time.
            let quarter = "2022-05-01T23:45:00Z".parse().unwrap();
            assert!(!last.is_empty() && woven.shells.iter().all(|page| page.first >= quarter));
        }
        let log = common();
        for (line, page) in planted(&log, &weave(log.as_bytes(), seed, shells).unwrap(), shells) {
            assert!(page.stem.starts_with("/app/"), "{line}");
            assert_eq!((line.matches('"').count(), line.split(' ').count()), (2, 10), "{line}");
        }
    }
}

#[test]
fn w3c_rows_have_the_fields_in_force() {
    let log = w3c();
    for seed in 1..=12 {
        let woven = weave(log.as_bytes(), seed, 2).unwrap();
        for (line, page) in planted(&log, &woven, 2) {
            assert!(page.stem.starts_with("/Uploads/"), "{line}");
            let values: Vec<&str> = line.trim_end().split(' ').collect();
            assert!(line.ends_with("\r\n"), "{line:?}");
            if line < "2022-05-02 23" {
                assert!(values.len() == 7 && values[2] == "10.0.0.1" && values[6] == "200", "{line}");
            } else if line > "2022-05-03 00" {
                assert!(values.len() == 10 && values[2] == "WEB7" && values[6] == "-" && values[8] == "200", "{line}");
            }
        }
        let text = str::from_utf8(&woven.bytes).unwrap();
        let times: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.get(..19)).collect();
        assert!(times.is_sorted());
    }
}

#[test]
fn what_stands_around_a_row_is_kept() {
    // A virtual host before it, numbers and a forwarded address behind it, no end at its last line, noise between.
    let log = visits(|visit, at| {
        let noise = if visit % 9 == 0 { "\u{16}\u{3}\u{1} what\n" } else { "" };
        let (client, time) = (client(visit), at.common());
        format!(
            "{noise}www.site.example:443 {client} - joe [{time}] \"GET /a.php?q=\\\"x HTTP/1.1\" 200 - \"-\" \"x\" 12 \"-\"\n"
        )
    });
    let log = log.trim_end();
    let woven = weave(log.as_bytes(), 3, 3).unwrap();
    let text = String::from_utf8(woven.bytes).unwrap();
    for page in &woven.shells {
        let line = text.lines().find(|line| line.contains(&page.stem)).unwrap();
        assert!(line.starts_with("www.site.example:443 203.0.113."), "{line}");
        assert!(line.ends_with("\" - \"-\""), "{line}");
    }
}

#[test]
fn where_all_come_through_a_few_addresses_so_does_the_user_of_a_page() {
    let log = visits(|_, at| format!("10.0.0.1 - - [{}] \"GET /app/view.jsp HTTP/1.1\" 200 512\n", at.common()));
    let woven = weave(log.as_bytes(), 1, 2).unwrap();
    assert!(woven.shells.iter().all(|page| page.clients == ["10.0.0.1"]), "{:?}", woven.shells);
}

#[test]
fn what_is_no_log_gets_no_pages() {
    let hour: String = combined(0).lines().take(2).map(|line| format!("{line}\n")).collect();
    for log in ["", "\n\n", "hello\n", "#Fields: date time\n", "#Fields:\n#Date:\n", hour.as_str()] {
        assert_eq!(weave(log.as_bytes(), 1, 1), None, "{log:?}");
    }
}

#[test]
fn no_bytes_make_it_panic() {
    let logs = [combined(5), common(), w3c()];
    let mut dice = Dice::new(7, Stream::Detail);
    for round in 0..200 {
        let mut log = logs[round % 3].clone().into_bytes();
        for _ in 0..dice.between(1, 40) {
            let at = dice.index(log.len());
            match dice.between(0, 3) {
                0 => log[at] = u8::try_from(dice.between(0, 255)).unwrap(),
                1 => log[at] = *b"\"[]\\ /:-#".get(dice.index(9)).unwrap(),
                2 => log.truncate(at.max(1)),
                _ => log.insert(at, u8::try_from(dice.between(0, 255)).unwrap()),
            }
        }
        let _ = weave(&log, 1, 2);
    }
    for line in ["[", "x - - [] \"", "a b [99/Xxx/-1:99:99:99 +9999] \"\" 1", "a b [01/Jan/9999:23:59:59 -2359] \"/\" 200 \"\\"] {
        let twice = format!("{line}\n{}", combined(0));
        let _ = weave(twice.as_bytes(), 1, 1);
    }
}
