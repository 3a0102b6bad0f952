//! Prints the answer by build alone for every build and hole of the table, `build,cve,state` a line, to compare with other tables.
#![allow(clippy::print_stdout, reason = "that is what it is for")]

use std::error::Error;

use afterpatch_exposure::Facts;

fn main() -> Result<(), Box<dyn Error>> {
    let facts = Facts::embedded()?;
    for build in facts.builds() {
        for cve in facts.cves() {
            println!("{build},{},{:?}", cve.id, facts.assess(&cve.id, build));
        }
    }
    Ok(())
}
