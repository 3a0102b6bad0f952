//! What Microsoft Defender found something in, as its log and its history write it: a schema and a location
//! (`file:C:\x.aspx`, `process:pid:7968,ProcessStart:…`, `regkeyvalue:HKLM\…`).

/// The path of a resource that is a file or a folder: without the member of an archive (`->`), the download's address (`|`)
/// and the prefix `\\?\`.
pub(crate) fn path_of<'r>(schema: &str, location: &'r str) -> Option<&'r str> {
    let is_path = ["file", "containerfile", "webfile", "folder"].iter().any(|own| own.eq_ignore_ascii_case(schema));
    let path = location.split("->").next().and_then(|path| path.split('|').next()).unwrap_or_default().trim();
    is_path.then(|| path.strip_prefix(r"\\?\").unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_have_a_path() {
        let table = [
            ("file", r"C:\x.aspx", Some(r"C:\x.aspx")),
            ("containerfile", r"\\?\C:\x.zip", Some(r"C:\x.zip")),
            ("file", r"C:\x.zip->inner/y.exe", Some(r"C:\x.zip")),
            ("webfile", r"C:\x.exe|http://192.0.2.1/x.exe|pid:1", Some(r"C:\x.exe")),
            ("process", "pid:1,ProcessStart:2", None),
        ];
        for (schema, location, path) in table {
            assert_eq!(path_of(schema, location), path, "{schema}:{location}");
        }
    }
}
