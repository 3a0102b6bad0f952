//! The inventory: whose server is whose, from a CSV file of the user. What it says stands beside what the lake says, never in it.
//!
//! ```csv
//! server,domain,organisation,country,sector,contact,language
//! mail.city.example,,City of Example,DE,Administration,abuse@city.example,de
//! ,hospital.example,Example Hospital,DE,Health,cert@hospital.example,de
//! EX01,bank.example,Example Bank,AT,Finance,soc@bank.example,
//! ```
//!
//! A row is of one server (its full name, or its host name) or of all servers of a domain and the domains below. The most exact
//! row counts: full name, host name, longest domain. Upper and lower case are the same.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use afterpatch_report::Language;
use anyhow::{Context, bail};
use csv::StringRecord;

use crate::identity::{names, normal};

/// The columns, as the header row names them. Any may be left out, and their order is free.
const COLUMNS: [&str; 7] = ["server", "domain", "organisation", "country", "sector", "contact", "language"];
/// So many bad lines are told of at once.
const MOST_FAULTS: usize = 10;

/// What the user says of servers.
#[derive(Debug, Default)]
pub struct Inventory {
    entries: Vec<Entry>,
    /// By full name.
    full: HashMap<String, usize>,
    /// By host name, of rows that name no domain.
    host: HashMap<String, usize>,
    /// By host name, of rows that name a domain as well. They fit a server of which no domain is known, if only one of them does.
    host_of_domain: HashMap<String, Vec<usize>>,
    /// By domain.
    domain: HashMap<String, usize>,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The server, as written.
    pub server: Option<String>,
    /// The domain, as written.
    pub domain: Option<String>,
    /// Whose it is.
    pub organisation: Option<String>,
    /// In which country.
    pub country: Option<String>,
    /// In which sector.
    pub sector: Option<String>,
    /// Whom to tell: an address, or whatever the user writes there.
    pub contact: Option<String>,
    /// The language they read.
    pub language: Option<Language>,
}

impl Inventory {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or a line of it makes no sense; the error names the lines.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        Self::of_bytes(&bytes).with_context(|| format!("inventory {}", path.display()))
    }

    /// The row for a server that goes by several names.
    pub fn of_server(&self, server: &str, aliases: &[String]) -> Option<&Entry> {
        names(server, aliases).into_iter().find_map(|name| self.find(name))
    }

    /// The most exact row for a server of this name (a full name, or a host name alone).
    pub fn find(&self, server: &str) -> Option<&Entry> {
        let name = normal(server);
        let (host, domain) = name.split_once('.').unwrap_or((&name, ""));
        let found = self.full.get(&name).or_else(|| self.host.get(host)).copied();
        let alone = || match self.host_of_domain.get(host).map(Vec::as_slice) {
            Some([only]) if domain.is_empty() => Some(*only),
            _ => None,
        };
        self.entries.get(found.or_else(alone).or_else(|| self.of_domain(&name))?)
    }

    /// The row of the longest domain that a name is in, or is.
    fn of_domain(&self, name: &str) -> Option<usize> {
        let mut rest = name;
        loop {
            if let Some(found) = self.domain.get(rest) {
                return Some(*found);
            }
            rest = rest.split_once('.')?.1;
        }
    }

    fn of_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        let bytes = without_mark(bytes);
        let mut reader = spreadsheet(bytes);
        let columns = columns(reader.headers().context("line 1")?)?;
        let mut inventory = Self::default();
        let mut faults = Vec::new();
        let mut record = StringRecord::new();
        loop {
            let line = line_of_next(reader.position(), bytes);
            match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {
                    if let Err(fault) = entry(&columns, &record, line).and_then(|entry| inventory.add(entry)) {
                        faults.push(format!("line {line}: {fault}"));
                    }
                }
                Err(error) => faults.push(format!("line {line}: {}", reason(&error))),
            }
            if faults.len() >= MOST_FAULTS {
                break;
            }
        }
        if !faults.is_empty() {
            bail!("{}", faults.join("; "));
        }
        Ok(inventory)
    }

    fn add(&mut self, entry: Entry) -> anyhow::Result<()> {
        let at = self.entries.len();
        let (server, domain) = (entry.server.as_deref().map(normal), entry.domain.as_deref().map(normal));
        let (of, key) = match (server, domain) {
            (None, None) => bail!("names neither a server nor a domain"),
            (None, Some(domain)) => (&mut self.domain, domain),
            (Some(server), None) if !server.contains('.') => (&mut self.host, server),
            (Some(server), Some(domain)) if !server.contains('.') => {
                self.host_of_domain.entry(server.clone()).or_default().push(at);
                (&mut self.full, format!("{server}.{domain}"))
            }
            (Some(server), Some(domain)) if !server.ends_with(&format!(".{domain}")) => {
                bail!("{server} is not in the domain {domain}")
            }
            (Some(server), _) => (&mut self.full, server),
        };
        if let Some(other) = of.insert(key.clone(), at) {
            let line = self.entries.get(other).map_or(0, |other| other.line);
            bail!("{key} stands in line {line}, too");
        }
        self.entries.push(entry);
        Ok(())
    }
}

/// Reads what a spreadsheet wrote: some put a mark before the first column, and some write semicolons. Rows may have any number of
/// cells.
pub fn spreadsheet(bytes: &[u8]) -> csv::Reader<&[u8]> {
    let bytes = without_mark(bytes);
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = if header.contains(&b';') && !header.contains(&b',') { b';' } else { b',' };
    csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).flexible(true).from_reader(bytes)
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The line on which the next record stands. The reader passes over empty lines only when it reads on.
fn line_of_next(position: &csv::Position, bytes: &[u8]) -> u64 {
    let rest = usize::try_from(position.byte()).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    position.line() + empty as u64
}

/// Which column stands at which place.
fn columns(header: &StringRecord) -> anyhow::Result<Vec<&'static str>> {
    let known = |name: &str| COLUMNS.into_iter().find(|column| column.eq_ignore_ascii_case(name));
    let mut columns = Vec::new();
    for name in header {
        let Some(column) = known(name) else {
            bail!("line 1: there is no column `{name}`; the columns are {}", COLUMNS.join(","));
        };
        if columns.contains(&column) {
            bail!("line 1: the column `{column}` stands there twice");
        }
        columns.push(column);
    }
    if !columns.contains(&"server") && !columns.contains(&"domain") {
        bail!("line 1: a header row with a column `server` or `domain` is needed; the columns are {}", COLUMNS.join(","));
    }
    Ok(columns)
}

fn entry(columns: &[&str], record: &StringRecord, line: u64) -> anyhow::Result<Entry> {
    if record.len() != columns.len() {
        bail!("has {} cells where the header row has {}", record.len(), columns.len());
    }
    let cell = |name: &str| {
        let at = columns.iter().position(|column| *column == name)?;
        record.get(at).filter(|cell| !cell.is_empty()).map(str::to_owned)
    };
    let language = match cell("language") {
        None => None,
        Some(tag) => Some(
            Language::from_tag(&tag).with_context(|| format!("the language `{tag}` is not spoken here; en or de is needed"))?,
        ),
    };
    Ok(Entry {
        line,
        server: cell("server"),
        domain: cell("domain"),
        organisation: cell("organisation"),
        country: cell("country"),
        sector: cell("sector"),
        contact: cell("contact"),
        language,
    })
}

fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "is no UTF-8; save the file as UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn inventory(rows: &str) -> anyhow::Result<Inventory> {
        Inventory::of_bytes(format!("server,domain,organisation,country,sector,contact,language\n{rows}").as_bytes())
    }

    #[test]
    fn the_most_exact_row_counts() {
        let rows = "mail.city.example,,City mail,,,,\n\
                    ,city.example,City,DE,,,\n\
                    ,old.City.Example.,Archive,,,,\n\
                    EX01,bank.example,Bank,,,,\n\
                    EX02,bank.example,Bank two,,,,\n\
                    ex02,shop.example,Shop,,,,\n\
                    LONE,,Lone,,,,\n\
                    mx.shop.example,shop.example,Shop mx,,,,\n";
        let inventory = inventory(rows).unwrap();
        for (server, organisation) in [
            ("mail.city.example", Some("City mail")),
            ("MAIL.City.Example.", Some("City mail")),
            ("other.city.example", Some("City")),
            ("city.example", Some("City")),
            ("a.b.old.city.example", Some("Archive")),
            ("notcity.example", None),
            ("ex01.bank.example", Some("Bank")),
            // Its domain is not known, and only one row can be meant.
            ("EX01", Some("Bank")),
            // Two could be.
            ("EX02", None),
            ("ex02.shop.example", Some("Shop")),
            // Another domain than the row's.
            ("ex01.elsewhere.example", None),
            ("lone", Some("Lone")),
            ("lone.anywhere.example", Some("Lone")),
            ("mx.shop.example", Some("Shop mx")),
            ("example", None),
            ("", None),
            (".", None),
        ] {
            let found = inventory.find(server).and_then(|entry| entry.organisation.as_deref());
            assert_eq!(found, organisation, "{server}");
        }
        assert_eq!(inventory.entries.len(), 8);
        assert_eq!(inventory.find("LONE").unwrap().line, 8);
    }

    #[test]
    fn a_short_name_beside_a_full_one_is_nobody_elses_server() {
        let inventory = inventory("MAIL,bank.example,Bank,,,,\n,city.example,City,,,,\n").unwrap();
        let of = |server: &str, aliases: &[&str]| {
            let aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect::<Vec<_>>();
            inventory.of_server(server, &aliases).and_then(|entry| entry.organisation.clone())
        };
        assert_eq!(of("mail.shop.example", &["MAIL"]), None);
        assert_eq!(of("mail.city.example", &["MAIL"]).as_deref(), Some("City"));
        assert_eq!(of("MAIL", &["owa.city.example"]).as_deref(), Some("City"));
        assert_eq!(of("MAIL", &[]).as_deref(), Some("Bank"));
    }

    #[test]
    fn cells_are_kept_as_they_are_written_and_empty_ones_are_none() {
        let found = inventory("MX,Shop.example,\"Shop, \"\"Ltd\"\"\",AT, Trade ,a@b.example,DE\n").unwrap();
        let expected = Entry {
            line: 2,
            server: Some("MX".to_owned()),
            domain: Some("Shop.example".to_owned()),
            organisation: Some("Shop, \"Ltd\"".to_owned()),
            country: Some("AT".to_owned()),
            sector: Some("Trade".to_owned()),
            contact: Some("a@b.example".to_owned()),
            language: Some(Language::German),
        };
        assert_eq!(found.entries, [expected]);
        assert!(inventory("").unwrap().find("MX").is_none());
    }

    #[test]
    fn files_of_spreadsheets_are_read() {
        for file in [
            "\u{feff}domain;Sector\r\na.example;Health\r\n",
            "sector,domain\nHealth,a.example",
            "domain,sector\n\na.example,Health\n\n",
        ] {
            let inventory = Inventory::of_bytes(file.as_bytes()).unwrap();
            assert_eq!(inventory.find("x.a.example").unwrap().sector.as_deref(), Some("Health"), "{file}");
        }
    }

    #[test]
    fn bad_lines_are_named() {
        for (file, told) in [
            ("", "line 1: a header row"),
            ("organisation\nx\n", "line 1: a header row"),
            ("server,organization\na,b\n", "line 1: there is no column `organization`"),
            ("server,server\na,b\n", "line 1: the column `server` stands there twice"),
            ("server,country\na,DE\nb\n", "line 3: has 1 cells where the header row has 2"),
            ("server,country\n,DE\n", "line 2: names neither a server nor a domain"),
            ("server,language\na,fr\n", "line 2: the language `fr` is not spoken here"),
            ("server,country\na,DE\n\nA,AT\n", "line 4: a stands in line 2, too"),
            ("server,domain\nm.a.example,b.example\n", "line 2: m.a.example is not in the domain b.example"),
            ("server,domain\nm,a.example\nM.A.example,\n", "line 3: m.a.example stands in line 2, too"),
        ] {
            let fault = format!("{:#}", Inventory::of_bytes(file.as_bytes()).unwrap_err());
            assert!(fault.contains(told), "{file:?}: {fault}");
        }
        let fault = format!("{:#}", Inventory::of_bytes(b"server\nok\n\xff\xfe\nok\n").unwrap_err());
        assert!(fault.contains("line 3: is no UTF-8") && fault.contains("line 4: ok stands in line 2"), "{fault}");
        let many = format!("server\n{}", "a\n".repeat(50));
        let fault = format!("{:#}", Inventory::of_bytes(many.as_bytes()).unwrap_err());
        assert_eq!(fault.matches("line ").count(), 2 * MOST_FAULTS, "{fault}");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let fault = format!("{:#}", Inventory::read(Path::new("none.csv")).unwrap_err());
        assert!(fault.contains("none.csv"), "{fault}");
    }
}
