//! One page of a host of one's own: does it still answer?

use crate::http::{Url, get};
use crate::target::Target;
use crate::{MOST_REQUESTS, Remote, TargetError};

/// What a page answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageAnswer {
    /// The address as it was asked.
    pub url: String,
    /// The status; `None` when there was no answer.
    pub status: Option<u16>,
    /// Why there was none (English).
    pub error: Option<String>,
}

/// Whether an address names a host and a page.
///
/// # Errors
/// [`TargetError`] when it does not.
pub fn check_page(address: &str) -> Result<(), TargetError> {
    read(address).map(|_| ())
}

fn read(address: &str) -> Result<Url, TargetError> {
    let wrong = |why| TargetError { text: address.chars().take(200).collect(), why };
    let target = Target::read(address.trim()).map_err(wrong)?;
    let Some(tls) = target.tls else { return Err(wrong("an address begins with https:// or http://")) };
    let rest = address.trim().split_once("://").map_or("", |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    // A browser does not send what stands behind the hash.
    let path = path.split('#').next().unwrap_or("/");
    if path.chars().any(|letter| !letter.is_ascii_graphic()) {
        return Err(wrong("blanks and letters other than ASCII must be percent-encoded"));
    }
    let port = target.port.unwrap_or(if tls { 443 } else { 80 });
    Ok(Url { tls, host: target.host, port, path: path.to_owned() })
}

impl Remote {
    /// Asks for one page, as a visitor's browser would, without following redirects. No host is asked more than three times.
    ///
    /// # Errors
    /// [`TargetError`]: the address names no host and page.
    pub fn page(&self, address: &str) -> Result<PageAnswer, TargetError> {
        let url = read(address)?;
        let told = |status, error| PageAnswer { url: url.text(), status, error };
        if !self.counts.take(&url.authority()) {
            return Ok(told(None, Some(format!("{} was asked {MOST_REQUESTS} times already", url.authority()))));
        }
        self.pace.wait();
        let answer = get(&url, &self.config, &self.tls);
        self.pace.answered(answer.is_ok());
        Ok(match answer {
            Ok(answer) => told(Some(answer.status), None),
            Err(error) => told(None, Some(error)),
        })
    }
}
