//! Requests whose path the front end reads twice: it takes `/autodiscover/autodiscover.json` for the page and sends the rest on
//! to its own back end (ProxyShell, and ProxyNotShell with an account). Shape of the lines: published incidents and Sigma.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::actor::Actor;
use crate::{
    clock::Moment,
    dice::Dice,
    sources::http_proxy::Protocol,
    stage::{BackEnd, Hit, Stage},
    truth::Mark,
    world::User,
};

/// How one attacker writes such requests.
pub(crate) struct Autodiscover {
    /// A mail domain that is nobody's.
    domain: String,
    /// The blank before the address in the second path, in one of its spellings.
    separator: &'static str,
    agent: &'static str,
    /// `DOMAIN\user`: the account it is done with, empty for nobody.
    account: String,
}

/// One request.
pub(crate) struct Confused<'a> {
    pub(crate) step: &'static str,
    pub(crate) method: &'a str,
    /// Where it goes on the back end.
    pub(crate) target: &'a str,
    /// More of the query, before the address.
    pub(crate) token: &'a str,
    pub(crate) status: u16,
    /// Whether the back end's line tells by itself.
    pub(crate) back_tells: bool,
}

impl Autodiscover {
    pub(crate) fn by_chance(dice: &mut Dice, account: &str) -> Self {
        let own = format!("{}.{}", dice.word(6), dice.pick(&["com", "net", "test"]));
        Self {
            domain: dice.pick(&[own.as_str(), own.as_str(), "foo.com", "evil.corp"]).to_owned(),
            separator: dice.pick(&["%3F", "%3f", "?"]),
            agent: dice.pick(&[
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/91.0.4472.124 Safari/537.36",
                "python-requests/2.25.1",
                "Python-urllib/3.8",
            ]),
            account: account.to_owned(),
        }
    }

    pub(crate) fn agent(&self) -> &'static str {
        self.agent
    }

    /// The query that the back end's shell gets.
    pub(crate) fn back_query(&self, token: &str) -> String {
        format!("{token}&Email=autodiscover/autodiscover.json{}@{}", self.separator, self.domain)
    }

    pub(crate) fn play(&self, stage: &mut Stage, actor: &Actor, at: Moment, it: &Confused<'_>) {
        let Confused { step, method, target, token, status, back_tells } = it;
        let back_query = self.back_query(token);
        let query = format!("@{}{target}?{back_query}", self.domain);
        let machine = stage.world.machine_account();
        let back_user = if self.account.is_empty() { &machine } else { &self.account };
        let mark = if *status == 200 { Mark::telling(step) } else { Mark::telling("forged_request") };
        let back = if *back_tells { Mark::telling(step) } else { Mark::beside(step) };
        let stem = target.trim_end_matches('/');
        let anchor = if self.account.is_empty() { String::new() } else { format!("SMTP:a@{}", self.domain) };
        let hit = Hit {
            query: &query,
            user: &self.account,
            status: *status,
            taken: 190,
            protocol: Some(Protocol::Autodiscover),
            authentication: if self.account.is_empty() { "" } else { "Basic" },
            anchor: &anchor,
            hint: if self.account.is_empty() { "" } else { "ExplicitLogon-SMTP" },
            back_end: (*status == 200).then_some(BackEnd {
                stem,
                query: &back_query,
                user: back_user,
                status: *status,
                mark: Some(back),
            }),
            ..Hit::new(method, "/autodiscover/autodiscover.json", &actor.address, self.agent)
        };
        stage.hit(at, &hit.marked(&mark.by(&actor.address)));
    }
}

/// The token that names whom the shell shall take the caller for. As a real one it names an account and its SID; its version
/// and its missing groups make it useless everywhere.
pub(crate) fn inert_token(user: &User, account: &str) -> String {
    let field = |tag: u8, text: &str| [&[tag, u8::try_from(text.len()).unwrap_or(u8::MAX)], text.as_bytes()].concat();
    let parts = [
        vec![b'V', 0xff, 0],
        field(b'T', "LabInert"),
        vec![b'C', 0],
        field(b'A', "LabInert"),
        field(b'L', account),
        field(b'U', &user.sid),
    ];
    format!("X-Rps-CAT={}", STANDARD.encode(parts.concat()))
}
