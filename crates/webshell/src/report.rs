//! What the analysis says of one file. All of it is data; the words for people are made of it by who shows it, and
//! [`Report::explanation`] gives them in English.

use serde::Serialize;

use crate::carrier::Disguise;
use crate::config::ConfigEffect;
use crate::evidence::{Capability, SourceKind};
use crate::family::Family;
use crate::language::Language;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing in it lets a visitor do more than a page should.
    Clean,
    /// The code is encoded for a loader that is not here, or made unreadable: nobody can judge it by reading.
    Opaque,
    /// A known tool for administrators. It does what a web shell does, for those who log in; is it yours, and who may reach it?
    DualUse,
    /// It lets a visitor do something that a page should not, but an author without bad intent may have written it.
    Suspicious,
    /// It is made to give its visitor power over the server.
    Webshell,
}

/// How bad it is if it is what it seems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing to say.
    None,
    /// It shows what it should not.
    Low,
    /// It reads or lists files, fetches from elsewhere, sends mail.
    Medium,
    /// It writes files, queries databases, forwards traffic.
    High,
    /// It runs code or commands.
    Critical,
}

/// The answer for one file.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// From 0 to 1, more is surer: suspicious from 0.5, a web shell from 0.85. The weights behind it are set by hand; how many web
    /// shells and how many harmless files have which score stands in `docs/webshell.md`.
    pub score: f64,
    /// How bad it is.
    pub severity: Severity,
    /// The languages of the scripts in it, the one that matters first. Empty if there is no script in it.
    pub languages: Vec<Language>,
    /// What it lets its visitor do, each once.
    pub capabilities: Vec<Capability>,
    /// Which known web shell it behaves like.
    pub family: Option<Family>,
    /// The known product that it says it is.
    pub product: Option<&'static str>,
    /// The dangerous calls, worst first.
    pub findings: Vec<Finding>,
    /// What a server's configuration makes possible.
    pub settings: Vec<Setting>,
    /// Constants that something of the request is compared with: passwords, or names of actions.
    pub gates: Vec<Gate>,
    /// Code that was decoded and looked at, too.
    pub layers: Vec<LayerShown>,
    /// How the file hides that it is a script.
    pub disguises: Vec<Disguise>,
    /// Facts beside the calls that the verdict rests on.
    pub reasons: Vec<Reason>,
    /// A bound of work was reached: there may be more in it.
    pub exhausted: bool,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}

/// A dangerous call and the way of the data to it.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// What it lets the visitor do.
    pub capability: Capability,
    /// The call, by the name that the runtime knows it by.
    pub call: String,
    /// Where it stands.
    pub place: Spot,
    /// The line it stands in.
    pub excerpt: String,
    /// Where the data comes from; none if the page itself decides.
    pub source: Option<SourceShown>,
    /// The data's way from the source to the call.
    pub path: Vec<StepShown>,
    /// The dangerous argument, as far as it is known; `…` stands for what is not.
    pub argument: String,
    /// How sure this alone would make that the file is a web shell, from 0 to 1.
    pub weight: f64,
    /// The call's name is computed, not written.
    pub hidden_name: bool,
    /// The dangerous argument was decoded.
    pub decoded: bool,
}

/// A line of configuration that makes code run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// What it does.
    pub effect: ConfigEffect,
    /// Its line, from 1.
    pub line: u32,
    /// The line or element, shortened.
    pub quote: String,
    /// How sure this alone would make that the file is an attacker's, from 0 to 1.
    pub weight: f64,
}

/// A line in the file, or in code that was decoded from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Spot {
    /// From 1.
    pub line: u32,
    /// 0 is the file itself, others are in [`Report::layers`].
    pub layer: u16,
}

/// What a visitor decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceShown {
    /// Its kind.
    pub kind: SourceKind,
    /// The parameter's name, as far as it is known.
    pub name: String,
    /// Where it is read.
    pub place: Spot,
}

/// One step of the data's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepShown {
    /// What happens.
    pub step: StepKind,
    /// The variable's or function's name.
    pub name: String,
    /// Where.
    pub place: Spot,
    /// The line it stands in.
    pub excerpt: String,
}

/// What happens to data on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// It is read from the request.
    Read,
    /// It is kept in a variable.
    Kept,
    /// It goes through a function.
    Through,
    /// It is handed to a function of the file.
    Handed,
}

/// A comparison of something of the request with a constant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gate {
    /// Where the request's side comes from.
    pub source: SourceShown,
    /// The constant, or the beginning of it.
    pub constant: String,
    /// It is compared with a hash of what came.
    pub hashed: bool,
    /// Where.
    pub place: Spot,
}

/// Code that was made by the file's own code and run.
#[derive(Debug, Clone, Serialize)]
pub struct LayerShown {
    /// Its number.
    pub layer: u16,
    /// Where it is run.
    pub run_at: Spot,
    /// What runs it.
    pub by: String,
    /// Its beginning.
    pub excerpt: String,
    /// Its size in bytes.
    pub size: u64,
}

/// A fact beside the calls that the verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The names of dangerous functions are computed.
    HiddenNames,
    /// Code is decoded and run.
    HiddenCode,
    /// A function that nobody can name here gets data of the request.
    UnknownFunction,
    /// Code that nobody can know here is run.
    UnknownCode,
    /// The file is no script by its beginning or its name.
    Disguised,
    /// It writes a page that would be a web shell.
    Drops,
    /// It cannot be read as it is, as if quotes were lost on its way; this is what it does when they are put back.
    Damaged,
    /// It includes a file that is not code by its name.
    UnlikelyInclude,
    /// It does most of what a file manager does, for whoever comes.
    FileManager,
    /// It is encoded for a commercial loader.
    Loader,
    /// The analysis itself failed: nothing is known of the file.
    Failed,
    /// The server's configuration makes it run, or makes other files run.
    Configuration,
}
