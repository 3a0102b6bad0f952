//! Code within code: what is decoded and run is parsed and walked again, in the scope of the one who runs it.

use std::rc::Rc;

use super::Interpreter;
use crate::evidence::{Control, SourceKind, Spot};
use crate::ir::Program;
use crate::value::{Made, Value};

/// Opens a file by the path that a page gives.
pub(crate) type Open<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// A text that is walked: the file itself, or code that it makes and runs.
pub(crate) struct Layer {
    pub text: Rc<[u8]>,
    /// Where it is run; layer 0 is run by the server.
    pub run_at: Spot,
    /// What runs it: `eval`, `include`.
    pub by: Rc<str>,
    pub made: Made,
    pub depth: u16,
    /// How often it was walked.
    pub runs: u16,
}

/// Layers of one file.
const MAX_LAYERS: usize = 600;

impl Interpreter<'_> {
    /// Walks code that the page runs, if it is known; else notes that nobody knows it.
    pub(crate) fn run_code(&mut self, code: &Value, by: &str, at: u32) -> Value {
        let Some(text) = code.only_bytes().cloned() else {
            let spot = self.spot(at);
            match &code.taint {
                None => self.notes.unknown_code.push((spot, code.made)),
                // Decoded with something of the request: the key is the visitor's.
                Some(taint) if taint.is_request() && taint.control == Control::Mark && code.made.has(Made::DECODED) => {
                    self.notes.unknown_code.push((spot, code.made));
                    self.notes.keyed_code = true;
                }
                // A file is code whose name is not one of code.
                Some(taint) if taint.kind() == SourceKind::Storage && taint.control == Control::Whole => {
                    let path = taint.trail.source.name.clone();
                    if is_unlikely(&path) {
                        self.notes.unlikely_includes.push((spot, path.to_string(), code.made.and(Made::CARRIED)));
                    }
                }
                Some(_) => {}
            }
            return Value::unknown().with_taint(code.taint.clone());
        };
        self.run_layer(text, by, code.made, at, |library, text| library.parse_code(text))
    }

    /// Walks code of another language and then each function that it declares, as a host does that calls them by name.
    pub(crate) fn run_other(&mut self, language: crate::language::Language, code: &Value, by: &str, at: u32) {
        let (library, own) = (self.library, self.language);
        self.library = crate::library::of(language);
        self.language = language;
        let layer = u16::try_from(self.layers.len()).unwrap_or(u16::MAX);
        self.run_code(code, by, at);
        let mut functions: Vec<_> = self.functions.values().filter(|function| function.layer == layer).cloned().collect();
        functions.sort_by_key(|function| function.function.at);
        for function in functions.iter().filter(|function| function.called.get() == 0) {
            self.call_own(function, super::Args::unknown(function.function.params.len()), None, at);
            self.leaving = false;
        }
        self.library = library;
        self.language = own;
    }

    /// Walks another file as the page would that includes it.
    pub(crate) fn run_file(&mut self, text: Rc<[u8]>, by: &str, made: Made, at: u32) -> Value {
        self.run_layer(text, by, made, at, |library, text| library.parse_file(text))
    }

    fn run_layer(
        &mut self,
        text: Rc<[u8]>,
        by: &str,
        made: Made,
        at: u32,
        parse: impl FnOnce(&dyn crate::library::Library, &[u8]) -> Program,
    ) -> Value {
        let depth = self.layers.get(usize::from(self.layer)).map_or(0, |layer| layer.depth).saturating_add(1);
        if depth > self.limits.layers || self.layers.len() >= MAX_LAYERS || !self.may_make(text.len()) {
            self.notes.exhausted = true;
            return Value::unknown();
        }
        // The same code again, in a loop or for another handler: a few times are enough to see what it does.
        let run_at = self.spot(at);
        let known = self.layers.iter().position(|layer| layer.run_at == run_at && layer.text == text);
        if known.and_then(|known| self.layers.get(known)).is_some_and(|layer| layer.runs > 3) {
            return Value::unknown();
        }
        let program = parse(self.library, &text);
        let new = known.unwrap_or(self.layers.len());
        match self.layers.get_mut(new) {
            Some(layer) => layer.runs += 1,
            None => self.layers.push(Layer { text, run_at, by: by.into(), made, depth, runs: 1 }),
        }
        let new = u16::try_from(new).unwrap_or(u16::MAX);
        let before = std::mem::replace(&mut self.layer, new);
        let result = self.run_nested(&program);
        self.layer = before;
        result
    }

    /// Walks a file that is part of the page.
    pub(crate) fn run_program(&mut self, text: Rc<[u8]>, by: &str, program: &Program) {
        if self.layers.len() >= MAX_LAYERS {
            return;
        }
        let new = u16::try_from(self.layers.len()).unwrap_or(u16::MAX);
        let (run_at, made) = (Spot::default(), Made::default());
        self.layers.push(Layer { text, run_at, by: by.into(), made, depth: 1, runs: 1 });
        let before = std::mem::replace(&mut self.layer, new);
        self.run_nested(program);
        self.leaving = false;
        self.layer = before;
    }

    fn run_nested(&mut self, program: &Program) -> Value {
        if self.depth > 1000 {
            return Value::unknown();
        }
        let result = self.frame().result.take();
        self.declare(&program.body);
        self.block(&program.body);
        let value = self.frame().result.take();
        self.frame().result = result;
        value.unwrap_or_default()
    }

    /// Opens a file beside the page.
    pub(crate) fn open_file(&mut self, path: &str) -> Option<Rc<[u8]>> {
        let bytes = (self.open)(path)?;
        self.may_make(bytes.len()).then(|| bytes.into())
    }
}

/// Whether a path is that of data of which no page makes code: pictures, logs, archives, hidden files.
pub(super) fn is_unlikely(path: &str) -> bool {
    const DATA: &[&str] = &[
        ".jpg", ".jpeg", ".png", ".gif", ".ico", ".bmp", ".txt", ".log", ".dat", ".css", ".tmp", ".zip", ".pdf", ".svg", ".webp",
    ];
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or_default();
    DATA.iter().any(|ending| lower.ends_with(ending)) || name.starts_with('.') && name.len() > 4 && !name.ends_with(".php")
}
