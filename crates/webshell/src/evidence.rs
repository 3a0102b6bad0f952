//! What the interpreter writes down: where data comes from, the way it takes, and the dangerous calls that it reaches.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

/// A place in one of the texts of a file: the file itself (layer 0) or code that was decoded from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) struct Spot {
    pub layer: u16,
    pub at: u32,
}

/// What a visitor (or someone else) decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A file that the server itself reads: no visitor decides it, unless he wrote it before.
    Storage,
    /// A variable that is never set in this file: old PHP sets it from the request.
    Undefined,
    /// Something that is fetched from another machine.
    Remote,
    /// The name or type of an uploaded file.
    UploadName,
    /// The content of an uploaded file.
    Upload,
    /// A header of the request.
    Header,
    /// A cookie.
    Cookie,
    /// The body of the request.
    Body,
    /// A parameter of the query or of a form, a field of a server control, an argument of a web service.
    Parameter,
}

impl SourceKind {
    /// Whether each visitor decides it with his request.
    pub fn is_request(self) -> bool {
        self >= Self::UploadName
    }

    /// The same, or old PHP takes it from the request.
    pub fn is_visitors(self) -> bool {
        self.is_request() || self == Self::Undefined
    }
}

/// Where data of this kind came in.
#[derive(Debug)]
pub(crate) struct Source {
    pub kind: SourceKind,
    /// The parameter's name, as far as it is known.
    pub name: Rc<str>,
    pub spot: Spot,
}

/// How much of a value the source decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Control {
    /// Only whether or how often: a hash, a length, a comparison. No sink counts it.
    Mark,
    /// Something after a call that is not in this file, or that makes it harmless for most uses.
    Weak,
    /// A part of it.
    Part,
    /// All of it, or a decoding of all of it.
    Whole,
}

/// That a value comes from a source, and by which way.
#[derive(Debug, Clone)]
pub(crate) struct Taint {
    pub control: Control,
    pub trail: Rc<Trail>,
}

/// The way of a value, from its end to its source.
#[derive(Debug)]
pub(crate) struct Trail {
    pub source: Rc<Source>,
    pub before: Option<Rc<Trail>>,
    pub spot: Spot,
    pub step: Step,
    /// How many steps came before.
    pub length: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// It is read from the request.
    Read,
    /// It is kept in a variable or a field.
    Kept(Rc<str>),
    /// It goes through a function.
    Through(Rc<str>),
    /// It is handed to a function of this file.
    Handed(Rc<str>),
}

/// Longer ways are not told.
const MAX_TRAIL: u16 = 24;

impl Taint {
    pub(crate) fn source(kind: SourceKind, name: &str, spot: Spot) -> Self {
        let source = Rc::new(Source { kind, name: name.into(), spot });
        Self { control: Control::Whole, trail: Rc::new(Trail { source, before: None, spot, step: Step::Read, length: 0 }) }
    }

    pub(crate) fn kind(&self) -> SourceKind {
        self.trail.source.kind
    }

    pub(crate) fn is_request(&self) -> bool {
        self.kind().is_request()
    }

    /// The same, at most so much in control.
    pub(crate) fn at_most(&self, control: Control) -> Self {
        Self { control: self.control.min(control), trail: self.trail.clone() }
    }

    /// The same, of a value of which it decides all that matters.
    pub(crate) fn whole(&self) -> Self {
        Self { control: if self.control >= Control::Part { Control::Whole } else { self.control }, trail: self.trail.clone() }
    }

    /// The same, of the parameter with this name, if it was not known yet which of them it is.
    pub(crate) fn of_parameter(&self, name: &str) -> Self {
        let source = &self.trail.source;
        let is_whole = source.name.is_empty() || &*source.name == "QUERY_STRING";
        if !is_whole || !source.kind.is_request() || matches!(source.kind, SourceKind::Upload | SourceKind::UploadName) {
            return self.clone();
        }
        let source = Rc::new(Source { kind: source.kind, name: name.into(), spot: source.spot });
        let trail = Trail {
            source,
            before: self.trail.before.clone(),
            spot: self.trail.spot,
            step: self.trail.step.clone(),
            length: self.trail.length,
        };
        Self { control: self.control, trail: Rc::new(trail) }
    }

    pub(crate) fn step(&self, spot: Spot, step: Step) -> Self {
        let trail = &self.trail;
        if trail.length >= MAX_TRAIL || trail.step == step {
            return self.clone();
        }
        let trail = Trail {
            source: trail.source.clone(),
            before: Some(trail.clone()),
            spot,
            step,
            length: trail.length.saturating_add(1),
        };
        Self { control: self.control, trail: Rc::new(trail) }
    }

    /// The one of two that matters more.
    pub(crate) fn stronger(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(one), Some(other)) => {
                let rank = |taint: &Self| (taint.control > Control::Mark, taint.is_request(), taint.control, taint.kind());
                Some(if rank(&other) > rank(&one) { other } else { one })
            }
            (one, other) => one.or(other),
        }
    }
}

/// What a page does for its visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// It runs code of the page's language.
    Code,
    /// It runs commands of the operating system.
    Command,
    /// It loads program code: assemblies, classes, libraries.
    Load,
    /// It runs another file as code.
    Include,
    /// It calls whatever function or method it is told.
    Invoke,
    /// It makes objects of serialised data.
    Deserialise,
    /// It writes files.
    Write,
    /// It takes uploaded files.
    Upload,
    /// It reads files.
    Read,
    /// It lists folders.
    List,
    /// It deletes, moves or changes files.
    Change,
    /// It runs queries on a database.
    Sql,
    /// It opens connections to other machines and hands data through.
    Tunnel,
    /// It fetches something from another machine.
    Fetch,
    /// It logs in to a database or another server with what the visitor gives.
    Connect,
    /// It puts itself into the running server.
    Resident,
    /// It runs machine code or calls into native libraries.
    Native,
    /// It sends mail.
    Mail,
}

/// A dangerous call, or another fact about the code.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub capability: Capability,
    /// The call's name as the runtime knows it.
    pub callee: Rc<str>,
    pub spot: Spot,
    /// What decides the dangerous argument; none if the page itself does.
    pub taint: Option<Taint>,
    pub facts: Facts,
    /// The dangerous argument, as far as it is known.
    pub argument: Rc<str>,
}

/// Facts about a hit that make it worse or better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Facts {
    /// The call's name was computed, not written.
    pub name_computed: bool,
    /// The dangerous argument was decoded from hidden text.
    pub decoded: bool,
    /// The call stands in a function that nothing in the file calls.
    pub uncalled: bool,
    /// A second argument (a file's content, a connection) is decided by the visitor, too.
    pub also: bool,
    /// The path that is written has an ending that the server runs.
    pub served: bool,
    /// The name of the function that is called is the visitor's.
    pub name_tainted: bool,
    /// The file's name or kind is checked before.
    pub checked: bool,
}

/// The word that machine output has for a value.
fn slug(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(slug)) => slug,
        _ => String::new(),
    }
}

impl Capability {
    /// The word that machine output has for it.
    #[must_use]
    pub fn slug(self) -> String {
        slug(&self)
    }
}

impl SourceKind {
    /// The word that machine output has for it.
    #[must_use]
    pub fn slug(self) -> String {
        slug(&self)
    }
}

impl crate::family::Family {
    /// The word that machine output has for it.
    #[must_use]
    pub fn slug(self) -> String {
        slug(&self)
    }
}
