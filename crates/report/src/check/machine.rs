//! One JSON object a target: the states as lists of ids, and places resolved, so that each line stands for itself.

use std::collections::BTreeMap;
use std::io::Write;

use afterpatch_model::{
    ArtifactInfo, AssessedBuild, Assessment, Basis, CHECK_SCHEMA, CheckTool, Condition, ConditionState, CveAssessment,
    ExposureAnswer, MitigationState, NextStep, Pointer, RemoteLook, Timestamp, WeaknessKind,
};
use serde::Serialize;
use serde_json::ser::CompactFormatter;

use crate::{ReportError, json::write_value, texts::slug, words::place};

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    generated: Timestamp,
    facts_date: &'a str,
    seq: u64,
    target: &'a str,
    basis: Basis,
    builds: &'a [AssessedBuild],
    answer: ExposureAnswer,
    /// Ids by state; `fixed` and `not_affected` are counted only.
    states: BTreeMap<String, Vec<&'a str>>,
    fixed: usize,
    not_affected: usize,
    open_exploited: Vec<String>,
    conditions: Vec<ConditionLine<'a>>,
    mitigations: Vec<MitigationLine<'a>>,
    weaknesses: Vec<WeaknessLine<'a>>,
    next_steps: &'a [NextStep],
    #[serde(skip_serializing_if = "Option::is_none")]
    remote: Option<&'a RemoteLook>,
    remarks: &'a [String],
}

#[derive(Serialize)]
struct ConditionLine<'a> {
    condition: Condition,
    state: ConditionState,
    cves: &'a [String],
    details: &'a [String],
    evidence: Vec<String>,
}

#[derive(Serialize)]
struct MitigationLine<'a> {
    slug: &'a str,
    state: MitigationState,
    cves: &'a [String],
    details: &'a [String],
    evidence: Vec<String>,
}

#[derive(Serialize)]
struct WeaknessLine<'a> {
    kind: WeaknessKind,
    details: &'a [String],
    evidence: Vec<String>,
}

pub(super) fn line(
    tool: &CheckTool,
    generated: Timestamp,
    seq: u64,
    it: &Assessment,
    artifacts: &[ArtifactInfo],
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let at = |pointers: &[Pointer]| pointers.iter().map(|pointer| place::of_pointer(artifacts, *pointer)).collect();
    let mut states: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for cve in &it.cves {
        states.entry(slug(cve.state)).or_default().push(&cve.cve);
    }
    let [fixed, not_affected] = ["fixed", "not_affected"].map(|state| states.remove(state).map_or(0, |ids| ids.len()));
    let line = Line {
        schema: CHECK_SCHEMA,
        generated,
        facts_date: &tool.facts_date,
        seq,
        target: &it.target,
        basis: it.basis,
        builds: &it.builds,
        answer: it.answer,
        states,
        fixed,
        not_affected,
        open_exploited: ids(it, |cve| cve.state == afterpatch_model::ExposureState::Open && cve.exploited.is_some()),
        conditions: it
            .conditions
            .iter()
            .map(|seen| ConditionLine {
                condition: seen.condition,
                state: seen.state,
                cves: &seen.cves,
                details: &seen.details,
                evidence: at(&seen.evidence),
            })
            .collect(),
        mitigations: it
            .mitigations
            .iter()
            .map(|seen| MitigationLine {
                slug: &seen.slug,
                state: seen.state,
                cves: &seen.cves,
                details: &seen.details,
                evidence: at(&seen.evidence),
            })
            .collect(),
        weaknesses: it
            .weaknesses
            .iter()
            .map(|seen| WeaknessLine { kind: seen.kind, details: &seen.details, evidence: at(&seen.evidence) })
            .collect(),
        next_steps: &it.next_steps,
        remote: it.remote.as_ref(),
        remarks: &it.remarks,
    };
    write_value(&line, &mut *out, CompactFormatter)?;
    Ok(writeln!(out)?)
}

/// Ids of the CVEs that are so.
pub(super) fn ids(assessment: &Assessment, is: impl Fn(&CveAssessment) -> bool) -> Vec<String> {
    assessment.cves.iter().filter(|cve| is(cve)).map(|cve| cve.cve.clone()).collect()
}

/// The one name of a value.
pub(super) fn slug_of(value: impl Serialize) -> String {
    slug(value)
}

/// The weaknesses by name.
pub(super) fn weakness_slugs(assessment: &Assessment) -> Vec<String> {
    assessment.weaknesses.iter().map(|it| slug(it.kind)).collect()
}
