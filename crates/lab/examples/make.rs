//! Writes the evidence of one scenario, and its truth beside it, for people to look at.
//!
//! `cargo run -p afterpatch-lab --example make -- DIR [variant] [seed] [plain|kape|velociraptor] [small]`

use std::{env, error::Error, fs, path::PathBuf};

use afterpatch_lab::{Layout, Scenario, Variant, make, write_folder};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or_else(usage)?);
    let variant = arguments.next().map_or(Some(Variant::ProxyLogonOab), |slug| Variant::from_slug(&slug)).ok_or_else(usage)?;
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let layout = arguments.next().map_or(Some(Layout::Kape), |slug| Layout::from_slug(&slug)).ok_or_else(usage)?;

    let scenario = if arguments.next().as_deref() == Some("small") { Scenario::small } else { Scenario::new };

    let lab = make(&scenario(seed, variant));
    let evidence = folder.join("evidence");
    write_folder(&lab, &evidence, layout)?;
    fs::write(folder.join("truth.json"), serde_json::to_string_pretty(&lab.truth)?)?;
    Ok(())
}

fn usage() -> String {
    let variants = Variant::all().map(Variant::slug).collect::<Vec<_>>().join(" ");
    format!("make DIR [variant] [seed] [plain|kape|velociraptor] [small]\nvariants: {variants}")
}
