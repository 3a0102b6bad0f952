//! Writes the sample reports as pages, texts and JSON into a folder, to be looked at:
//! `cargo run -p afterpatch-report --example sample -- FOLDER`.
#![allow(clippy::unwrap_used)]

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::{fs::File, io::BufWriter, path::PathBuf};

use afterpatch_report::{Format, Language, Options, write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("name a folder to write to")?);
    std::fs::create_dir_all(&folder)?;
    let hostile = ("hostile", samples::hostile("</pre><script>document.title='x'</script>\"><img src=x onerror=y>\u{202e}\u{1b}[31m=1+1"));
    for (name, report) in samples::all().into_iter().chain([hostile]) {
        for language in Language::ALL {
            let options = Options { language, ..Options::default() };
            for (format, extension) in [(Format::Html, "html"), (Format::Text, "txt"), (Format::Json, "json"), (Format::Ndjson, "ndjson")] {
                let path = folder.join(format!("{name}.{}.{extension}", language.tag()));
                write(&report, format, &options, &mut BufWriter::new(File::create(path)?))?;
            }
        }
    }
    Ok(())
}
