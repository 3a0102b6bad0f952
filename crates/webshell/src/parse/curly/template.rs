//! Strings with holes: `$"…{a}…"` of C# and `…${a}…` in backticks of JavaScript.

use super::lexer::{Lexer, Template};
use super::token::T;

impl Lexer<'_> {
    /// A `$` or `@$` of C#: an interpolated string, else nothing.
    pub(super) fn dollar(&mut self) {
        let verbatim = self.byte(0) == b'@';
        let from = usize::from(verbatim);
        let dollars = self.rest().iter().skip(from).take_while(|byte| **byte == b'$').count();
        let verbatim_behind = !verbatim && self.byte(dollars) == b'@';
        let prefix = from + dollars + usize::from(verbatim_behind);
        let quotes = self.rest().iter().skip(prefix).take_while(|byte| **byte == b'"').count();
        let verbatim = verbatim || verbatim_behind;
        if quotes == 0 {
            self.pos += prefix.max(1);
        } else if verbatim {
            self.template(Template { chunk: T::ChunkVerbatim, quotes: 1, braces: 1, depth: 0 }, prefix + 1);
        } else if quotes >= 3 {
            self.template(Template { chunk: T::ChunkRaw, quotes, braces: dollars.max(1), depth: 0 }, prefix + quotes);
        } else {
            self.template(Template { chunk: T::Chunk, quotes: 1, braces: 1, depth: 0 }, prefix + 1);
        }
    }

    /// Starts a template whose opening quotes are `length` bytes.
    pub(super) fn template(&mut self, template: Template, length: usize) {
        self.push(T::TemplateStart, self.pos, self.pos + length);
        self.pos += length;
        self.chunk(template);
    }

    pub(super) fn close_hole(&mut self) {
        if let Some(template) = self.templates.pop() {
            self.push(T::HoleEnd, self.pos, self.pos + 1);
            self.pos = (self.pos + template.braces).min(self.end);
            self.chunk(template);
        }
    }

    /// `{a:format}`: the format says nothing.
    pub(super) fn format_of_hole(&mut self) {
        self.pos += memchr::memchr3(b'}', b'"', b'\n', self.rest()).unwrap_or(self.rest().len());
        self.close_hole();
    }

    /// Reads up to the next hole or the end of the template.
    fn chunk(&mut self, template: Template) {
        let start = self.pos;
        let escapes = template.chunk == T::Chunk;
        while self.pos < self.end {
            match self.byte(0) {
                b'\\' if escapes => self.pos += 2,
                b'`' if template.quotes == 0 => return self.close_template(template, start, 1),
                b'"' if template.quotes > 0 => {
                    let run = self.run(template, b'"');
                    match template.chunk {
                        T::ChunkVerbatim if run > 1 => self.pos += 2,
                        T::ChunkRaw if run < template.quotes => self.pos += run,
                        T::ChunkRaw => {
                            self.pos += run - template.quotes;
                            return self.close_template(template, start, template.quotes);
                        }
                        _ => return self.close_template(template, start, 1),
                    }
                }
                b'\n' if template.quotes == 1 && escapes => return self.close_template(template, start, 0),
                b'$' if template.quotes == 0 && self.byte(1) == b'{' => return self.open_hole(template, start, 2),
                b'{' if template.quotes > 0 => {
                    let run = self.run(template, b'{');
                    match template.chunk {
                        T::ChunkRaw if run < template.braces => self.pos += run,
                        T::ChunkRaw => {
                            self.pos += run - template.braces;
                            return self.open_hole(template, start, template.braces);
                        }
                        _ if run >= 2 => self.pos += 2,
                        _ => return self.open_hole(template, start, 1),
                    }
                }
                _ => self.pos += 1,
            }
        }
        self.pos = self.end;
        self.close_template(template, start, 0);
    }

    /// How many of a byte stand here; all of them only where they are then passed at once.
    fn run(&self, template: Template, byte: u8) -> usize {
        let most = if template.chunk == T::ChunkRaw { usize::MAX } else { 2 };
        self.rest().iter().take(most).take_while(|other| **other == byte).count()
    }

    fn close_template(&mut self, template: Template, start: usize, quotes: usize) {
        if self.pos > start {
            self.push(template.chunk, start, self.pos);
        }
        self.push(T::TemplateEnd, self.pos, self.pos + quotes);
        self.pos += quotes;
    }

    fn open_hole(&mut self, template: Template, start: usize, length: usize) {
        if self.pos > start {
            self.push(template.chunk, start, self.pos);
        }
        self.push(T::HoleStart, self.pos, self.pos + length);
        self.pos += length;
        self.templates.push(Template { depth: 0, ..template });
    }
}
