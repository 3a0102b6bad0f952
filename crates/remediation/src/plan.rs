//! From a report to a plan. Looks at the server's disk, and changes nothing.

use std::path::PathBuf;

use afterpatch_detection::KnownGood;
use afterpatch_model::{
    Action, Confidence, Finding, LeftOut, PLAN_SCHEMA, Plan, PlanReason, Report, ServerReport, Step, Timestamp, What, WhyNot,
};

use crate::evidence::Evident;
use crate::{
    Host, RemediationError, add_mitigation, instructions, quarantine_file, remove_configuration, remove_leftovers, remove_task,
    restore_page, switch_off,
};

/// What the user wants of a plan.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// The time, UTC, that is written into it.
    pub now: Timestamp,
    /// The server, when the report has several.
    pub server: Option<String>,
    /// Nothing is planned from findings that are less sure.
    pub confidence: Confidence,
    /// Install medium to take genuine pages from.
    pub medium: Option<PathBuf>,
    /// Add mitigations for open holes.
    pub mitigate: bool,
}

/// Plans what would be done on one server of a report. Gaps and errors of the scan never lead to an action: only findings do.
///
/// # Errors
/// [`RemediationError::WhichServer`], [`RemediationError::NoServer`].
pub fn plan(report: &Report, host: &Host, wishes: &Wishes) -> Result<Plan, RemediationError> {
    let server = choose(report, wishes.server.as_deref())?;
    let known_good = KnownGood::embedded().map_err(RemediationError::KnownGood)?;
    let evident = Evident { report, server, sure: wishes.confidence };
    let mut drafts = Drafts { evident: &evident, actions: Vec::new(), left_out: Vec::new() };
    // What lets a planted page be reached goes before the page, so that nobody is served a page that is half gone.
    remove_configuration::plan(&evident, host, &mut drafts);
    remove_task::plan(&evident, host, &mut drafts);
    switch_off::plan(&evident, host, &mut drafts);
    if let Some(medium) = &wishes.medium {
        restore_page::plan(&evident, host, &known_good, medium, &mut drafts);
    }
    quarantine_file::plan(&evident, host, &known_good, &mut drafts);
    remove_leftovers::plan(&evident, host, &known_good, &mut drafts);
    if wishes.mitigate {
        add_mitigation::plan(&evident, host, &mut drafts);
    }
    let Drafts { mut actions, left_out, .. } = drafts;
    for (action, number) in actions.iter_mut().zip(1..) {
        action.id = format!("A{number}");
    }
    let name = afterpatch_vault::sha256(format!("{} {} {}", server.name, report.generated, wishes.now).as_bytes());
    let instructions = instructions::instructions(&evident, &known_good, &actions, &left_out);
    Ok(Plan {
        schema: PLAN_SCHEMA.to_owned(),
        plan: name.chars().take(8).collect(),
        server: server.name.clone(),
        made: wishes.now,
        report: report.generated,
        confidence: wishes.confidence,
        root: host.root().display().to_string(),
        actions,
        instructions,
        left_out,
    })
}

fn choose<'r>(report: &'r Report, name: Option<&str>) -> Result<&'r ServerReport, RemediationError> {
    let is_called = |server: &ServerReport, name: &str| {
        server.name.eq_ignore_ascii_case(name) || server.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    };
    let all = || report.servers.iter().map(|server| server.name.clone()).collect();
    match (name, &*report.servers) {
        (_, []) => Err(RemediationError::NoServer),
        (None, [only]) => Ok(only),
        (None, _) => Err(RemediationError::WhichServer(all())),
        (Some(name), servers) => {
            servers.iter().find(|server| is_called(server, name)).ok_or_else(|| RemediationError::WhichServer(all()))
        }
    }
}

/// A plan in the making.
pub(crate) struct Drafts<'e> {
    evident: &'e Evident<'e>,
    actions: Vec<Action>,
    left_out: Vec<LeftOut>,
}

impl Drafts<'_> {
    /// Plans something; `false` when a file of it is taken care of already.
    pub(crate) fn act(&mut self, what: What, because: &[&Finding]) -> bool {
        let taken = |path: &str| self.actions.iter().flat_map(|action| action.what.files()).any(|file| file.lies_at == path);
        if what.files().iter().any(|file| taken(&file.lies_at)) {
            return false;
        }
        let because_ids = because.iter().map(|finding| finding.id.clone()).collect();
        let reasons = self.reasons(because);
        self.actions.push(Action { id: String::new(), skip: false, because: because_ids, what, reasons });
        true
    }

    /// Says why nothing is planned for something.
    pub(crate) fn leave(&mut self, subject: &str, why: WhyNot, because: &[&Finding]) {
        let planned =
            self.actions.iter().flat_map(|action| action.what.files()).any(|file| file.path.eq_ignore_ascii_case(subject));
        if planned || self.left_out.iter().any(|left| left.subject.eq_ignore_ascii_case(subject) && left.why == why) {
            return;
        }
        let reasons = self.reasons(because);
        self.left_out.push(LeftOut { subject: subject.to_owned(), why, reasons });
    }

    /// The findings behind something: the strongest first, and not the same twice.
    fn reasons(&self, because: &[&Finding]) -> Vec<PlanReason> {
        let mut because = because.to_vec();
        // What lies there says more than what once happened to it.
        because.sort_by_key(|finding| (std::cmp::Reverse(finding.confidence), finding.step != Step::FilePresent));
        let mut reasons: Vec<PlanReason> = because.iter().map(|finding| self.evident.reason(finding)).collect();
        let mut told = Vec::new();
        reasons.retain(|reason| {
            let new = !told.contains(&reason.kind);
            told.push(reason.kind.clone());
            new
        });
        reasons
    }
}
