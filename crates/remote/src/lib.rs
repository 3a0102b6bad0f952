//! Asks a mail server what it shows every visitor, and says what was seen; sends alerts to a receiver that the user named ([`Hook`]).
//! The only room with a network in it.
//!
//! What holds for asking:
//! * A host is asked at most [`MOST_REQUESTS`] times, redirects, tries without TLS and `autodiscover.` names counted; whoever stands
//!   several times in a list is not asked more often for it.
//! * Requests are plain GETs without a body or credentials, for the log-on page and the manifest of the export tool. Nothing is sent that a
//!   browser on the log-on page would not send, and nothing is tried.
//! * An invalid certificate ends nothing, it is told: what is asked is public, and whoever answers in the server's place could only lie
//!   about a version.
//!
//! Facts (indicators of this project, and righel/ms-exchange-version-nse): the header `X-OWA-Version` holds all four numbers, the
//! path of a resource on the log-on page three (`/owa/auth/15.1.2507/themes/`), the manifest of the export tool four; newer servers hide
//! the header.
//!
//! Sockets and the clock are owned here; names are resolved by the system.

mod counts;
mod hook;
mod http;
mod look;
mod pace;
mod page;
mod shown;
mod sweep;
mod target;
mod tls;

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use afterpatch_model::RemoteLook;

pub use hook::{Hook, HookError, Posted};
pub use page::{PageAnswer, check_page};
pub use shown::Shown;
pub use sweep::sweep;
pub use target::{Network, Target, TargetError, Targets};

/// A host is asked no more often than this.
pub const MOST_REQUESTS: u8 = 3;

/// Finds the addresses of a host and port.
pub type Resolve = fn(&str, u16) -> io::Result<Vec<SocketAddr>>;

/// Asks the system. It sets its own limit of time.
///
/// # Errors
/// When the name has no address, or the system cannot tell.
pub fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    Ok((host, port).to_socket_addrs()?.collect())
}

/// How to ask.
#[derive(Clone, Debug)]
pub struct Config {
    /// Who finds the addresses of names: [`resolve`], but in tests.
    pub resolve: Resolve,
    /// What the program calls itself.
    pub user_agent: String,
    /// A host that has not answered a request after this time is given up.
    pub timeout: Duration,
    /// Requests a second, all hosts together.
    pub rate: u32,
    /// Hosts at the same time.
    pub concurrency: usize,
    /// Try `autodiscover.NAME` where a name itself shows no Exchange.
    pub autodiscover: bool,
}

/// What was seen of one target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Requests, certificate, outcome.
    pub look: RemoteLook,
    /// The builds shown. Several when several servers answer to one name.
    pub builds: Vec<Shown>,
}

/// Asks. One for a whole run: it keeps the pace and the counts.
pub struct Remote {
    config: Config,
    pace: pace::Pace,
    counts: counts::Counts,
    tls: tls::Tls,
    stop: AtomicBool,
}

/// TLS cannot be set up on this machine.
#[derive(Debug, thiserror::Error)]
#[error("TLS cannot be set up: {0}")]
pub struct SetUpError(String);

impl Remote {
    /// Sets up.
    ///
    /// # Errors
    /// [`SetUpError`] when the TLS library does not take its own roots; our tests rule that out.
    pub fn new(config: Config) -> Result<Self, SetUpError> {
        Ok(Self {
            pace: pace::Pace::new(config.rate),
            counts: counts::Counts::default(),
            tls: tls::Tls::new().map_err(SetUpError)?,
            stop: AtomicBool::new(false),
            config,
        })
    }

    /// Asks nobody any more; who is being asked is asked to the end.
    pub fn stop(&self) {
        self.stop.store(true, std::sync::atomic::Ordering::Relaxed);
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(std::sync::atomic::Ordering::Relaxed)
    }
}
