//! Puts a page together: blocks in order, and a text in which encoded parts stand decoded.

use std::ops::Range;

use super::{Control, Directive, Page, PageKind};
use crate::language::Language;

/// What is more than this stays text.
const MAX_BLOCKS: usize = 200_000;
const MAX_ELEMENTS: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BlockKind {
    Text,
    Code,
    Echo,
}

/// A piece of a page and, for code, its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub kind: BlockKind,
    pub range: Range<usize>,
    pub language: Option<Language>,
}

/// A part of the text that stands for an encoded part of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rewrite {
    pub range: Range<usize>,
    /// Line breaks in the source of it.
    pub lines: usize,
}

/// Offsets handed in are those of the source and go forward; those in the page are of its text.
pub(crate) struct Builder<'s> {
    source: &'s [u8],
    /// Begins with the first replacement.
    out: Option<Vec<u8>>,
    /// So much of the source has become blocks.
    done: usize,
    rewrites: Vec<Rewrite>,
    blocks: Vec<Block>,
    pub directives: Vec<Directive>,
    pub controls: Vec<Control>,
    pub was_encoded: bool,
    pub had_references: bool,
}

impl<'s> Builder<'s> {
    pub(crate) fn new(source: &'s [u8]) -> Self {
        Self {
            source,
            out: None,
            done: 0,
            rewrites: Vec::new(),
            blocks: Vec::new(),
            directives: Vec::new(),
            controls: Vec::new(),
            was_encoded: false,
            had_references: false,
        }
    }

    /// The source up to here is text.
    pub(crate) fn text_until(&mut self, end: usize) {
        let end = end.min(self.source.len());
        if end > self.done {
            self.push(BlockKind::Text, self.done..end, None);
        }
    }

    /// The source up to here is neither text nor code: marks and comments.
    pub(crate) fn skip_until(&mut self, end: usize) {
        let end = end.min(self.source.len());
        if end > self.done {
            if let Some(out) = &mut self.out {
                out.extend_from_slice(self.source.get(self.done..end).unwrap_or_default());
            }
            self.done = end;
        }
    }

    pub(crate) fn code(&mut self, kind: BlockKind, range: Range<usize>, language: Language) {
        if range.start < self.done || range.end > self.source.len() || range.is_empty() {
            return;
        }
        self.skip_until(range.start);
        self.push(kind, range, Some(language));
    }

    /// What is left of the source up to here is code, if it is more than space.
    pub(crate) fn code_until(&mut self, end: usize, language: Language) {
        if !self.is_blank_until(end) {
            self.code(BlockKind::Code, self.done..end.min(self.source.len()), language);
        }
    }

    /// Whether nothing but space is left of the source up to here.
    pub(crate) fn is_blank_until(&self, end: usize) -> bool {
        self.source.get(self.done..end).unwrap_or_default().trim_ascii().is_empty()
    }

    /// Code that is read as `bytes` instead of what stands in the source.
    pub(crate) fn replaced(&mut self, kind: BlockKind, range: Range<usize>, bytes: &[u8], language: Language) {
        if range.start < self.done || range.end > self.source.len() {
            return;
        }
        self.skip_until(range.start);
        let source = self.source;
        let out = self.out.get_or_insert_with(|| source.get(..range.start).unwrap_or_default().to_vec());
        let start = out.len();
        out.extend_from_slice(bytes);
        let new = start..out.len();
        let lines = memchr::memchr_iter(b'\n', source.get(range.clone()).unwrap_or_default()).count();
        self.rewrites.push(Rewrite { range: new.clone(), lines });
        self.done = range.end;
        if !new.is_empty() {
            self.push_block(Block { kind, range: new, language: Some(language) });
        }
    }

    /// The place in the text of a place in the source that is not yet done.
    pub(crate) fn place(&self, at: usize) -> usize {
        match &self.out {
            Some(out) => (out.len() + at).saturating_sub(self.done),
            None => at,
        }
    }

    pub(crate) fn directive(&mut self, mut directive: Directive) {
        if self.directives.len() < MAX_ELEMENTS {
            directive.at = self.place(directive.at);
            for attribute in &mut directive.attributes {
                attribute.at = self.place(attribute.at);
            }
            self.directives.push(directive);
        }
    }

    pub(crate) fn control(&mut self, mut control: Control) {
        if self.controls.len() < MAX_ELEMENTS {
            control.at = self.place(control.at);
            for attribute in &mut control.attributes {
                attribute.at = self.place(attribute.at);
            }
            self.controls.push(control);
        }
    }

    pub(crate) fn finish(mut self, kind: PageKind, language: Language) -> Page {
        self.text_until(self.source.len());
        Page {
            kind,
            language,
            text: self.out,
            rewrites: self.rewrites,
            blocks: self.blocks,
            directives: self.directives,
            controls: self.controls,
            was_encoded: self.was_encoded,
            had_references: self.had_references,
        }
    }

    fn push(&mut self, kind: BlockKind, range: Range<usize>, language: Option<Language>) {
        let start = self.place(range.start);
        let length = range.len();
        self.skip_until(range.end);
        self.push_block(Block { kind, range: start..start + length, language });
    }

    fn push_block(&mut self, block: Block) {
        if self.blocks.len() < MAX_BLOCKS {
            self.blocks.push(block);
        }
    }
}
