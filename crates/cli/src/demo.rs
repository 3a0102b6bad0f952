//! `afterpatch demo`: realistic evidence of an attacked server, scanned before the user's eyes.

use std::fs;

use afterpatch_engine::Engine;
use afterpatch_lab::{Layout, Scenario, make, write_zip};
use afterpatch_model::{Report, Timestamp};
use afterpatch_report::Format;
use anyhow::{Context, bail};

use crate::arguments::DemoArguments;
use crate::exit::Exit;
use crate::{output, scan};

/// Makes the evidence, scans it, shows the verdict and says where the report is.
pub fn run(arguments: &DemoArguments) -> anyhow::Result<Exit> {
    let folder = &arguments.folder;
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let archive = folder.join("evidence.zip");
    output::note(&format!("making evidence of an attacked server: {}", archive.display()));
    let lab = make(&Scenario::new(arguments.seed, arguments.variant));
    write_zip(&lab, &archive, Layout::Kape).with_context(|| archive.display().to_string())?;

    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let report = scan::scan(&Engine::load()?, &scan::whole(archive, Timestamp::now(), threads), false)?;
    if report.interrupted {
        return Ok(Exit::Interrupted);
    }
    let options = output::options(&arguments.shown);
    let page = folder.join("report.html");
    output::write_file(&report, &page, Format::Html, &options)?;
    output::write_file(&report, &folder.join("report.json"), Format::Json, &options)?;
    output::show(&report, &options)?;
    output::say(&format!("\nThe whole story: {}", std::path::absolute(&page)?.display()))?;
    check(&report, &lab.truth)?;
    Ok(Exit::Nothing)
}

/// The demo worked when the verdict is what was planted.
fn check(report: &Report, truth: &afterpatch_lab::Truth) -> anyhow::Result<()> {
    let Some(server) = report.servers.iter().find(|server| server.name.eq_ignore_ascii_case(&truth.server_fqdn)) else {
        bail!("the demo's server {} is not in the report", truth.server_fqdn);
    };
    let word = |answer: serde_json::Result<serde_json::Value>| answer.ok().and_then(|value| value.as_str().map(str::to_owned));
    for (question, answer, planted) in [
        ("compromise", word(serde_json::to_value(server.verdict.compromise)), &truth.verdict.compromise),
        ("foothold", word(serde_json::to_value(server.verdict.foothold)), &truth.verdict.foothold),
    ] {
        if answer.as_deref() != Some(planted.as_str()) {
            bail!("the demo planted {question} = {planted}, the scan says {}", answer.unwrap_or_default());
        }
    }
    Ok(())
}
