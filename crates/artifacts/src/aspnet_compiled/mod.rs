//! What the ASP.NET compiler leaves behind for a page (`<page>.<hash>.compiled` in `Temporary ASP.NET Files`).
//!
//! Facts (Microsoft Learn, "Understanding ASP.NET Dynamic Compilation"; layout seen in incident reports): a small XML file
//! `<preserve resultType=… virtualPath="/owa/auth/x.aspx" …><filedeps><filedep name="/owa/auth/x.aspx"/>…`. It is written when
//! the page is first requested and stays when the page is deleted, until the application is built anew; its own time of
//! change is about the time of the first request.
//!
//! The scanner is tolerant on purpose (no XML parser): it wants the attributes of two tags, from any bytes.

mod attributes;
mod source;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use afterpatch_model::{ArtifactKind, CompiledPage, Fields, GapKind, LogSource, Place, Record, Timestamp, Unified};

use crate::lines::decode;
use crate::whole::read_whole;
use crate::{Format, Input, Sink};
use attributes::{attributes, tags};

/// The format of `*.compiled` files and of the sources beside them (see [`source`]).
pub struct AspnetCompiled;

/// A real one has some hundred bytes; what is behind this is not looked at.
const MOST_BYTES: u64 = 1 << 20;

impl Format for AspnetCompiled {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::AspnetCompiled
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        let name = input.entry().file_name();
        source::is_source_name(name) || is_compiled_name(name) && tags(&decode(input.head()), "preserve").next().is_some()
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        let bytes = read_whole(input, MOST_BYTES, sink);
        let time = input.entry().modified();
        if source::is_source_name(input.entry().file_name()) {
            source::pages(&bytes, time, sink);
        } else {
            page(&bytes, time, sink);
        }
    }
}

/// The name that the compiler gives these files.
pub(crate) fn is_compiled_name(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".compiled")
}

fn page(bytes: &[u8], time: Option<Timestamp>, sink: &mut dyn Sink) {
    let text = decode(bytes);
    let preserve: Vec<_> = tags(&text, "preserve").next().map(|tag| attributes(tag).collect()).unwrap_or_default();
    let Some((_, virtual_path)) = preserve.iter().find(|(name, _)| name.eq_ignore_ascii_case("virtualPath")) else {
        if !bytes.is_empty() {
            sink.gap(GapKind::Malformed, Place::Whole, "no virtualPath in the compiler's result");
        }
        return;
    };
    let named = |tag| attributes(tag).find(|(name, _)| name.eq_ignore_ascii_case("name")).map(|(_, value)| value);
    let page = CompiledPage {
        virtual_path: virtual_path.clone(),
        depends_on: tags(&text, "filedep").filter_map(named).collect(),
        ..CompiledPage::default()
    };
    let fields = preserve.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
    sink.record(&Record {
        place: Place::Whole,
        time,
        server: None,
        source: LogSource::fixed("windows", "", "aspnet-compiled"),
        fields: Fields::Pairs(fields),
        unified: Unified::CompiledPage(page),
    });
}
