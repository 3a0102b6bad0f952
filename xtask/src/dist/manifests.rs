//! What package managers read, from the templates in `packaging`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::pack::sha256;
use super::{VERSION, root};

/// Templates, and where they go.
const TEMPLATES: [(&str, &str); 5] = [
    ("winget/afterpatch.afterpatch.yaml", "windows"),
    ("winget/afterpatch.afterpatch.installer.yaml", "windows"),
    ("winget/afterpatch.afterpatch.locale.en-US.yaml", "windows"),
    ("scoop/afterpatch.json", "windows"),
    ("homebrew/afterpatch.rb", "linux"),
];

/// Writes the manifests for those systems of which there is a file to download.
pub(super) fn write(files: &[PathBuf], to: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for (template, system) in TEMPLATES {
        let ending = if system == "windows" { "windows-x86_64.zip" } else { "linux-x86_64.tar.gz" };
        let Some(file) = files.iter().find(|file| file.to_string_lossy().ends_with(ending)) else { continue };
        let values = [(format!("sha256-{system}"), sha256(file)?)];
        let values = values.each_ref().map(|(name, value)| (name.as_str(), value.clone()));
        let place = to.join("manifests").join(template);
        fs::create_dir_all(place.parent().unwrap_or(to))?;
        fs::write(&place, filled(&root().join("packaging").join(template), &values)?)?;
        written.push(place);
    }
    Ok(written)
}

/// A template with its values; a place that nothing was filled into is an error.
pub(super) fn filled(template: &Path, values: &[(&str, String)]) -> anyhow::Result<String> {
    let text = fs::read_to_string(template).with_context(|| template.display().to_string())?;
    let version = ("version", VERSION.to_owned());
    let filled =
        values.iter().chain([&version]).fold(text, |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value));
    ensure!(!filled.contains("{{"), "{} asks for something that nobody gave", template.display());
    Ok(filled)
}
