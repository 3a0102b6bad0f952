//! One row a target, for spreadsheets and databases. Columns are added at the end only.

use std::io::Write;

use afterpatch_model::{Assessment, CheckTool, ExposureState};

use super::machine::{ids, slug_of, weakness_slugs};
use crate::{ReportError, cells};

const COLUMNS: [&str; 24] = [
    "seq",
    "target",
    "basis",
    "product",
    "build",
    "update",
    "label",
    "newer_than_table",
    "answer",
    "open",
    "open_exploited",
    "possibly_open",
    "mitigated",
    "fixed_if",
    "unknown",
    "weaknesses",
    "next_step",
    "outcome",
    "certificate",
    "requests",
    "front_end",
    "error",
    "remarks",
    "facts_date",
];

pub(super) fn head(out: &mut dyn Write) -> Result<(), ReportError> {
    cells::row(COLUMNS, out)
}

pub(super) fn row(tool: &CheckTool, seq: u64, assessment: &Assessment, out: &mut dyn Write) -> Result<(), ReportError> {
    let join = |texts: Vec<String>| texts.join(" ");
    let builds =
        |of: &dyn Fn(&afterpatch_model::AssessedBuild) -> Option<String>| join(assessment.builds.iter().filter_map(of).collect());
    let of_state = |state| join(ids(assessment, |it| it.state == state));
    let remote = assessment.remote.as_ref();
    let certificate = remote.and_then(|it| it.certificate).map(slug_of).unwrap_or_default();
    let next = assessment.next_steps.first().map(crate::texts::slug_of_step).unwrap_or_default();
    let cells = [
        seq.to_string(),
        assessment.target.clone(),
        slug_of(assessment.basis),
        builds(&|build| build.product.map(|product| product.name().to_owned())),
        builds(&|build| Some(build.shown.clone())),
        builds(&|build| build.update.clone()),
        builds(&|build| build.label.clone()),
        assessment.builds.iter().any(|build| build.newer_than_table).to_string(),
        slug_of(assessment.answer),
        of_state(ExposureState::Open),
        join(ids(assessment, |it| it.state == ExposureState::Open && it.exploited.is_some())),
        of_state(ExposureState::PossiblyOpen),
        of_state(ExposureState::Mitigated),
        of_state(ExposureState::FixedIf),
        join(ids(assessment, |it| matches!(it.state, ExposureState::Unknown | ExposureState::NewerThanTable))),
        join(weakness_slugs(assessment)),
        next,
        remote.map(|it| slug_of(it.outcome)).unwrap_or_default(),
        certificate,
        remote.map(|it| it.requests.len().to_string()).unwrap_or_default(),
        remote.and_then(|it| it.front_end.clone()).unwrap_or_default(),
        remote.and_then(|it| it.error.clone()).unwrap_or_default(),
        assessment.remarks.join("; "),
        tool.facts_date.clone(),
    ];
    cells::row(cells, out)
}
