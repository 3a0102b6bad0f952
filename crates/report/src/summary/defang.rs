//! Addresses that nobody clicks by accident and no filter takes for live: `203[.]0[.]113[.]22`, `hxxps://`.

use std::net::IpAddr;

/// The text with every address in it defanged.
pub(super) fn defanged(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut word = String::new();
    let flush = |word: &mut String, out: &mut String| {
        out.push_str(&of_word(word));
        word.clear();
    };
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | ':') {
            word.push(c);
        } else {
            flush(&mut word, &mut out);
            out.push(c);
        }
    }
    flush(&mut word, &mut out);
    out.replace("http://", "hxxp://").replace("https://", "hxxps://")
}

fn of_word(word: &str) -> String {
    let address = word.trim_end_matches(['.', ':']);
    let Ok(parsed) = address.parse::<IpAddr>() else { return word.to_owned() };
    let rest = word.get(address.len()..).unwrap_or_default();
    let safe = match parsed {
        IpAddr::V4(_) => address.replace('.', "[.]"),
        IpAddr::V6(_) => address.replace(':', "[:]"),
    };
    format!("{safe}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_defanged_and_nothing_else() {
        for (text, shown) in [
            ("203.0.113.22", "203[.]0[.]113[.]22"),
            ("by 203.0.113.22, 203.0.113.29.", "by 203[.]0[.]113[.]22, 203[.]0[.]113[.]29."),
            ("2001:db8::1", "2001[:]db8[:][:]1"),
            ("from 203.0.113.22:", "from 203[.]0[.]113[.]22:"),
            ("https://203.0.113.22/a", "hxxps://203[.]0[.]113[.]22/a"),
            ("build 15.0.1497.12, 11:03 UTC, v4.0.30319", "build 15.0.1497.12, 11:03 UTC, v4.0.30319"),
            ("x.aspx", "x.aspx"),
        ] {
            assert_eq!(defanged(text), shown);
        }
    }
}
