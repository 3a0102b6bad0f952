//! The source that ASP.NET makes of a page for the compiler (`App_Web_llfrjg0v.0.cs`, `.0.js`, `.0.vb`), which may lie beside
//! the result and outlives the page, script and all.
//!
//! Facts: what comes from the page stands behind a line that names the page's own file, and ends at one that does not
//! (`GenerateLinePragmaStart` and `...End` of the three code generators in Microsoft's reference source):
//!
//! | language | begin | end |
//! |---|---|---|
//! | C# | `#line 1 "C:\inetpub\x.aspx"` | `#line default`, `#line hidden` |
//! | Visual Basic | `#ExternalSource("C:\inetpub\x.aspx",1)` | `#End ExternalSource` |
//! | JScript | `//@set @position(file="C:\\inetpub\\x.aspx";line=1)` | `//@set @position(end)` |

use std::borrow::Cow;
use std::collections::BTreeMap;

use afterpatch_model::{CompiledPage, Fields, LogSource, Place, Record, Timestamp, Unified};

use crate::Sink;
use crate::lines::decode;
use crate::served_script::is_script_name;

/// A source is made of one page and the controls in it.
const MAX_PAGES: usize = 100;
/// So much of a page's script is handed on.
const SCRIPT_BYTES: usize = 2 * 1024;

/// `App_Web_llfrjg0v.0.js`, or `App_Web_x.aspx.cdcab7d2.llfrjg0v.0.js` where each page is compiled by itself: the assembly's name,
/// the number of the source, the language.
pub(super) fn is_source_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut parts = name.rsplit('.');
    let (language, number) = (parts.next(), parts.next());
    language.is_some_and(|it| matches!(it, "cs" | "js" | "vb"))
        && number.is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()))
        && name.starts_with("app_web_")
}

/// One record for each page that the source is made of.
pub(super) fn pages(bytes: &[u8], time: Option<Timestamp>, sink: &mut dyn Sink) {
    let text = decode(bytes);
    let mut scripts: BTreeMap<String, (u64, String)> = BTreeMap::new();
    let mut page = None;
    for (number, line) in (1..).zip(text.lines()) {
        match pragma(line.trim()) {
            Some(Pragma::Begin(path)) => {
                let is_new = !scripts.contains_key(&path);
                page = (is_script_name(&path) && (!is_new || scripts.len() < MAX_PAGES)).then(|| path.clone());
                if page.is_some() {
                    scripts.entry(path).or_insert((number, String::new()));
                }
            }
            Some(Pragma::End) => page = None,
            None => {
                let script = page.as_ref().and_then(|page| scripts.get_mut(page));
                if let Some((_, script)) = script.filter(|(_, script)| script.len() < SCRIPT_BYTES && !line.trim().is_empty()) {
                    if !script.is_empty() {
                        script.push('\n');
                    }
                    script.extend(line.trim().chars().take(SCRIPT_BYTES));
                }
            }
        }
    }
    for (path, (number, script)) in &scripts {
        let fields = vec![(Cow::Borrowed("source_path"), Cow::Borrowed(path.as_str())), ("script".into(), script.into())];
        sink.record(&Record {
            place: Place::Line(*number),
            time,
            server: None,
            source: LogSource::fixed("windows", "", "aspnet-compiled"),
            fields: Fields::Pairs(fields),
            unified: Unified::CompiledPage(CompiledPage { source_path: path.into(), ..CompiledPage::default() }),
        });
    }
}

enum Pragma {
    /// What follows is from this file.
    Begin(String),
    /// What follows is the generator's own.
    End,
}

fn pragma(line: &str) -> Option<Pragma> {
    let rest = ["#line ", "#ExternalSource(", "//@set @position(", "#End ExternalSource"]
        .iter()
        .find_map(|start| line.get(..start.len()).filter(|it| it.eq_ignore_ascii_case(start)).and(line.get(start.len()..)))?;
    let mut quoted = rest.split('"').skip(1);
    let path = quoted.next().filter(|path| !path.is_empty());
    Some(path.map_or(Pragma::End, |path| Pragma::Begin(path.replace(r"\\", r"\"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Written;

    #[test]
    fn names() {
        for (name, is_source) in [
            ("App_Web_llfrjg0v.0.js", true),
            ("app_web_llfrjg0v.12.VB", true),
            ("App_Web_x.aspx.cdcab7d2.llfrjg0v.0.cs", true),
            ("App_Web_llfrjg0v.dll", false),
            ("App_Web_llfrjg0v.cs", false),
            ("jquery.1.js", false),
            ("0.js", false),
            ("", false),
        ] {
            assert_eq!(is_source_name(name), is_source, "{name}");
        }
    }

    #[test]
    fn any_text_is_survived() {
        use proptest::prelude::*;
        let text = "(#line |//@set @position\\(|#ExternalSource\\(|#End ExternalSource|\"|x.aspx|\\\\|\n|;|end\\)|ä| ){0,60}";
        proptest!(|(text in text, bytes in prop::collection::vec(any::<u8>(), 0..300))| {
            pages(text.as_bytes(), None, &mut Written::default());
            pages(&bytes, None, &mut Written::default());
        });
    }
}
