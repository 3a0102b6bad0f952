//! One target: which addresses are asked, in which order, and what is made of the answers.

use std::time::Duration;

use afterpatch_model::{RemoteLook, RemoteOutcome, RemoteRequest, ShownIn};

use crate::http::{Answer, Url, get};
use crate::shown::{Shown, add, in_header, in_manifest, in_page, is_exchange};
use crate::target::Target;
use crate::{MOST_REQUESTS, Remote, Seen};

const LOG_ON: &str = "/owa/auth/logon.aspx";
const MANIFEST: &str = "/ecp/current/exporttool/microsoft.exchange.ediscovery.exporttool.application";

/// A server that asks for patience is given at most so much.
const MOST_PATIENCE: Duration = Duration::from_secs(15);

impl Remote {
    /// Looks at one target. Blocks until that is done, at most some three times the timeout. Before each request `before` is told
    /// which host it goes to.
    pub fn look(&self, target: &Target, before: &dyn Fn(&str)) -> Seen {
        let mut look = Look { remote: self, before, seen: Seen::default(), asked: 0 };
        look.all(target);
        look.seen
    }

    /// Counts a request that an earlier run made to a host.
    pub fn was_asked(&self, host: &str) {
        self.counts.take(host);
    }
}

struct Look<'r> {
    remote: &'r Remote,
    before: &'r dyn Fn(&str),
    seen: Seen,
    /// Requests of this target, to whichever host.
    asked: u8,
}

/// What came of the first page of a host.
enum First {
    /// It answered, there.
    Answered(Url, Box<Answer>),
    /// Nothing to be had of it.
    Nothing,
}

impl Look<'_> {
    fn all(&mut self, target: &Target) {
        let mut first = self.first(target, &target.host);
        let is_nothing = |look: &Self, first: &First| match first {
            First::Nothing => true,
            First::Answered(_, answer) => look.seen.builds.is_empty() && !is_exchange(answer),
        };
        // Mail of a domain is often served under the name that clients look for.
        let tries_more = self.remote.config.autodiscover && target.is_name() && target.port.is_none() && target.tls.is_none();
        if is_nothing(self, &first) && tries_more && !target.host.to_ascii_lowercase().starts_with("autodiscover.") {
            let before = self.seen.look.clone();
            let second = self.first(target, &format!("autodiscover.{}", target.host));
            if is_nothing(self, &second) {
                // What the name itself said tells more.
                self.seen.look = RemoteLook { requests: std::mem::take(&mut self.seen.look.requests), ..before };
            } else {
                first = second;
            }
        }
        if let First::Answered(url, answer) = &first
            && !self.seen.builds.iter().any(|shown| matches!(shown, Shown::Whole(_)))
            && (is_exchange(answer) || !self.seen.builds.is_empty())
        {
            self.manifest(url);
        }
        self.conclude(&first);
    }

    /// The log-on page of a host, through redirects.
    fn first(&mut self, target: &Target, host: &str) -> First {
        let tls = target.tls.unwrap_or(target.port != Some(80));
        let port = target.port.unwrap_or(if tls { 443 } else { 80 });
        let mut url = Url { tls, host: host.to_owned(), port, path: LOG_ON.to_owned() };
        let mut answer = self.ask(&url);
        // Where nothing speaks TLS, something may speak without.
        if answer.is_none() && target.tls.is_none() && tls {
            url = Url { tls: false, port: target.port.unwrap_or(80), ..url };
            answer = self.ask(&url);
        }
        let Some(mut answer) = answer else { return First::Nothing };
        loop {
            self.read(&answer);
            let Some(next) = redirect(&url, &answer) else { break };
            if !is_same_site(&url.host, &next.host) {
                self.seen.look.error = Some(format!("redirects to {}, which was not asked", next.text()));
                break;
            }
            let Some(then) = self.ask(&next) else { break };
            (url, answer) = (next, then);
        }
        First::Answered(url, Box::new(answer))
    }

    fn manifest(&mut self, from: &Url) {
        let url = Url { path: MANIFEST.to_owned(), ..from.clone() };
        let Some(answer) = self.ask(&url) else { return };
        self.name(&answer);
        if let Some(shown) = in_header(&answer) {
            self.add(shown, ShownIn::Header);
        }
        if let Some(shown) = in_manifest(&answer).filter(|_| answer.status == 200) {
            self.add(shown, ShownIn::Manifest);
        }
    }

    fn read(&mut self, answer: &Answer) {
        self.seen.look.certificate = answer.certificate;
        self.seen.look.certificate_error.clone_from(&answer.certificate_error);
        self.name(answer);
        if let Some(shown) = in_header(answer) {
            self.add(shown, ShownIn::Header);
        }
        for shown in in_page(answer) {
            self.add(shown, ShownIn::ResourcePath);
        }
    }

    fn name(&mut self, answer: &Answer) {
        if let Some(name) = answer.header("x-feserver") {
            self.seen.look.front_end = Some(name.chars().take(100).collect());
        }
    }

    fn add(&mut self, shown: Shown, place: ShownIn) {
        let before = self.seen.builds.clone();
        add(&mut self.seen.builds, shown);
        if before != self.seen.builds && !self.seen.look.shown_in.contains(&place) {
            self.seen.look.shown_in.push(place);
        }
    }

    /// One request, if one is left for this host and this target; once more where the server asks for patience.
    fn ask(&mut self, url: &Url) -> Option<Answer> {
        let answer = self.ask_once(url)?;
        if !matches!(answer.status, 429 | 503) || self.asked >= MOST_REQUESTS {
            return Some(answer);
        }
        let seconds = answer.header("retry-after").and_then(|value| value.trim().parse().ok()).unwrap_or(2);
        let patience = Duration::from_secs(seconds);
        if patience > MOST_PATIENCE || self.remote.is_stopped() {
            return Some(answer);
        }
        std::thread::sleep(patience);
        self.ask_once(url).or(Some(answer))
    }

    fn ask_once(&mut self, url: &Url) -> Option<Answer> {
        if self.asked >= MOST_REQUESTS {
            return None;
        }
        if !self.remote.counts.take(&url.authority()) {
            self.seen.look.error.get_or_insert_with(|| format!("{} was asked three times already", url.authority()));
            return None;
        }
        self.asked += 1;
        self.remote.pace.wait();
        (self.before)(&url.authority());
        let outcome = get(url, &self.remote.config, &self.remote.tls);
        self.remote.pace.answered(outcome.is_ok());
        let status = outcome.as_ref().ok().map(|answer| answer.status);
        self.seen.look.requests.push(RemoteRequest { url: url.text(), status });
        match outcome {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.seen.look.error = Some(error);
                None
            }
        }
    }

    fn conclude(&mut self, first: &First) {
        let look = &mut self.seen.look;
        look.outcome = match first {
            _ if !self.seen.builds.is_empty() => RemoteOutcome::Shown,
            First::Answered(_, answer) if is_exchange(answer) => RemoteOutcome::Hidden,
            First::Answered(..) => RemoteOutcome::NotExchange,
            First::Nothing if look.requests.is_empty() => RemoteOutcome::NotAsked,
            First::Nothing => RemoteOutcome::Unreachable,
        };
        // What went wrong on the way does not matter where the way led to an end.
        if look.outcome == RemoteOutcome::Shown {
            look.error = None;
        }
    }
}

/// Where an answer leads, if it is a redirect that can be followed.
fn redirect(from: &Url, answer: &Answer) -> Option<Url> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let to = answer.header("location")?.trim();
    let path = |rest: &str| {
        let path: String = rest.chars().filter(|c| c.is_ascii_graphic()).take(2_000).collect();
        if path.starts_with('/') { path } else { format!("/{path}") }
    };
    if to.starts_with('/') && !to.starts_with("//") {
        let next = Url { path: path(to), ..from.clone() };
        return (next != *from).then_some(next);
    }
    let absolute = if to.starts_with("//") { format!("{}:{to}", if from.tls { "https" } else { "http" }) } else { to.to_owned() };
    let Ok(crate::Targets::One(target)) = crate::Targets::read(&absolute) else { return None };
    let tls = target.tls?;
    let rest = absolute.split_once("://")?.1;
    let rest = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    // A browser does not send what stands behind the hash.
    let rest = path(rest.split('#').next().unwrap_or("/"));
    let next = Url { tls, host: target.host.clone(), port: target.port.unwrap_or(if tls { 443 } else { 80 }), path: rest };
    (next != *from).then_some(next)
}

/// Whether a redirect stays with the one who was asked: the same host, or a name with the same last two labels. Others were not named
/// by the user (a log-on service in the cloud, the inside of our own network).
fn is_same_site(from: &str, to: &str) -> bool {
    let is_address = |host: &str| host.starts_with('[') || host.parse::<std::net::IpAddr>().is_ok();
    let end = |host: &str| host.to_ascii_lowercase().rsplit('.').take(2).map(str::to_owned).collect::<Vec<_>>();
    from.eq_ignore_ascii_case(to) || (!is_address(from) && !is_address(to) && to.contains('.') && end(from) == end(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        Url {
            tls: scheme == "https",
            host: host.to_owned(),
            port: if scheme == "https" { 443 } else { 80 },
            path: path.to_owned(),
        }
    }

    #[test]
    fn redirects_are_read_as_a_browser_reads_them() {
        for (from, to, expected) in [
            ("http://a.example/x", "https://a.example/owa/", Some("https://a.example/owa/")),
            ("https://a.example/x", "/owa/auth/logon.aspx?a=b", Some("https://a.example/owa/auth/logon.aspx?a=b")),
            ("https://a.example/x", "//b.example/y", Some("https://b.example/y")),
            ("https://a.example/x", "https://b.example?y#z", Some("https://b.example/")),
            ("https://a.example/x", "/x", None),
            ("https://a.example/x", "javascript:alert(1)", None),
            ("https://a.example/x", "/y\r\nX: z", Some("https://a.example/yX:z")),
        ] {
            let answer = Answer { status: 302, headers: vec![("location".to_owned(), to.to_owned())], ..Answer::default() };
            assert_eq!(redirect(&url(from), &answer).map(|url| url.text()).as_deref(), expected, "{to}");
        }
    }

    #[test]
    fn redirects_stay_on_the_site() {
        for (from, to, same) in [
            ("example.org", "mail.example.org", true),
            ("mail.example.org", "MAIL.example.org", true),
            ("mail.example.org", "login.microsoftonline.com", false),
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "127.0.0.1", false),
            ("mail.example.org", "169.254.169.254", false),
            ("mail.example.org", "localhost", false),
            ("192.0.2.1", "mail.example.org", false),
        ] {
            assert_eq!(is_same_site(from, to), same, "{from} {to}");
        }
    }
}
