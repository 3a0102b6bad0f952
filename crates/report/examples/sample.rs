//! Writes the sample reports as pages, texts and JSON into a folder, to be looked at:
//! `cargo run -p afterpatch-report --example sample -- FOLDER [REPORT.json ...]`. Reports named after the folder are written again
//! beside the samples.
#![allow(clippy::unwrap_used)]

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::{fs::File, io::BufWriter, path::PathBuf};

use afterpatch_model::Report;
use afterpatch_report::{Format, Language, Options, write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().ok_or("name a folder to write to")?;
    std::fs::create_dir_all(&folder)?;
    let hostile = "</pre><script>document.title='x'</script>\"><img src=x onerror=y>\u{202e}\u{1b}[31m=1+1";
    let mut reports: Vec<(String, Report)> = samples::all().into_iter().map(|(name, report)| (name.to_owned(), report)).collect();
    reports.push(("hostile".to_owned(), samples::hostile(hostile)));
    for file in arguments {
        let name = file.file_stem().ok_or("name a file")?.to_string_lossy().into_owned();
        reports.push((name, serde_json::from_slice(&std::fs::read(&file)?)?));
    }
    for (name, report) in &reports {
        for language in Language::ALL {
            let options = Options { language, ..Options::default() };
            for format in Format::ALL {
                let ending = format.about().endings.first().ok_or("a format has an ending")?;
                let path = folder.join(format!("{name}.{}{ending}", language.tag()));
                write(report, format, &options, &mut BufWriter::new(File::create(path)?))?;
            }
        }
    }
    Ok(())
}
