//! The same plan on a cluster of Apache Ballista: its scheduler hands out the rows of the table of packages, and its executors, which
//! are this program, too, read them and commit them to the lake themselves.
//!
//! Nothing is trusted to the cluster but work. What is done is what the lake says: whoever asked looks there, and asks again for
//! what is missing. So a scheduler, which keeps everything in memory, may die and lose all it knew, an executor may die at any
//! moment, and a package may be handed out twice.
//!
//! | module | what |
//! |---|---|
//! | `address` | how a cluster is named: `df://HOST:PORT` |
//! | `order` | what an executor must know of a run |
//! | `codec` | our operator on its way between the processes |
//! | `driver` | who asks: `scan --cluster` |
//! | `question` | `query --cluster` |
//! | `stage` | how an executor does its part of a plan |
//! | `tls` | certificates on both sides of every connection |
//! | `scheduler`, `executor` | the two kinds of processes |

mod address;
mod codec;
mod driver;
pub mod executor;
mod order;
pub mod question;
pub mod scheduler;
mod stage;
mod tls;

pub use address::Address;
pub use driver::Driver;
pub use order::Order;
pub use tls::Tls;

/// What the processes of a cluster say goes to standard error; `RUST_LOG` tells how much of it.
fn log_to_stderr() {
    let from_environment = env_logger::Env::default().default_filter_or("warn");
    // A logger that is there already is as good.
    let _ = env_logger::Builder::from_env(from_environment).try_init();
}
