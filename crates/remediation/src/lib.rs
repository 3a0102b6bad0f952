//! From a report to a plan, from a plan to a changed server, and back: the only crate that writes to an examined host.
//!
//! [`plan`] reads a report and looks at the server's disk; it changes nothing. A person reads the plan and may take things out.
//! [`preview`] says what [`apply`] would do; [`apply`] does it, each file through a vault, and looks afterwards whether it is
//! so. [`undo`] goes the way back. What cannot be done safely is an instruction in the plan, not silence.
//!
//! One kind of action is one folder: `plan` finds what it would act on, `steps` says what becomes of each file. Putting that in
//! effect, looking afterwards whether it is so, and the way back are the same for all, because every action comes down to files
//! that go or get another content: [`apply`], [`undo`], and the vault below them. Only what starts by itself on a running Windows is
//! no file but a switch (`switch_off`), which the vault turns and turns back.

mod add_mitigation;
mod apply;
mod error;
mod evidence;
mod host;
mod instructions;
mod plan;
mod plan_file;
mod powershell;
mod quarantine_file;
mod remove_configuration;
mod remove_leftovers;
mod remove_task;
mod restore_page;
mod steps;
mod switch_off;
mod undo;

pub use apply::{apply, preview};
pub use error::RemediationError;
pub use host::Host;
pub use plan::{Wishes, plan};
pub use plan_file::read_plan;
pub use undo::{Undone, undo};
