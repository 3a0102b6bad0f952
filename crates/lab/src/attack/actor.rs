//! Who attacks, and the page that is left behind.

use crate::{dice::Dice, sources::http_proxy::Protocol, stage::Stage};

/// One attacker.
#[derive(Clone)]
pub(crate) struct Actor {
    pub(crate) address: String,
    /// Addresses from which the page is used later: bought access, helpers, another exit.
    pub(crate) later: [String; 2],
    pub(crate) first_agent: &'static str,
    pub(crate) agent: &'static str,
    pub(crate) visitor_agent: &'static str,
    /// The static name that the forged requests are sent to; it need not exist.
    pub(crate) resource: String,
    pub(crate) protocol: Protocol,
    pub(crate) page: Page,
    /// Name of the field that the page would read.
    pub(crate) parameter: String,
    pub(crate) planted_host: &'static str,
}

/// A planted page.
#[derive(Clone)]
pub(crate) struct Page {
    /// File name.
    pub(crate) name: String,
    /// `/owa/auth/x.aspx`.
    pub(crate) stem: String,
    pub(crate) path: String,
    /// The compiler's folder (see [`Stage::compiler`]).
    pub(crate) application: usize,
    /// The folder of `HttpProxy` that tells of its visitors.
    pub(crate) protocol: Option<Protocol>,
}

impl Page {
    pub(crate) fn below_owa(stage: &Stage, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            stem: format!("/owa/auth/{name}"),
            path: stage.world.below(&format!(r"FrontEnd\HttpProxy\owa\auth\{name}")),
            application: 0,
            protocol: Some(Protocol::Owa),
        }
    }

    fn below_ecp(stage: &Stage, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            stem: format!("/ecp/auth/{name}"),
            path: stage.world.below(&format!(r"FrontEnd\HttpProxy\ecp\auth\{name}")),
            application: 1,
            protocol: Some(Protocol::Ecp),
        }
    }

    fn below_aspnet_client(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            stem: format!("/aspnet_client/{name}"),
            path: format!(r"C:\inetpub\wwwroot\aspnet_client\{name}"),
            application: 2,
            protocol: None,
        }
    }

    /// The worker pool that runs it.
    pub(crate) fn pool(&self) -> &'static str {
        ["MSExchangeOWAAppPool", "MSExchangeECPAppPool", "DefaultAppPool"][self.application.min(2)]
    }
}

impl Actor {
    /// An attacker whose addresses lie in 203.0.113.0/24 from `first` on.
    pub(crate) fn by_chance(stage: &Stage, dice: &mut Dice, first: i64) -> Self {
        let first = first + dice.between(0, 60);
        let address = |offset: i64| format!("203.0.113.{}", first + offset);
        let letters = dice.between(5, 9).unsigned_abs() as usize;
        let name = format!("{}.aspx", dice.word(letters));
        let page = match dice.between(1, 10) {
            1..=6 => Page::below_owa(stage, &name),
            7..=8 => Page::below_ecp(stage, &name),
            _ => Page::below_aspnet_client(&name),
        };
        let script = format!("/ecp/{}.js", dice.of_letters(3));
        let resource = dice.pick(&[
            script.as_str(),
            script.as_str(),
            "/ecp/default.flt",
            "/ecp/main.css",
            "/owa/auth/x.js",
            "/owa/auth/Current/themes/resources/logon.css",
            "/owa/auth/Current/themes/resources/lgnbotl.gif",
        ]);
        Self {
            address: address(0),
            later: [address(7), address(31)],
            first_agent: dice.pick(&["ExchangeServicesClient/0.0.0.0", "python-requests/2.25.1"]),
            agent: dice.pick(&[
                "python-requests/2.25.1",
                "python-requests/2.19.1",
                "ExchangeServicesClient/0.0.0.0",
                "Go-http-client/1.1",
            ]),
            visitor_agent: dice.pick(&[
                "antSword/v2.1",
                "python-requests/2.25.1",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/65.0.2345 Safari/537.36",
                "Mozilla/5.0 (compatible; Baiduspider/2.0; http://www.baidu.com/search/spider.html)",
            ]),
            resource: resource.to_owned(),
            protocol: if resource.starts_with("/ecp/") { Protocol::Ecp } else { Protocol::Owa },
            page,
            parameter: dice.word(7),
            planted_host: dice.pick(&["f", "ffff", "a.example"]),
        }
    }
}
