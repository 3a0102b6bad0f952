//! Takes files away from a live or mounted system so that they can be put back exactly as they were.
//!
//! A [`Vault`] is a folder: encrypted containers (age around tar), a journal whose lines are chained, a key. Every change of a
//! file goes the same way: its content and everything else about it is stored and read back, the intent is in the journal and on
//! the medium, then the file is changed by renaming beside it, then the journal says that it was done. After a crash at any of
//! these steps the next run finds either the old state or the new one, and says which. [`Vault::undo`] is the same way back.
//!
//! It never follows a link, changes nothing but the very file that was looked at (number and hash), and needs no network. The
//! layout is documented in `docs/vault.md`, so that standard tools can open it without this program.

mod change;
mod container;
pub mod disk;
mod error;
mod hex;
mod history;
mod journal;
mod keys;
mod place;
mod settle;
mod switch;
mod vault;

pub use change::{Change, Expected, Look, Wanted, look_at};
pub use container::{ABOUT_SCHEMA, About, sha256};
pub use error::VaultError;
pub use history::{Entry, History, State};
pub use journal::{After, Before, FileChange, Intent, Line, Record, SCHEMA, Subject};
pub use keys::{Identity, Recipient};
pub use place::{Place, THIS_COMPUTER};
pub use settle::{Settled, Settlement};
pub use switch::{Switch, SwitchChange, SwitchKind, Turn};
pub use vault::{Settings, Stored, Vault, check};
