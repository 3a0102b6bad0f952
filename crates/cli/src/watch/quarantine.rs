//! Takes planted files away without asking, as far as a policy allows: through the same plan, the same checks and the same vault as
//! `afterpatch clean`.

use std::path::PathBuf;

use afterpatch_model::{
    Alert, ArtifactInfo, ArtifactKind, CompromiseAnswer, Confidence, Coverage, ExposureAnswer, FootholdAnswer, Outcome as Done,
    Report, SCHEMA, ServerReport, Step, ThingKind, Timestamp, Tool, Verdict, What,
};
use afterpatch_remediation::{Host, Wishes};
use afterpatch_report::Options;
use afterpatch_vault::disk::RealDisk;
use afterpatch_vault::{Settings, Vault};
use afterpatch_watch::{Outcome, Output, Policy};

/// Answers alerts.
pub struct Quarantine {
    policy: Policy,
    vault: PathBuf,
    options: Options,
}

impl Quarantine {
    pub fn new(policy: Policy, vault: PathBuf, options: Options) -> Self {
        Self { policy, vault, options }
    }

    /// Takes the file. Gives why (English) it was left, when it was.
    fn answer(&self, lies: &Lies, alert: &Alert, now: Timestamp) -> anyhow::Result<Option<String>> {
        let host = Host::new(&lies.root)?;
        let report = report_of(alert, lies);
        // How sure is enough, the policy said.
        let wishes = Wishes { now, server: None, confidence: Confidence::Low, medium: None, mitigate: false };
        let mut plan = afterpatch_remediation::plan(&report, &host, &wishes)?;
        plan.actions.retain(|action| matches!(action.what, What::QuarantineFile { .. }));
        if plan.actions.is_empty() {
            return Ok(Some(plan.left_out.first().map(|left| format!("{:?}", left.why)).unwrap_or_default()));
        }
        let settings = Settings { now, recipient: None, identity: None };
        let (mut vault, _) = Vault::open_or_create(RealDisk, &self.vault, &settings)?;
        let result = afterpatch_remediation::apply(&plan, &host, &mut vault, now, |_| {});
        let done = result.actions.iter().all(|action| matches!(action.outcome, Done::Done | Done::DoneBefore));
        Ok((!done).then(|| result.actions.iter().find_map(|action| action.why.clone()).unwrap_or_default()))
    }

    fn say(&self, lies: &Lies, left: Option<&str>, alert: &Alert) -> Option<String> {
        let path = lies.here.display().to_string();
        let text = match left {
            Some(why) => afterpatch_report::left_by_policy(&path, why, &self.options),
            None => afterpatch_report::taken_by_policy(&path, &self.vault.display().to_string(), alert, &self.options),
        };
        Some(text.unwrap_or_else(|error| error.to_string()))
    }
}

impl Output for Quarantine {
    fn name(&self) -> &'static str {
        "quarantine"
    }

    fn deliver(&mut self, alert: &Alert) -> Outcome {
        let now = Timestamp::now();
        let is_file = alert.artifact.kind == ArtifactKind::ServedScript && alert.finding.step == Step::FilePresent;
        let Some(lies) = Lies::of(&alert.artifact).filter(|_| is_file) else { return Outcome::Done(None) };
        match self.policy.allows(alert, &lies.here, now) {
            Err(None) => return Outcome::Done(None),
            Err(Some(why)) => return Outcome::Done(self.say(&lies, Some(&why), alert)),
            Ok(()) => self.policy.took(now),
        }
        let left = self.answer(&lies, alert, now).unwrap_or_else(|error| Some(format!("{error:#}")));
        Outcome::Done(self.say(&lies, left.as_deref(), alert))
    }
}

/// Where a file lies, as the plan has it: the root of its server's disk on this machine, and its path below, as Windows writes it.
struct Lies {
    root: PathBuf,
    windows: String,
    here: PathBuf,
}

impl Lies {
    #[cfg(unix)]
    fn of(artifact: &ArtifactInfo) -> Option<Self> {
        let here = PathBuf::from(&artifact.path);
        let Some(windows) = &artifact.windows_path else {
            // A Linux server: its root stands for the system drive.
            let windows = format!("C:{}", artifact.path.replace('/', r"\"));
            return Some(Self { root: PathBuf::from("/"), windows, here });
        };
        let below = windows.split_once(":\\")?.1.replace('\\', "/");
        let above = artifact.path.strip_suffix(&below)?.trim_end_matches('/');
        let drive = windows.get(..1)?;
        let root = match above.rsplit_once('/') {
            Some((root, last)) if last.trim_end_matches(':').eq_ignore_ascii_case(drive) => root,
            _ => above,
        };
        let root = if root.is_empty() { "/" } else { root };
        Some(Self { root: PathBuf::from(root), windows: windows.clone(), here })
    }

    /// A running Windows is not changed yet: that is for `remediation` to learn.
    #[cfg(not(unix))]
    fn of(_artifact: &ArtifactInfo) -> Option<Self> {
        None
    }
}

/// The alert as a report of its own, which is what a plan is made from.
fn report_of(alert: &Alert, lies: &Lies) -> Report {
    let mut finding = alert.finding.clone();
    let own = [&alert.artifact.path, alert.artifact.windows_path.as_ref().unwrap_or(&alert.artifact.path)];
    let plain = |path: &str| path.replace('/', r"\").trim_start_matches('\\').to_lowercase();
    for thing in &mut finding.things {
        let same = |path: &&String| plain(path) == plain(&thing.value);
        if thing.kind == ThingKind::File && own.iter().any(same) {
            thing.value.clone_from(&lies.windows);
        }
    }
    let artifact = ArtifactInfo { windows_path: Some(lies.windows.clone()), ..alert.artifact.clone() };
    let name = if finding.server.is_empty() { "this server".to_owned() } else { finding.server.clone() };
    Report {
        schema: SCHEMA.to_owned(),
        tool: Tool {
            name: "afterpatch".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rules: 0,
            facts_date: String::new(),
        },
        generated: alert.told,
        inputs: Vec::new(),
        since: None,
        until: None,
        interrupted: false,
        servers: vec![ServerReport {
            name,
            aliases: Vec::new(),
            verdict: Verdict {
                exposure: ExposureAnswer::CannotTell,
                compromise: CompromiseAnswer::Compromised,
                foothold: FootholdAnswer::InPlace,
                because: Vec::new(),
            },
            exposure: Vec::new(),
            windows: Vec::new(),
            builds: Vec::new(),
            incidents: Vec::new(),
            findings: vec![finding],
            coverage: Coverage::default(),
        }],
        artifacts: vec![artifact],
        gaps: Vec::new(),
        notes: Vec::new(),
    }
}
