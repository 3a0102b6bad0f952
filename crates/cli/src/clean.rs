//! `afterpatch clean`: a plan from a report, its application, undo, status.

use std::fs::{self, File};
use std::io::{BufWriter, IsTerminal, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::time::Duration;

use afterpatch_engine::Engine;
use afterpatch_model::{
    ActionResult, AskedPage, Autostart, CleanResult, Confidence, Kept, Outcome, Plan, Report, SwitchResult, Timestamp,
};
use afterpatch_remediation::{Host, Wishes};
use afterpatch_remote::{Config, Remote};
use afterpatch_report::{ChangeLine, ChangeState, Did, Options, Touched, UndoLine};
#[cfg(windows)]
use afterpatch_sys::privilege::Privilege;
use afterpatch_vault::disk::RealDisk;
use afterpatch_vault::{
    Entry, History, Identity, Settings, Settled, Settlement, State, Stored, Subject, SwitchKind, THIS_COMPUTER, Vault,
};
use anyhow::{Context, bail};

use crate::arguments::{CleanArguments, CleanCommand, HowSure, ShownArguments};
use crate::exit::Exit;
use crate::{host, output, report, scan};

/// The plan's and the vault's names where the user gives none.
const PLAN: &str = "plan.yaml";
const VAULT: &str = "afterpatch-vault";

/// Does what the arguments say.
pub fn run(arguments: &CleanArguments) -> anyhow::Result<Exit> {
    match (&arguments.command, &arguments.plan, &arguments.apply) {
        (Some(CleanCommand::Undo { vault, action, root, identity, shown }), ..) => {
            let (vault, action) = vault_and_action(vault.as_deref(), action.as_deref());
            undo(&vault, action, root.as_deref(), identity.as_deref(), shown)
        }
        (Some(CleanCommand::Status { vault, identity, shown }), ..) => {
            status(&vault_folder(vault.as_deref()), identity.as_deref(), shown)
        }
        (None, Some(report), _) => plan(arguments, || report::read(report)),
        (None, None, None) if arguments.scan => plan(arguments, || scanned(arguments)),
        (None, None, Some(plan)) => apply(arguments, plan),
        (None, None, None) => bail!("name a report (--plan REPORT) or a plan (--apply PLAN), or say undo or status"),
    }
}

fn plan(arguments: &CleanArguments, report: impl FnOnce() -> anyhow::Result<Report>) -> anyhow::Result<Exit> {
    let to = arguments.output.clone().unwrap_or_else(|| PathBuf::from(PLAN));
    if let Some(root) = arguments.root.as_ref().filter(|root| output::lies_in(&to, root)) {
        bail!("{}: lies in {}, which only actions of a plan may change; name another place", to.display(), root.display());
    }
    if !cfg!(windows) && arguments.root.is_none() {
        bail!("name the folder below which the server's disk lies on this machine: --root FOLDER (where its folder C is)");
    }
    let report = report()?;
    let host = match &arguments.root {
        Some(root) => Host::new(&whole(root)?)?,
        None => this_computer(&report, arguments.server.as_deref())?,
    };
    let wishes = Wishes {
        now: Timestamp::now(),
        server: arguments.server.clone(),
        confidence: match arguments.confidence {
            HowSure::High => Confidence::High,
            HowSure::Medium => Confidence::Medium,
            HowSure::Low => Confidence::Low,
        },
        medium: arguments.medium.clone(),
        mitigate: arguments.mitigate,
    };
    let plan = afterpatch_remediation::plan(&report, &host, &wishes)?;
    let options = output::options(&arguments.shown);
    let name = to.display().to_string();
    if to == Path::new("-") {
        let mut out = BufWriter::new(stdout().lock());
        afterpatch_report::write_plan(&plan, PLAN, &options, &mut out)?;
        out.flush()?;
    } else {
        // Somebody may have edited an earlier one.
        let file =
            File::create_new(&to).with_context(|| format!("{name}: a plan is not overwritten; name another file with -o"))?;
        let mut out = BufWriter::new(file);
        afterpatch_report::write_plan(&plan, &name, &options, &mut out).with_context(|| name.clone())?;
        out.flush().with_context(|| name.clone())?;
        let counts = format!("{} actions, {} instructions", plan.actions.len(), plan.instructions.len());
        output::note(&format!("{name}: {counts}; nothing was changed"));
    }
    Ok(Exit::Nothing)
}

/// A plan is applied from anywhere, so it names the root in full.
fn whole(root: &Path) -> std::io::Result<PathBuf> {
    if root == Path::new(THIS_COMPUTER) { Ok(root.to_owned()) } else { std::path::absolute(root) }
}

/// Without a root, the report must speak of the computer that this runs on: paths of one server are not those of another.
fn this_computer(report: &Report, named: Option<&str>) -> anyhow::Result<Host> {
    let own = afterpatch_sys::computer::name().unwrap_or_default();
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_lowercase();
    let is_own = |name: &String| short(name) == short(&own);
    let servers = report.servers.iter().filter(|server| named.is_none_or(|named| server.name.eq_ignore_ascii_case(named)));
    if own.is_empty() || !servers.into_iter().any(|server| is_own(&server.name) || server.aliases.iter().any(is_own)) {
        bail!(
            "the report does not speak of this computer ({own}); if it does, under another name, say --root {THIS_COMPUTER}; else \
             --root FOLDER, below which the server's disk lies here"
        );
    }
    Ok(Host::this_computer())
}

/// Folders of web servers: what lies below them may be sent to visitors.
const SERVED: [&str; 5] = ["inetpub", "wwwroot", "frontend", "clientaccess", "httpproxy"];

/// Whether a folder lies where it would be served or scanned with what was examined.
fn is_in_the_way(vault: &Path, host: &Host) -> bool {
    if !host.is_running() {
        return output::lies_in(vault, host.root());
    }
    let is_served = |part: std::path::Component<'_>| {
        let name = part.as_os_str().to_string_lossy().to_lowercase();
        SERVED.contains(&&*name)
    };
    vault.components().any(is_served)
}

/// A report of this computer, or of the system below the root, as it is now.
fn scanned(arguments: &CleanArguments) -> anyhow::Result<Report> {
    let host = host::of(arguments.root.as_deref(), false)?;
    let engine = Engine::load()?;
    let options = scan::whole(PathBuf::from(host.name()), Timestamp::now(), 1);
    host::stand_back(&host, false);
    scan::watched(false, |progress| engine.run_on(&[host.evidence(options.now)], &options, progress))
}

fn apply(arguments: &CleanArguments, file: &Path) -> anyhow::Result<Exit> {
    let place = file.display().to_string();
    let text = fs::read_to_string(file).with_context(|| place.clone())?;
    let plan = afterpatch_remediation::read_plan(&text).with_context(|| place.clone())?;
    let root = arguments.root.clone().unwrap_or_else(|| PathBuf::from(&plan.root));
    let host = Host::new(&whole(&root)?)?;
    let beside = file.parent().unwrap_or(Path::new("")).join(VAULT);
    let vault = std::path::absolute(arguments.vault.clone().unwrap_or(beside))?;
    if is_in_the_way(&vault, &host) {
        bail!(
            "{}: a vault in the examined tree {} would be served and scanned with it; name another place with --vault",
            vault.display(),
            host.root().display()
        );
    }
    let settings = Settings {
        now: Timestamp::now(),
        recipient: arguments.recipient.as_deref().map(str::parse).transpose()?,
        identity: None,
    };
    for page in &arguments.ask {
        afterpatch_remote::check_page(page)?;
    }
    let options = output::options(&arguments.shown);
    let history = history_of(&vault)?;
    let preview = afterpatch_remediation::preview(&plan, &host, history.as_ref(), &vault.display().to_string(), settings.now);
    let would = preview.actions.iter().any(|action| action.outcome == Outcome::WouldBeDone);
    if !arguments.yes || !would {
        show(&preview, &plan, &place, &options)?;
        if !would || !confirmed(&options)? {
            write_json(&preview, arguments.output.as_deref())?;
            return Ok(exit_of(&preview.actions));
        }
    }
    take_rights();
    let (mut vault, settled) = Vault::open_or_create(RealDisk, &vault, &settings)?;
    tell_settled(&settled, &options)?;
    let mut result = afterpatch_remediation::apply(&plan, &host, &mut vault, settings.now, |_| {});
    result.asked = asked(&arguments.ask)?;
    show(&result, &plan, &place, &options)?;
    write_json(&result, arguments.output.as_deref())?;
    let exit = exit_of(&result.actions);
    Ok(if result.asked.iter().any(AskedPage::still_answers) { Exit::NotAllDone } else { exit })
}

/// Whether pages of the server still answer.
fn asked(pages: &[String]) -> anyhow::Result<Vec<AskedPage>> {
    if pages.is_empty() {
        return Ok(Vec::new());
    }
    let remote = Remote::new(Config {
        resolve: afterpatch_remote::resolve,
        user_agent: format!("afterpatch/{} (asks whether a page was removed)", env!("CARGO_PKG_VERSION")),
        timeout: Duration::from_secs(10),
        rate: 2,
        concurrency: 1,
        autodiscover: false,
    })?;
    let ask = |page: &String| {
        let answer = remote.page(page)?;
        Ok(AskedPage { url: answer.url, status: answer.status, error: answer.error })
    };
    pages.iter().map(ask).collect()
}

/// What an administrator may, but has to ask for: to store a file with its audit list, and to give it any owner again. Without it
/// the vault does what it can, and refuses what it could not give back.
fn take_rights() {
    #[cfg(windows)]
    for privilege in [Privilege::Backup, Privilege::Restore, Privilege::Security] {
        afterpatch_sys::privilege::enable(privilege);
    }
}

fn history_of(vault: &Path) -> anyhow::Result<Option<History>> {
    match History::read(&RealDisk, vault) {
        Ok(history) => Ok(Some(history)),
        Err(afterpatch_vault::VaultError::NoVault(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn show(result: &CleanResult, plan: &Plan, file: &str, options: &Options) -> anyhow::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    afterpatch_report::write_clean_result(result, plan, file, options, &mut out)?;
    Ok(out.flush()?)
}

fn write_json(result: &CleanResult, to: Option<&Path>) -> anyhow::Result<()> {
    let Some(to) = to else { return Ok(()) };
    if to == Path::new("-") {
        afterpatch_report::write_clean_json(result, &mut stdout().lock())?;
        return Ok(());
    }
    let place = || to.display().to_string();
    let mut out = BufWriter::new(File::create(to).with_context(place)?);
    afterpatch_report::write_clean_json(result, &mut out).with_context(place)?;
    out.flush().with_context(place)
}

/// Asks, where somebody is there to answer.
fn confirmed(options: &Options) -> anyhow::Result<bool> {
    if !stdin().is_terminal() || !stdout().is_terminal() {
        return Ok(false);
    }
    let mut out = stdout().lock();
    write!(out, "\n{} ", afterpatch_report::clean_question(options)?)?;
    out.flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "yes" | "ja"))
}

fn exit_of(actions: &[ActionResult]) -> Exit {
    let whole = |action: &ActionResult| {
        let files = action.files.iter().all(|file| file.change.is_none() || file.verified);
        let off = |switch: &SwitchResult| switch.change.is_none() || (switch.verified && switch.still_runs.is_none());
        action.outcome != Outcome::Refused && files && action.switch.as_ref().is_none_or(off)
    };
    if actions.iter().all(whole) { Exit::Nothing } else { Exit::NotAllDone }
}

fn tell_settled(settled: &[Settlement], options: &Options) -> anyhow::Result<()> {
    for it in settled {
        output::warn(&afterpatch_report::change_settled(&touched(&it.what), it.outcome == Settled::Done, options)?);
    }
    Ok(())
}

/// `undo A1` means the action, unless a vault is called so.
fn vault_and_action<'a>(vault: Option<&'a Path>, action: Option<&'a str>) -> (PathBuf, Option<&'a str>) {
    let is_action = |text: &str| {
        let id = text.rsplit('/').next().unwrap_or(text);
        id.strip_prefix(['A', 'a']).is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    match (vault.and_then(Path::to_str), action) {
        (Some(only), None) if is_action(only) && !Path::new(only).exists() => (PathBuf::from(VAULT), Some(only)),
        (_, action) => (vault_folder(vault), action),
    }
}

/// The vault that a user names, by its folder or its journal.
fn vault_folder(named: Option<&Path>) -> PathBuf {
    match named {
        // A bare name has an empty parent, which is no path.
        Some(file) if file.is_file() => Path::new(".").join(file.parent().unwrap_or(Path::new(""))),
        Some(folder) => folder.to_owned(),
        None => PathBuf::from(VAULT),
    }
}

fn settings(identity: Option<&Path>) -> anyhow::Result<Settings> {
    let identity = identity
        .map(|path| {
            let place = || path.display().to_string();
            let text = fs::read_to_string(path).with_context(place)?;
            Identity::from_file_text(&text).with_context(place)
        })
        .transpose()?;
    Ok(Settings { now: Timestamp::now(), recipient: None, identity })
}

fn undo(
    vault: &Path,
    action: Option<&str>,
    root: Option<&Path>,
    identity: Option<&Path>,
    shown: &ShownArguments,
) -> anyhow::Result<Exit> {
    let options = output::options(shown);
    take_rights();
    let root = root.map(whole).transpose()?;
    let (mut vault, settled) = Vault::open(RealDisk, &std::path::absolute(vault)?, &settings(identity)?)?;
    tell_settled(&settled, &options)?;
    let undone = afterpatch_remediation::undo(&mut vault, action, root.as_deref())?;
    let lines: Vec<UndoLine> = undone
        .into_iter()
        .map(|it| UndoLine { label: it.label, touched: touched(&it.what), error: it.error.map(|error| error.to_string()) })
        .collect();
    let mut out = BufWriter::new(stdout().lock());
    afterpatch_report::write_undone(&lines, &options, &mut out)?;
    out.flush()?;
    Ok(if lines.iter().all(|line| line.error.is_none()) { Exit::Nothing } else { Exit::NotAllDone })
}

fn status(vault: &Path, identity: Option<&Path>, shown: &ShownArguments) -> anyhow::Result<Exit> {
    let history = History::read(&RealDisk, vault)?;
    let settings = settings(identity)?;
    let lines: Vec<ChangeLine> = history.entries.iter().map(|entry| line_of(entry, vault, &settings)).collect();
    let mut out = BufWriter::new(stdout().lock());
    afterpatch_report::write_vault_status(&vault.display().to_string(), &lines, &output::options(shown), &mut out)?;
    out.flush()?;
    Ok(Exit::Nothing)
}

fn line_of(entry: &Entry, vault: &Path, settings: &Settings) -> ChangeLine {
    let intent = &entry.intent;
    let state = match entry.state {
        State::Pending => ChangeState::Pending,
        State::Withdrawn { .. } => ChangeState::Withdrawn,
        State::Undone { .. } => ChangeState::Undone,
        State::Done { .. } if intent.undoes.is_some() => ChangeState::Undoing,
        State::Done { .. } => ChangeState::Done,
    };
    // What was put back needs no copy any more.
    let before = intent.file().and_then(|file| file.before.as_ref());
    let kept = before.filter(|_| state == ChangeState::Done).map(|before| {
        let checked = afterpatch_vault::check(&RealDisk, vault, before, settings.identity.as_ref());
        checked.map_err(|error| error.to_string()).map(|stored| match stored {
            Stored::Opened => Kept::Opened,
            Stored::Sealed => Kept::Sealed,
        })
    });
    ChangeLine {
        change: intent.change,
        label: intent.label.clone(),
        time: entry.time,
        touched: touched(&intent.what),
        did: match &intent.what {
            Subject::Switch(_) => Did::Switched,
            Subject::File(file) => match (&file.before, &file.after) {
                (Some(_), None) => Did::Removed,
                (Some(_), Some(_)) => Did::Changed,
                (None, _) => Did::Made,
            },
        },
        state,
        kept,
    }
}

/// What a change was made to, as the report shows it.
fn touched(what: &Subject) -> Touched {
    match what {
        Subject::File(file) => Touched::File(file.place.path().display().to_string()),
        Subject::Switch(it) => Touched::Autostart {
            kind: match it.switch.kind {
                SwitchKind::Service => Autostart::Service,
                SwitchKind::Task => Autostart::Task,
            },
            name: it.switch.name.clone(),
            from: it.from.clone(),
            to: it.to.clone(),
        },
    }
}
