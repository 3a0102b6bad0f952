//! Lists of servers: a table with a column of builds, or an export of HealthChecker.
//!
//! Columns are found by name. `AdminDisplayVersion` is not raised by security updates (HealthChecker looks at `ExSetup.exe` for that
//! reason), so that only its first three numbers are believed.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use afterpatch_exposure::{SeenBuild, Subject};
use afterpatch_model::{Assessment, Basis};
use anyhow::{Context, bail};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Judge;

/// One server of a list.
pub struct Row {
    /// Its name; its place in the list when it has none.
    pub server: String,
    /// Its build; `None` when the cell holds none.
    pub build: Option<SeenBuild>,
    /// What there is to say of the row.
    pub remark: Option<String>,
}

/// The answer for one row.
pub fn assess(judge: &Judge, row: Row) -> Assessment {
    let builds = row.build.into_iter().collect();
    let mut assessment = judge.judge(Subject::of_builds(row.server, Basis::List, builds));
    assessment.remarks.extend(row.remark);
    assessment
}

/// Hands on every server of a list, as it is read.
pub fn each(path: &Path, tell: impl FnMut(Row) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let is_xml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml"));
    if is_xml { health_checker(path, tell) } else { table(path, tell) }
}

/// Names of columns in lower case, without blanks, the most trustworthy first.
const SERVER: [&str; 9] = ["fqdn", "servername", "server", "name", "computername", "hostname", "host", "identity", "target"];
const BUILD: [&str; 9] = [
    "exsetupversion",
    "exsetup",
    "fileversion",
    "productversion",
    "buildnumber",
    "build",
    "exchangebuild",
    "version",
    "buildversion",
];
const DISPLAY: [&str; 2] = ["admindisplayversion", "displayversion"];

/// Which columns hold what.
struct Columns {
    server: Option<usize>,
    build: usize,
    /// Only three of its numbers count.
    display: bool,
}

impl Columns {
    fn find(names: &csv::StringRecord) -> Option<Self> {
        let names: Vec<String> = names
            .iter()
            .map(|name| {
                name.trim_start_matches('\u{feff}')
                    .chars()
                    .filter(char::is_ascii_alphanumeric)
                    .collect::<String>()
                    .to_ascii_lowercase()
            })
            .collect();
        let find = |wanted: &[&str]| wanted.iter().find_map(|own| names.iter().position(|name| name == own));
        let (build, display) = find(&BUILD).map(|build| (build, false)).or_else(|| find(&DISPLAY).map(|build| (build, true)))?;
        Some(Self { server: find(&SERVER).filter(|at| *at != build), build, display })
    }
}

fn table(path: &Path, mut tell: impl FnMut(Row) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let place = || path.display().to_string();
    let (delimiter, crlf) = form(path).with_context(place)?;
    let file = File::open(path).with_context(place)?;
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(file);
    let mut columns: Option<Columns> = None;
    let mut record = csv::ByteRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => bail!("{}, line {line}: {error}", path.display()),
        }
        // The reader takes the second half of a CRLF for the beginning of the next line.
        let line = record.position().map_or(line, |at| at.line() + u64::from(crlf && at.byte() > 0));
        // Names of servers in an old code page must not cost the list.
        let cells: csv::StringRecord = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
        // PowerShell's Export-Csv begins with the type of what follows.
        if cells.get(0).is_some_and(|cell| cell.trim_start_matches('\u{feff}').starts_with("#TYPE "))
            || cells.iter().all(|cell| cell.trim().is_empty())
        {
            continue;
        }
        let Some(columns) = &columns else {
            match Columns::find(&cells) {
                Some(found) => columns = Some(found),
                None => bail!(
                    "{}, line {line}: no column of builds; the first line must name one (ExSetupVersion, BuildNumber, Build, AdminDisplayVersion)",
                    path.display()
                ),
            }
            continue;
        };
        tell(row(&cells, columns, line))?;
    }
    if columns.is_none() {
        bail!("{}: empty", path.display());
    }
    Ok(())
}

/// Comma, semicolon (German Excel) or tab: whichever the first line has most of. And whether lines end in CRLF.
fn form(path: &Path) -> std::io::Result<(u8, bool)> {
    let mut head = Vec::new();
    File::open(path)?.take(64 << 10).read_to_end(&mut head)?;
    let line = head
        .split(|byte| *byte == b'\n')
        .find(|line| !line.is_empty() && !line.windows(5).take(4).any(|word| word == b"#TYPE"))
        .unwrap_or_default();
    let count = |wanted: &u8| line.iter().filter(|byte| *byte == wanted).count();
    let delimiter = [b',', b';', b'\t'].into_iter().rev().max_by_key(count).unwrap_or(b',');
    Ok((delimiter, head.windows(2).any(|pair| pair == b"\r\n")))
}

fn row(cells: &csv::StringRecord, columns: &Columns, line: u64) -> Row {
    let server = columns.server.and_then(|at| cells.get(at)).map(str::trim).filter(|name| !name.is_empty());
    let text = cells.get(columns.build).unwrap_or_default().trim();
    let mut build = version(text);
    let mut remark = None;
    if columns.display
        && let Some(SeenBuild::Whole(whole)) = build
    {
        build = Some(SeenBuild::Update(whole.major, whole.minor, whole.build));
    }
    if build.is_none() {
        remark = Some(format!("line {line}: `{text}` is no build"));
    }
    Row { server: server.map_or_else(|| format!("line {line}"), str::to_owned), build, remark }
}

/// `15.1.2507.66`, `15.01.2507.066`, `Version 15.1 (Build 2507.6)`, `15.1.2507`.
fn version(text: &str) -> Option<SeenBuild> {
    let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let is_version = text.chars().all(|c| c.is_ascii_digit() || "Vversion. (Buildubuild)".contains(c));
    match numbers.len() {
        3 | 4 if is_version => SeenBuild::read(&numbers.join(".")),
        _ => None,
    }
}

/// An export of HealthChecker has some MiB a server.
const LARGEST: u64 = 512 << 20;

/// The objects that HealthChecker writes with PowerShell's `Export-Clixml` (seen in its own tests, CSS-Exchange): `ServerName`, and
/// below `ExchangeSetup` the version of `ExSetup.exe`.
fn health_checker(path: &Path, mut tell: impl FnMut(Row) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let place = || path.display().to_string();
    if fs::metadata(path).with_context(place)?.len() > LARGEST {
        bail!("{}: larger than any export of HealthChecker", path.display());
    }
    let text = decode(&fs::read(path).with_context(place)?);
    if !text.trim_start().starts_with("<Objs") {
        bail!("{}: no export of HealthChecker (it would begin with <Objs)", path.display());
    }
    let mut reader = Reader::from_str(&text);
    let mut names: Vec<String> = Vec::new();
    let mut server = Found::default();
    let mut any = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => names.push(name_of(&element)),
            Ok(Event::End(_)) => {
                names.pop();
            }
            Ok(Event::Text(value)) => {
                let value = value.trim().to_owned();
                let Some(name) = names.last() else { continue };
                if name == "ServerName" && names.len() <= 5 {
                    if let Some(row) = std::mem::take(&mut server).row() {
                        any = true;
                        tell(row)?;
                    }
                    server.name = value;
                } else if name == "FileVersion" && names.iter().any(|name| name == "ExchangeSetup") {
                    server.setup.get_or_insert(value);
                } else if ["BuildVersion", "ExchangeBuildNumber", "BuildNumber"].contains(&name.as_str()) {
                    server.other.get_or_insert(value);
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                let read = usize::try_from(reader.buffer_position()).unwrap_or_default();
                let line = 1 + text.get(..read).map_or(0, |before| before.matches('\n').count());
                bail!("{}, line {line}: {error}", path.display())
            }
        }
    }
    if let Some(row) = server.row() {
        any = true;
        tell(row)?;
    }
    if !any {
        bail!("{}: no server is named in it", path.display());
    }
    Ok(())
}

#[derive(Default)]
struct Found {
    name: String,
    setup: Option<String>,
    other: Option<String>,
}

impl Found {
    fn row(self) -> Option<Row> {
        if self.name.is_empty() {
            return None;
        }
        // What is not from ExSetup.exe may come from AdminDisplayVersion, which no security update raises.
        let whole = self.setup.as_deref().and_then(version);
        let part = self.other.as_deref().and_then(version).map(|build| match build {
            SeenBuild::Whole(it) => SeenBuild::Update(it.major, it.minor, it.build),
            update @ SeenBuild::Update(..) => update,
        });
        let build = whole.or(part);
        let remark = build.is_none().then(|| "the export names no build of this server".to_owned());
        Some(Row { server: self.name, build, remark })
    }
}

/// The name that the shell gives an object (`N`).
fn name_of(element: &BytesStart<'_>) -> String {
    let attribute = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == "N");
    attribute.map(|attribute| attribute.value.into_owned()).unwrap_or_default()
}

/// The shell writes UTF-16 by itself.
fn decode(bytes: &[u8]) -> String {
    match bytes {
        [0xff, 0xfe, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_list_panics(text in "(Server|Build|,|;|\n|\"|15.1.2507.[0-9]|.){0,60}", xml in "(<Objs>|<S N=\"ServerName\">|</S>|<|>|&#[0-9];|.){0,40}") {
            let folder = tempfile::tempdir()?;
            for (name, content) in [("a.csv", format!("Server,Build\n{text}")), ("b.xml", format!("<Objs>{xml}"))] {
                let path = folder.path().join(name);
                fs::write(&path, content)?;
                let _ = each(&path, |_| Ok(()));
            }
        }
    }

    #[test]
    fn versions_as_lists_write_them() {
        let update = SeenBuild::Update(15, 1, 2507);
        let whole = SeenBuild::read("15.1.2507.66");
        for (text, expected) in [
            ("15.1.2507.66", whole),
            ("15.01.2507.066", whole),
            ("Version 15.1 (Build 2507.66)", whole),
            ("15.1.2507", Some(update)),
            ("Exchange 2016 CU23", None),
            ("10.0.0.1 (host)", None),
            ("", None),
        ] {
            assert_eq!(version(text), expected, "{text}");
        }
    }
}
