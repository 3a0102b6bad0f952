//! What only a person can do: in the order in which it is to be done, with the exact commands where there are any.
//!
//! Commands are text for the administrator; nothing here runs one. Names from the evidence stand in them quoted, or not at all.

use std::collections::BTreeSet;

use afterpatch_detection::KnownGood;
use afterpatch_model::{
    Action, ArtifactKind, Autostart, ExposureState, Finding, Grade, Instruction, InstructionKind, LeftOut, Step, ThingKind, What,
    WhyNot,
};

use crate::evidence::Evident;
use crate::powershell::quoted;
use crate::switch_off::autostart;

/// Names told in one instruction; the report has them all.
const MOST: usize = 20;

/// Nouns of Exchange's virtual directories, as its cmdlets have them.
const DIRECTORIES: [&str; 8] = [
    "OabVirtualDirectory",
    "EcpVirtualDirectory",
    "OwaVirtualDirectory",
    "WebServicesVirtualDirectory",
    "ActiveSyncVirtualDirectory",
    "PowerShellVirtualDirectory",
    "MapiVirtualDirectory",
    "AutodiscoverVirtualDirectory",
];

/// Everything that the report gives reason for.
pub(crate) fn instructions(
    evident: &Evident<'_>,
    known_good: &KnownGood,
    actions: &[Action],
    left_out: &[LeftOut],
) -> Vec<Instruction> {
    let broken_into = evident.server.incidents.iter().any(|incident| incident.grade >= Grade::Compromise);
    let mut list = List(Vec::new());
    if broken_into || !actions.is_empty() {
        list.add(InstructionKind::KeepEvidence, Vec::new(), Vec::new());
    }
    let open = evident.server.exposure.iter().filter(|it| it.state == ExposureState::Open);
    let open: Vec<String> = open.map(|it| it.cve.clone()).collect();
    if !open.is_empty() {
        list.add(InstructionKind::InstallFix, open, Vec::new());
    }
    directories(evident, &mut list);
    autostarts(evident, &mut list);
    exclusions(evident, &mut list);
    let broken: Vec<String> = actions
        .iter()
        .filter_map(|action| match &action.what {
            What::QuarantineFile { file } if known_good.has_path(&file.path) => Some(file.path.clone()),
            _ => None,
        })
        .collect();
    if !broken.is_empty() {
        list.add(InstructionKind::RestorePages, broken, Vec::new());
    }
    if !actions.is_empty() {
        list.add(InstructionKind::RestartWebServer, Vec::new(), vec!["iisreset.exe /noforce".to_owned()]);
    }
    if broken_into {
        list.add(InstructionKind::RotateKeys, Vec::new(), Vec::new());
        list.add(InstructionKind::ResetAccounts, named(evident, ThingKind::Account, &[Step::CredentialsTaken]), Vec::new());
    }
    let changed = named(evident, ThingKind::Account, &[Step::AccountChanged]);
    let roles = objects(evident, "ManagementRoleAssignment");
    if has(evident, &[Step::AccountChanged]) || roles {
        let command =
            "Get-ManagementRoleAssignment -Role 'Mailbox Import Export' | Format-List Identity,RoleAssignee,WhenCreated";
        list.add(InstructionKind::CheckAccounts, changed, if roles { vec![command.to_owned()] } else { Vec::new() });
    }
    let exports = objects(evident, "MailboxExportRequest");
    if has(evident, &[Step::MailTaken]) || exports {
        let command = "Get-MailboxExportRequest | Format-List Mailbox,FilePath,Status,WhenCreated";
        let mailboxes = named(evident, ThingKind::Mailbox, &[Step::MailTaken]);
        list.add(InstructionKind::CheckMailboxes, mailboxes, if exports { vec![command.to_owned()] } else { Vec::new() });
    }
    let rest = left_out.iter().filter(|left| !matches!(left.why, WhyNot::Acknowledged | WhyNot::Genuine));
    let rest: BTreeSet<String> = rest.map(|left| left.subject.clone()).collect();
    if !rest.is_empty() {
        list.add(InstructionKind::LookAtTheRest, rest.into_iter().collect(), Vec::new());
    }
    if broken_into {
        list.add(InstructionKind::Rebuild, Vec::new(), Vec::new());
    }
    list.add(InstructionKind::ScanAgain, Vec::new(), Vec::new());
    list.0
}

struct List(Vec<Instruction>);

impl List {
    fn add(&mut self, what: InstructionKind, mut about: Vec<String>, commands: Vec<String>) {
        about.truncate(MOST);
        self.0.push(Instruction { id: format!("N{}", self.0.len() + 1), what, about, commands });
    }
}

fn of_steps<'a>(evident: &'a Evident<'_>, steps: &'a [Step]) -> impl Iterator<Item = &'a Finding> {
    evident.findings().filter(|finding| steps.contains(&finding.step) && finding.acknowledged.is_none())
}

fn has(evident: &Evident<'_>, steps: &[Step]) -> bool {
    of_steps(evident, steps).next().is_some()
}

/// Whether a finding speaks of such an object of Exchange.
fn objects(evident: &Evident<'_>, noun: &str) -> bool {
    let counts = |finding: &&Finding| finding.acknowledged.is_none();
    evident.findings().filter(counts).any(|finding| finding.things_of(ThingKind::Object).any(|object| object == noun))
}

/// Things of a kind that findings of these steps name, sorted.
fn named(evident: &Evident<'_>, kind: ThingKind, steps: &[Step]) -> Vec<String> {
    let all: BTreeSet<String> = of_steps(evident, steps).flat_map(|finding| finding.things_of(kind)).map(str::to_owned).collect();
    all.into_iter().collect()
}

/// A directory whose addresses were changed is set back in Exchange's own shell: its values live in the Active Directory.
fn directories(evident: &Evident<'_>, list: &mut List) {
    let objects = named(evident, ThingKind::Object, &[Step::ConfigurationChanged, Step::DirectoryReset]);
    let short = evident.server.name.split('.').next().unwrap_or_default();
    let Some(server) = quoted(short) else { return };
    for noun in DIRECTORIES {
        if objects.iter().any(|object| object.eq_ignore_ascii_case(noun)) {
            let commands = vec![
                format!("Get-{noun} -Server {server} | Format-List Identity,InternalUrl,ExternalUrl,WhenChanged"),
                format!("Get-{noun} -Server {server} | Set-{noun} -ExternalUrl $null"),
            ];
            list.add(InstructionKind::ResetDirectoryValue, vec![noun.to_owned()], commands);
        }
    }
}

/// What starts by itself.
fn autostarts(evident: &Evident<'_>, list: &mut List) {
    let mut told = BTreeSet::new();
    for finding in of_steps(evident, &[Step::PersistenceAdded]) {
        let Some(name) = finding.things_of(ThingKind::Autostart).next() else { continue };
        let is_agent = || evident.artifact_of(finding, ArtifactKind::TransportAgents).is_some();
        let what = match autostart(evident, finding) {
            Some((Autostart::Task, _)) => InstructionKind::RemoveTask,
            Some((Autostart::Service, _)) => InstructionKind::RemoveService,
            None if finding.kind.contains("transport-agent") || is_agent() => InstructionKind::RemoveTransportAgent,
            None => continue,
        };
        if !told.insert((what, name.to_lowercase())) {
            continue;
        }
        list.add(what, vec![name.to_owned()], commands_for(what, name));
    }
}

fn commands_for(what: InstructionKind, name: &str) -> Vec<String> {
    // A name that cannot be quoted safely gets no command; the instruction says where to look.
    match what {
        InstructionKind::RemoveTask => {
            let (folder, task) = name.rsplit_once('\\').unwrap_or(("", name));
            let (Some(folder), Some(task)) = (quoted(&format!("{folder}\\")), quoted(task)) else { return Vec::new() };
            vec![
                format!(
                    "Export-ScheduledTask -TaskPath {folder} -TaskName {task} | Out-File -Encoding unicode .\\task-before-removal.xml"
                ),
                format!("Unregister-ScheduledTask -TaskPath {folder} -TaskName {task} -Confirm"),
            ]
        }
        InstructionKind::RemoveService => {
            let (Some(key), Some(service)) = (quoted(&format!(r"HKLM\SYSTEM\CurrentControlSet\Services\{name}")), quoted(name))
            else {
                return Vec::new();
            };
            vec![
                format!("sc.exe qc {service}"),
                format!("reg.exe export {key} .\\service-before-removal.reg"),
                format!("Stop-Service -Name {service}"),
                format!("sc.exe delete {service}"),
            ]
        }
        InstructionKind::RemoveTransportAgent => quoted(name).map_or_else(Vec::new, |agent| {
            vec![
                format!("Get-TransportAgent -Identity {agent} | Format-List"),
                format!("Disable-TransportAgent -Identity {agent}"),
                "Restart-Service MSExchangeTransport".to_owned(),
                format!("Uninstall-TransportAgent -Identity {agent}"),
            ]
        }),
        _ => Vec::new(),
    }
}

/// What the antivirus was told not to look at.
fn exclusions(evident: &Evident<'_>, list: &mut List) {
    let blinding = |finding: &&Finding| finding.kind.contains("exclusion") || finding.kind.contains("antivirus-blind");
    let found: Vec<&Finding> = of_steps(evident, &[Step::DefencesWeakened]).filter(blinding).collect();
    if found.is_empty() {
        return;
    }
    let paths: BTreeSet<&str> = found.iter().flat_map(|finding| finding.things_of(ThingKind::File)).collect();
    let mut commands = vec!["Get-MpPreference | Format-List Exclusion*".to_owned()];
    commands
        .extend(paths.iter().take(MOST).filter_map(|path| Some(format!("Remove-MpPreference -ExclusionPath {}", quoted(path)?))));
    list.add(InstructionKind::RemoveExclusion, paths.into_iter().map(str::to_owned).collect(), commands);
}
