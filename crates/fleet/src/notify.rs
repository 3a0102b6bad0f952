//! `afterpatch-fleet notify`: one file for each organisation of the inventory, with what was seen of just its servers. Nothing is
//! sent.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::path::Path;

use afterpatch_census::merge;
use afterpatch_model::{CompromiseAnswer, ExposureAnswer, FootholdAnswer, Timestamp};
use afterpatch_report::{Language, Notice, NoticeServer, NoticeStep, NoticesWritten, hostile};
use anyhow::{Context, bail};
use serde::Deserialize;

use crate::arguments::NotifyArguments;
use crate::ask::ask;
use crate::exit::Exit;
use crate::identity::{Judged, earlier, keys};
use crate::inventory::{Entry, Inventory};
use crate::lake::Lake;
use crate::{output, read};

/// Servers of no organisation of the inventory.
const UNASSIGNED: &str = "unassigned.txt";
/// Which file goes to whom.
const INDEX: &str = "index.csv";

const SERVERS: &str = "\
SELECT package, server, aliases, exposure, compromise, foothold, build, build_seen, open_cves, coverage_first, coverage_last \
FROM servers ORDER BY server, build_seen, package";

#[derive(Deserialize)]
struct ServerRow {
    package: String,
    server: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(flatten)]
    judged: Judged,
    build: Option<String>,
    #[serde(default)]
    open_cves: Vec<String>,
    coverage_first: Option<Timestamp>,
    coverage_last: Option<Timestamp>,
}

/// Scans touch everybody and are no step worth a notice.
const STEPS: &str = "\
SELECT package, server, kind, title, first, last, addresses, pages FROM steps WHERE grade_rank >= 2 ORDER BY first, number";

/// A step as the lake has it.
#[derive(Clone, Deserialize)]
pub struct StepRow {
    pub package: String,
    server: String,
    kind: String,
    title: String,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    #[serde(default)]
    addresses: Vec<String>,
    #[serde(default)]
    pages: Vec<String>,
}

impl From<StepRow> for NoticeStep {
    fn from(row: StepRow) -> Self {
        let StepRow { kind, title, first, last, addresses, pages, .. } = row;
        Self { first, last, kind, title, addresses, pages }
    }
}

/// What is told of one organisation.
#[derive(Default)]
struct Told<'i> {
    servers: Vec<NoticeServer>,
    contacts: BTreeSet<&'i str>,
    language: Option<Language>,
}

/// Writes the notices.
pub async fn run(arguments: &NotifyArguments) -> anyhow::Result<Exit> {
    let inventory = Inventory::read(&arguments.inventory)?;
    let lake = Lake::open(&arguments.lake).await?;
    let context = read::session(&lake, &lake.told(None).await?)?;
    let mut servers = servers(ask(&context, SERVERS).await?, ask(&context, STEPS).await?, &inventory);
    let all = servers.len();
    servers.retain(|(server, _)| arguments.all || is_worth_telling(server));
    let quiet = (all - servers.len()) as u64;
    // The worst first; the answers are ordered by how bad they are.
    servers.sort_by(|(one, _), (other, _)| gravity(other).cmp(&gravity(one)).then_with(|| one.name.cmp(&other.name)));

    let mut organisations = BTreeMap::<String, Told<'_>>::new();
    let mut unassigned = Vec::new();
    for (server, said) in servers {
        match said {
            Some(entry @ Entry { organisation: Some(organisation), .. }) => {
                let told = organisations.entry(organisation.clone()).or_default();
                told.servers.push(server);
                told.contacts.extend(entry.contact.as_deref());
                told.language = told.language.or(entry.language);
            }
            _ => unassigned.push(server),
        }
    }

    let folder = Path::new(&arguments.to);
    make_empty(folder)?;
    let shown = output::options(&arguments.shown);
    let mut index = csv::Writer::from_writer(create(folder, INDEX)?);
    index.write_record(["organisation", "contact", "file", "servers", "language"])?;
    let mut names = HashMap::<String, u32>::new();
    for (organisation, told) in &organisations {
        let file = file_name(organisation, &mut names);
        let contact = told.contacts.iter().copied().collect::<Vec<_>>().join(", ");
        let language = told.language.unwrap_or(shown.language);
        let notice = Notice {
            organisation,
            contact: Some(contact.as_str()).filter(|contact| !contact.is_empty()),
            tlp: arguments.tlp,
            taken: arguments.now.unwrap_or_else(Timestamp::now),
            servers: &told.servers,
        };
        let mut out = create(folder, &file)?;
        afterpatch_report::write_notice(&notice, language, &mut out)?;
        out.flush()?;
        let row = [organisation, &contact, &file, &told.servers.len().to_string(), language.tag()];
        index.write_record(row.map(|cell| hostile::csv(cell).into_owned()))?;
    }
    index.flush()?;
    if !unassigned.is_empty() {
        let mut out = create(folder, UNASSIGNED)?;
        afterpatch_report::write_unassigned(&unassigned, shown.language, &mut out)?;
        out.flush()?;
    }
    let written = NoticesWritten {
        folder: &arguments.to,
        notices: organisations.len() as u64,
        without_contact: organisations.values().filter(|told| told.contacts.is_empty()).count() as u64,
        unassigned: unassigned.len() as u64,
        quiet,
    };
    afterpatch_report::write_notices_written(&written, &shown, &mut stdout().lock())?;
    Ok(Exit::Done)
}

/// One server, whatever packages spoke of it, and what the inventory says of it.
struct Known<'i> {
    judged: Judged,
    told: NoticeServer,
    steps: BTreeSet<NoticeStep>,
    said: Option<&'i Entry>,
}

/// Each server once: two packages of one server are one part of a notice.
fn servers<'i>(rows: Vec<ServerRow>, steps: Vec<StepRow>, inventory: &'i Inventory) -> Vec<(NoticeServer, Option<&'i Entry>)> {
    let mut of_rows = HashMap::<(String, String), BTreeSet<NoticeStep>>::new();
    for step in steps {
        of_rows.entry((step.package.clone(), step.server.clone())).or_default().insert(step.into());
    }
    let said = |row: &ServerRow| inventory.of_server(&row.server, &row.aliases);
    let owner = |row: &ServerRow| said(row)?.organisation.as_deref();
    let units = merge(&rows.iter().map(|row| keys(&row.server, &row.aliases, owner(row))).collect::<Vec<_>>());
    let mut servers = BTreeMap::<usize, Known<'i>>::new();
    for (row, unit) in rows.into_iter().zip(units) {
        let said = said(&row);
        let steps = of_rows.remove(&(row.package, row.server.clone())).unwrap_or_default();
        let told = NoticeServer {
            exposure: row.judged.exposure,
            compromise: row.judged.compromise,
            foothold: row.judged.foothold,
            build: row.build,
            build_seen: row.judged.build_seen,
            open_cves: row.open_cves,
            first: row.coverage_first,
            last: row.coverage_last,
            steps: Vec::new(),
            name: row.server,
        };
        let known = Known { judged: row.judged, told, steps, said };
        match servers.get_mut(&unit) {
            Some(joined) => joined.join(known),
            None => drop(servers.insert(unit, known)),
        }
    }
    servers.into_values().map(Known::told).collect()
}

impl<'i> Known<'i> {
    fn join(&mut self, other: Self) {
        let first = earlier(self.told.first, other.told.first);
        let last = self.told.last.max(other.told.last);
        if self.judged.join(&other.judged) {
            self.told = NoticeServer { name: std::mem::take(&mut self.told.name), ..other.told };
        }
        (self.told.first, self.told.last) = (first, last);
        self.steps.extend(other.steps);
        self.said = self.said.or(other.said);
    }

    fn told(self) -> (NoticeServer, Option<&'i Entry>) {
        let Judged { exposure, compromise, foothold, .. } = self.judged;
        let steps = self.steps.into_iter().collect();
        (NoticeServer { exposure, compromise, foothold, steps, ..self.told }, self.said)
    }
}

fn gravity(server: &NoticeServer) -> (FootholdAnswer, CompromiseAnswer, ExposureAnswer) {
    (server.foothold, server.compromise, server.exposure)
}

/// Whether its owner has to do something that he would not do anyway.
fn is_worth_telling(server: &NoticeServer) -> bool {
    matches!(server.exposure, ExposureAnswer::Open | ExposureAnswer::PossiblyOpen | ExposureAnswer::Mitigated)
        || matches!(server.compromise, CompromiseAnswer::Passed | CompromiseAnswer::Compromised)
        || matches!(server.foothold, FootholdAnswer::Removed | FootholdAnswer::InPlace | FootholdAnswer::UsedAfterFix)
}

/// Notices of two days in one folder would be sent together.
fn make_empty(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    if std::fs::read_dir(folder).with_context(|| folder.display().to_string())?.next().is_some() {
        bail!(
            "{}: is not empty; notices want a folder of their own, so that none of an earlier day is sent again",
            folder.display()
        );
    }
    Ok(())
}

fn create(folder: &Path, name: &str) -> anyhow::Result<BufWriter<File>> {
    let path = folder.join(name);
    let file = File::create_new(&path).with_context(|| path.display().to_string())?;
    Ok(BufWriter::new(file))
}

/// A file name that every system takes, and that is not given twice.
fn file_name(organisation: &str, given: &mut HashMap<String, u32>) -> String {
    /// Long names are cut: systems have limits.
    const MOST: usize = 60;
    let kept = organisation.chars().take(MOST).map(|c| if c.is_alphanumeric() { c } else { '-' }).collect::<String>();
    let mut name = kept.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-").to_lowercase();
    // Names of devices on Windows, our own files, and names of nothing but marks.
    name.insert_str(0, "to-");
    let count = given.entry(name.clone()).or_insert(0);
    *count += 1;
    if *count > 1 { format!("{name}~{count}.txt") } else { format!("{name}.txt") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_harmless_and_never_given_twice() {
        let mut given = HashMap::new();
        for (organisation, name) in [
            ("City of Example", "to-city-of-example.txt"),
            ("../../etc/passwd", "to-etc-passwd.txt"),
            ("CON", "to-con.txt"),
            ("Stadt Köln", "to-stadt-köln.txt"),
            ("city-of example!", "to-city-of-example~2.txt"),
            ("\u{202e}\u{1b}[31m", "to-31m.txt"),
            ("???", "to-.txt"),
        ] {
            assert_eq!(file_name(organisation, &mut given), name, "{organisation}");
        }
        assert!(file_name(&"x".repeat(500), &mut given).len() < 80);
    }
}
