//! Writes the evidence of a server whose doors stand in a known way, and what is right to say of it.
//!
//! `cargo run -p afterpatch-lab --example posture -- DIR POSTURE [seed]`

use std::{env, error::Error, fs, path::PathBuf};

use afterpatch_lab::{Layout, Posture, make_posture, write_folder};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or_else(usage)?);
    let name = arguments.next().ok_or_else(usage)?;
    let posture =
        Posture::ALL.into_iter().find(|posture| format!("{posture:?}").eq_ignore_ascii_case(&name)).ok_or_else(usage)?;
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    write_folder(&make_posture(seed, posture), &folder.join("evidence"), Layout::Kape)?;
    fs::write(folder.join("truth.json"), serde_json::to_string_pretty(&posture.truth())?)?;
    Ok(())
}

fn usage() -> String {
    let all: Vec<String> = Posture::ALL.iter().map(|posture| format!("{posture:?}")).collect();
    format!("posture DIR POSTURE [seed]\npostures: {}", all.join(" "))
}
