//! Lines for logs that grow, and files that appear, while somebody watches: what a server of a [`Scenario`](crate::Scenario) writes on an
//! ordinary day, in any length, and acts of its attacker told by as many attackers as are wanted.

use crate::{Lab, Scenario, Variant, make};

/// A server that goes on writing.
pub struct Live {
    head: String,
    quiet: Vec<String>,
    forged: String,
    actor: String,
    request_id: String,
    iis_head: String,
    iis_quiet: Vec<String>,
    page: Vec<u8>,
}

impl Live {
    /// The server of a scenario with a ProxyLogon attack; `None` when the seed makes none with the needed lines.
    pub fn new(seed: u64) -> Option<Self> {
        let lab = make(&Scenario::small(seed, Variant::ProxyLogonOab));
        let forged = lab.truth.planted.iter().find(|planted| {
            planted.step == "session_opened" && planted.telling && planted.source.windows_path.contains(r"\HttpProxy\Ecp\")
        })?;
        let log = text(&lab, &forged.source.windows_path)?;
        let (head, rows) = split(&log);
        let line = usize::try_from(forged.source.line?).ok()?.checked_sub(1)?;
        let forged_row = log.lines().nth(line)?.to_owned();
        let told: Vec<String> = lab
            .truth
            .planted
            .iter()
            .filter(|planted| planted.source.windows_path == forged.source.windows_path)
            .filter_map(|planted| log.lines().nth(usize::try_from(planted.source.line?).ok()?.checked_sub(1)?))
            .map(str::to_owned)
            .collect();
        let quiet: Vec<String> = rows.into_iter().filter(|row| !told.contains(row)).collect();
        let iis = lab.files.iter().find(|file| file.windows_path.contains(r"\W3SVC1\"))?;
        let (iis_head, iis_rows) = split(&text(&lab, &iis.windows_path)?);
        let planted: Vec<u64> = lab
            .truth
            .planted
            .iter()
            .filter(|it| it.source.windows_path == iis.windows_path)
            .filter_map(|it| it.source.line)
            .collect();
        // Rows behind the head: near what the attacker did, none is taken.
        let iis_quiet = if planted.is_empty() { iis_rows } else { iis_rows.into_iter().take(200).collect() };
        let page = lab.truth.planted.iter().find(|planted| planted.step == "file_present")?;
        let page = lab.files.iter().find(|file| file.windows_path == page.source.windows_path)?;
        let request_id = forged_row.split(',').nth(1)?.to_owned();
        Some(Self {
            head,
            quiet,
            actor: forged.actor.clone()?,
            forged: forged_row,
            request_id,
            iis_head,
            iis_quiet,
            page: page.bytes.clone(),
        })
    }

    /// The head of an HttpProxy log.
    pub fn head(&self) -> &str {
        &self.head
    }

    /// An ordinary row of it, with its end.
    pub fn quiet_row(&self, number: usize) -> String {
        row(&self.quiet, number)
    }

    /// A row in which this attacker opens a session with a forged request, with its end; and the attacker's address, which no
    /// other has.
    pub fn forged_row(&self, number: u32) -> (String, String) {
        // 203.0.113.0/24 is for examples, and too small; 198.18.0.0/15 is for tests.
        let address = format!("198.{}.{}.{}", 18 + (number >> 16 & 1), number >> 8 & 255, number & 255);
        let id = format!("{number:08x}{}", self.request_id.get(8..).unwrap_or_default());
        (format!("{}\r\n", self.forged.replace(&self.actor, &address).replace(&self.request_id, &id)), address)
    }

    /// The head of an IIS log.
    pub fn iis_head(&self) -> &str {
        &self.iis_head
    }

    /// An ordinary row of it, with its end.
    pub fn iis_quiet_row(&self, number: usize) -> String {
        row(&self.iis_quiet, number)
    }

    /// A planted page: the dump of a virtual directory with an inert script.
    pub fn planted_page(&self) -> &[u8] {
        &self.page
    }

    /// A page that somebody's site has.
    pub fn harmless_page(&self, number: usize) -> String {
        format!("<%@ Page Language=\"C#\" %>\r\n<html><body><p>Order {number} is on its way.</p></body></html>\r\n")
    }
}

fn text(lab: &Lab, windows_path: &str) -> Option<String> {
    let file = lab.files.iter().find(|file| file.windows_path == windows_path)?;
    Some(String::from_utf8_lossy(&file.bytes).into_owned())
}

/// The lines of the head, and the rows.
fn split(log: &str) -> (String, Vec<String>) {
    let is_row = |line: &&str| line.starts_with(|first: char| first.is_ascii_digit());
    let head = log.lines().take_while(|line| !is_row(line)).map(|line| format!("{line}\r\n")).collect();
    (head, log.lines().filter(is_row).map(str::to_owned).collect())
}

fn row(rows: &[String], number: usize) -> String {
    let row = rows.get(number.checked_rem(rows.len()).unwrap_or_default());
    format!("{}\r\n", row.map(String::as_str).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn attackers_are_told_apart_and_quiet_rows_name_none() {
        let live = Live::new(1).unwrap();
        let (one, address) = live.forged_row(1);
        let (other, _) = live.forged_row(70_000);
        assert!(one.contains(&address) && !other.contains(&address) && one != other);
        assert!((0..500).all(|number| !live.quiet_row(number).contains(&live.actor)));
        assert!(live.head().contains("#Fields") && live.iis_head().contains("#Fields"));
        assert!(live.quiet_row(3).ends_with("\r\n") && live.iis_quiet_row(3).len() > 50);
        assert!(!live.planted_page().is_empty());
    }
}
