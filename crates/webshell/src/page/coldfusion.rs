//! Pages of ColdFusion. Tags are statements there, so the whole file goes to the parser.

use super::builder::Builder;
use super::{Page, PageKind, Source};
use crate::language::Language::ColdFusion;

pub(crate) fn split(source: Source<'_>) -> Page {
    let mut builder = Builder::new(source.text);
    builder.code_until(source.text.len(), ColdFusion);
    builder.finish(PageKind::Script)
}
