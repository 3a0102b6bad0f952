//! What a check says, in words of one language. Nothing here is escaped.

use afterpatch_model::{
    AssessedBuild, Assessment, CertificateState, CheckTool, Condition, ConditionSeen, CveAssessment, ExposureState,
    MitigationSeen, NextStep, Weakness, WeaknessKind,
};

use crate::{clock, texts::Texts, words::Tone};

/// Days after which a table is called old: a security update a month has been the rule since May 2026.
const OLD_AFTER_DAYS: i64 = 30;

/// `Exchange 2016 CU23 May23SU, 15.1.2507.27, released 2023-06-13`.
pub(super) fn build(texts: &Texts, build: &AssessedBuild) -> String {
    let product = build.product.map_or_else(|| "Exchange".to_owned(), |product| format!("Exchange {}", product.name()));
    let mut words = vec![product];
    words.extend(build.update.clone());
    words.extend(build.label.clone().filter(|label| Some(label) != build.update.as_ref()));
    let name = words.join(" ");
    match &build.released {
        Some(released) => texts.with("check-build-released", &[("name", &name), ("build", &build.shown), ("day", released)]),
        None if build.newer_than_table => texts.with("check-build-newer", &[("name", &name), ("build", &build.shown)]),
        None if build.build.is_none() => texts.with("check-build-part", &[("name", &name), ("build", &build.shown)]),
        None => texts.with("check-build-unlisted", &[("name", &name), ("build", &build.shown)]),
    }
}

/// Which table was asked, and how old it is.
pub(super) fn facts(texts: &Texts, tool: &CheckTool) -> String {
    if tool.facts_age_days > OLD_AFTER_DAYS {
        let days = texts.number(tool.facts_age_days.unsigned_abs());
        return texts.with("check-facts-old", &[("date", &tool.facts_date), ("days", &days)]);
    }
    texts.with("check-facts", &[("date", &tool.facts_date)])
}

/// How an answer is to be felt.
pub(super) fn tone(state: ExposureState) -> Tone {
    match state {
        ExposureState::Open => Tone::Alarm,
        ExposureState::PossiblyOpen | ExposureState::Mitigated | ExposureState::FixedIf => Tone::Warning,
        ExposureState::NewerThanTable | ExposureState::Unknown => Tone::Unknown,
        ExposureState::Fixed | ExposureState::NotAffected => Tone::Quiet,
    }
}

/// One hole in short: its name, since when it is used, where it is fixed.
pub(super) fn hole(texts: &Texts, cve: &CveAssessment) -> String {
    // What decides comes first: the end may be cut off.
    let mut parts = vec![match &cve.name {
        Some(name) => format!("{} {name}", cve.cve),
        None => cve.cve.clone(),
    }];
    if let Some(from) = cve.exploited_from {
        parts.push(texts.with("check-exploited", &[("day", &clock::day(from))]));
    }
    if let (Some(fix), true) = (cve.fixed_in, has_fix_to_name(cve)) {
        parts.push(texts.with("check-fix", &[("build", &fix.to_string())]));
    }
    if let (Some(since), true) = (cve.since, cve.state == ExposureState::Open) {
        parts.push(texts.with("check-open-since", &[("day", &clock::day(since))]));
    }
    parts.extend(cve.kind.clone().filter(|_| cve.name.is_none()));
    parts.join(" · ")
}

fn has_fix_to_name(cve: &CveAssessment) -> bool {
    // Open although the build has the fix: a setting is what is missing.
    matches!(cve.state, ExposureState::Open | ExposureState::Mitigated | ExposureState::PossiblyOpen) && cve.condition.is_none()
}

/// A hole with all that is known of it, for the long answer.
pub(super) fn hole_long(texts: &Texts, cve: &CveAssessment) -> String {
    let mut parts = vec![hole(texts, cve)];
    if let Some(score) = &cve.cvss {
        parts.push(format!("CVSS {score}"));
    }
    if let (Some(by), Some(released)) = (&cve.fixed_by, &cve.fix_released) {
        parts.push(texts.with("check-fixed-by", &[("update", by), ("day", released)]));
    }
    if let (Some(since), true) = (cve.since, matches!(cve.state, ExposureState::Fixed | ExposureState::FixedIf)) {
        parts.push(texts.with("check-fix-seen", &[("day", &clock::day(since))]));
    }
    if !cve.mitigated_by.is_empty() {
        let names: Vec<String> = cve.mitigated_by.iter().map(|slug| mitigation_name(texts, slug)).collect();
        parts.push(names.join(", "));
    }
    parts.join(" · ")
}

/// A condition with its state: `Extended Protection (6): not seen`.
pub(super) fn condition(texts: &Texts, seen: &ConditionSeen) -> String {
    let name = texts.word("check-condition", seen.condition);
    let state = texts.word("check-condition-state", seen.state);
    let cves = match seen.cves.as_slice() {
        [one] => one.clone(),
        more => texts.count("check-holes", more.len() as u64),
    };
    let mut text = format!("{name} ({cves}): {state}");
    if let (Some(detail), true) = (seen.details.first(), seen.state == afterpatch_model::ConditionState::Fails) {
        text.push_str(&format!(" ({detail})"));
    }
    text
}

/// What an administrator types to answer a question. Not translated: it is the same everywhere.
pub(super) fn command(condition: Condition) -> Option<&'static str> {
    Some(match condition {
        Condition::ExtendedProtection => r".\ExchangeExtendedProtectionManagement.ps1 -ShowExtendedProtection",
        Condition::SerializedDataSigning => {
            "Get-SettingOverride | Where-Object SectionName -eq EnableSerializationDataSigning | Format-List Name,Parameters"
        }
        Condition::TokenCacheModule => {
            r"Get-WebGlobalModule -Name TokenCacheModule; (Get-Item $env:windir\System32\inetsrv\cachtokn.dll).VersionInfo.FileVersion"
        }
        Condition::DownloadDomains => {
            "Get-OrganizationConfig | Format-List EnableDownloadDomains; Get-OwaVirtualDirectory | Format-List Server,*DownloadHostName"
        }
        Condition::HybridApplication => {
            "Get-HybridConfiguration; Get-SettingOverride | Where-Object SectionName -eq ExchangeOnpremAsThirdPartyAppId"
        }
        Condition::DirectorySchema => {
            "(Get-ADObject -SearchBase (Get-ADRootDSE).schemaNamingContext -LDAPFilter '(cn=ms-Exch-Storage-Group)' -Properties possSuperiors).possSuperiors"
        }
        Condition::PrepareDomain => "Setup.exe /IAcceptExchangeServerLicenseTerms_DiagnosticDataOFF /PrepareAllDomains",
        Condition::SettingOverride => "Get-SettingOverride | Format-List Name,SectionName,Parameters",
        Condition::LoopbackCheck => r"reg query HKLM\SYSTEM\CurrentControlSet\Control\Lsa /v DisableLoopbackCheck",
        Condition::OutsideIn => r#"Select-String '\|NO' "$env:ExchangeInstallPath\FIP-FS\Data\Configuration.xml""#,
        Condition::Other => return None,
    })
}

/// What an administrator types to learn the whole build.
pub(super) const BUILD_COMMAND: &str = "Get-Command ExSetup.exe | ForEach-Object { $_.FileVersionInfo.FileVersion }";

/// A mitigation in words.
pub(super) fn mitigation(texts: &Texts, seen: &MitigationSeen) -> String {
    let state = texts.word("check-mitigation-state", seen.state);
    format!(
        "{} ({}): {state}",
        mitigation_name(texts, &seen.slug),
        seen.cves.iter().take(3).cloned().collect::<Vec<_>>().join(", ")
    )
}

fn mitigation_name(texts: &Texts, slug: &str) -> String {
    texts.find(&format!("check-mitigation-{slug}")).unwrap_or_else(|| slug.to_owned())
}

/// A weakness in words.
pub(super) fn weakness(texts: &Texts, weakness: &Weakness) -> String {
    let words = texts.word("check-weakness", weakness.kind);
    let shown: Vec<&str> = weakness.details.iter().take(2).map(String::as_str).collect();
    let more = weakness.details.len() - shown.len();
    let more = if more > 0 { format!(" + {more}") } else { String::new() };
    if shown.is_empty() { words } else { format!("{words}: {}{more}", shown.join(", ")) }
}

/// A step in words, and what to type for it.
pub(super) fn step(texts: &Texts, step: &NextStep) -> String {
    match step {
        NextStep::InstallUpdate { label, build, kb } => {
            let kb = kb.as_ref().map(|kb| format!(", {kb}")).unwrap_or_default();
            texts.with("check-step-install_update", &[("label", label), ("build", &build.to_string()), ("kb", &kb)])
        }
        NextStep::InstallCumulativeUpdate { update, label, build } => {
            let values = [("update", update.as_str()), ("label", label), ("build", &build.to_string())];
            texts.with("check-step-install_cumulative_update", &values)
        }
        NextStep::ReplaceProduct { product } => texts.with("check-step-replace_product", &[("product", product.name())]),
        NextStep::LookForBreakIn { since } => texts.with("check-step-look_for_break_in", &[("day", &clock::day(*since))]),
        NextStep::MeetCondition { condition } => {
            texts.with("check-step-meet_condition", &[("what", &texts.word("check-remedy", *condition))])
        }
        NextStep::AnswerCondition { condition } => {
            texts.with("check-step-answer_condition", &[("what", &texts.word("check-condition", *condition))])
        }
        NextStep::FindBuild => texts.with("check-step-find_build", &[("command", BUILD_COMMAND)]),
        NextStep::AskInside => texts.with("check-step-ask_inside", &[("command", BUILD_COMMAND)]),
        NextStep::MendWeakness { weakness } => texts.with("check-step-mend_weakness", &[("what", &mend(texts, *weakness))]),
        NextStep::ReplaceMitigation => texts.get("check-step-replace_mitigation"),
        NextStep::RenewTable => texts.get("check-step-renew_table"),
        NextStep::StayUpToDate => texts.get("check-step-stay_up_to_date"),
    }
}

fn mend(texts: &Texts, weakness: WeaknessKind) -> String {
    match weakness {
        WeaknessKind::AntivirusExclusion => texts.get("check-mend-exclusion"),
        WeaknessKind::MachineKeyKnown | WeaknessKind::MachineKeyShared | WeaknessKind::MachineKeyFixed => {
            texts.get("check-mend-machine-key")
        }
        WeaknessKind::MitigationServiceOff => texts.get("check-mend-mitigation-service"),
        other => texts.word("check-weakness", other),
    }
}

/// What came of a look over the network, and what the certificate was worth.
pub(super) fn remote(texts: &Texts, assessment: &Assessment) -> Option<String> {
    let look = assessment.remote.as_ref()?;
    let mut parts = vec![texts.word("check-outcome", look.outcome)];
    parts.extend(look.error.clone());
    match look.certificate {
        Some(CertificateState::Invalid) => {
            let why = look.certificate_error.clone().unwrap_or_default();
            parts.push(texts.with("check-certificate-invalid", &[("why", &why)]));
        }
        Some(CertificateState::None) => parts.push(texts.get("check-certificate-none")),
        Some(CertificateState::Valid) | None => {}
    }
    if let Some(name) = &look.front_end {
        parts.push(texts.with("check-front-end", &[("name", name)]));
    }
    Some(parts.join(" · "))
}
