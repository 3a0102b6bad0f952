//! The suite of transformations: programs that hide one call from whoever reads them, made by the thousand, and the demand that
//! the interpreter sees through them.
//!
//! Source and sink have names that exist in no runtime, so that nothing of it can do anything anywhere: `demo_input('k')` and
//! `$demo_array['k']` are a visitor's, `demo_sink($x)` is the dangerous call, `demo_code($text)` runs code as `eval` does. Only
//! tests know them ([`function`] and [`global`] are asked before any library).

mod dice;
mod php;

use crate::evidence::{Capability, Control, Facts, Hit, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Part, Value};

/// The functions of the suite, in every language.
pub(crate) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match name {
        "demo_input" => {
            let spot = it.spot(at);
            Value::tainted(Taint::source(SourceKind::Parameter, &args.text(0).unwrap_or_default(), spot))
        }
        "demo_sink" => {
            it.hit(Capability::Command, name, at, &args.at(0), Facts::default());
            Value::unknown()
        }
        "demo_code" => {
            let code = args.at(0);
            it.hit(Capability::Code, name, at, &code, Facts::default());
            it.run_code(&code, name, at)
        }
        _ => return None,
    })
}

/// The variable of the suite that holds what a visitor sends.
pub(crate) fn global(name: &str) -> Option<Value> {
    (name == "demo_array").then(|| Known::Request(Part::Parameters).into())
}

/// Whether the sink gets what the visitor sent under `k`
/// (or under `any` name, where the program takes all that was sent and chooses later).
fn is_resolved(hits: &[Hit], any: bool) -> bool {
    let is_named = |name: &str| name == "k" || any && name.is_empty();
    sink_taints(hits).any(|taint| taint.control >= Control::Part && taint.is_request() && is_named(&taint.trail.source.name))
}

/// Whether the sink gets anything of a visitor.
fn is_tainted(hits: &[Hit]) -> bool {
    sink_taints(hits).any(|taint| taint.control > Control::Weak && taint.is_request())
}

fn sink_taints(hits: &[Hit]) -> impl Iterator<Item = &Taint> {
    hits.iter().filter(|hit| &*hit.callee == "demo_sink").filter_map(|hit| hit.taint.as_ref())
}
