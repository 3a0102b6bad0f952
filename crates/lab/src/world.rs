//! What is fixed on one server before anything happens: names, addresses, accounts, habits.

use crate::{
    LabBuild, Product, Scenario, Variant,
    clock::{DAY, HOUR, MINUTE, Moment, SECOND},
    dice::{Dice, Stream},
    truth::Mark,
};

/// The page that ships with Exchange and that one story overwrites.
pub(crate) const LOST_PAGE: &str = "RedirSuiteServiceProxy.aspx";

/// The server and everything around it.
pub(crate) struct World {
    pub(crate) product: Product,
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) fqdn: String,
    pub(crate) netbios: String,
    /// The name that users type.
    pub(crate) mail_host: String,
    pub(crate) public_address: String,
    pub(crate) address: String,
    pub(crate) link_local: String,
    pub(crate) controller: String,
    pub(crate) domain_sid: String,
    pub(crate) database: String,
    pub(crate) install: String,
    /// Folder of the IIS logs, with a backslash at the end.
    pub(crate) iis_logs: String,
    pub(crate) health_mailboxes: Vec<String>,
    pub(crate) users: Vec<User>,
    pub(crate) admin: User,
    pub(crate) start: Moment,
    pub(crate) end: Moment,
    /// Starts of the web server: logs are begun anew.
    pub(crate) restarts: Vec<Moment>,
    pub(crate) patch: Option<Patch>,
    build: LabBuild,
    /// From when on IIS writes more columns.
    pub(crate) more_columns_from: Option<Moment>,
    /// Exchange logs begin with the bare column names.
    pub(crate) bare_columns: bool,
    /// What the events' clock shows more than UTC, in milliseconds, though it says `Z`.
    pub(crate) event_clock: i64,
    /// [`LOST_PAGE`] is overwritten in this story.
    pub(crate) loses_page: bool,
    /// Who sold the antivirus, the backup and the monitoring.
    pub(crate) vendor: &'static str,
    /// The writer of the events escapes `<`, `>`, `&` and `'`.
    pub(crate) escaped_json: bool,
}

/// A person with a mailbox.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) sid: String,
    pub(crate) mailbox: String,
    pub(crate) inside: String,
    pub(crate) outside: String,
    pub(crate) browser: &'static str,
    pub(crate) device: String,
}

/// An update of Exchange: the services are away while it runs.
#[derive(Clone, Copy)]
pub(crate) struct Patch {
    pub(crate) from: Moment,
    pub(crate) to: Moment,
    pub(crate) build: LabBuild,
}

const NAMES: [&str; 24] = [
    "a.meyer",
    "b.okafor",
    "c.lind",
    "d.rossi",
    "e.novak",
    "f.haddad",
    "g.larsen",
    "h.tanaka",
    "i.costa",
    "j.weber",
    "k.dubois",
    "l.petrov",
    "m.silva",
    "n.kaya",
    "o.brien",
    "p.singh",
    "q.chen",
    "r.moreau",
    "s.keller",
    "t.jansen",
    "u.fischer",
    "v.horvat",
    "w.berg",
    "y.amari",
];

const BROWSERS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/88.0.4324.190 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:86.0) Gecko/20100101 Firefox/86.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 11_2_2) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/14.0.3 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/88.0.4324.182 Safari/537.36 Edg/88.0.705.81",
];

impl World {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let mut dice = Dice::new(scenario.seed ^ 0x5eed, Stream::World);
        let server = &scenario.server;
        let start = Moment::of(scenario.start);
        let days = i64::from(scenario.days.max(Scenario::MIN_DAYS));
        let end = start + days * DAY;
        let organisation = server.domain.split('.').rev().nth(1).unwrap_or("contoso");
        let domain_sid = format!(
            "S-1-5-21-{}-{}-{}",
            dice.between(1 << 28, 1 << 31),
            dice.between(1 << 28, 1 << 31),
            dice.between(1 << 28, 1 << 31)
        );
        let subnet = format!("10.{}.{}", dice.between(1, 60), dice.between(1, 250));
        let users = NAMES.iter().map(|name| User::by_chance(name, &domain_sid, &subnet, &mut dice)).collect();
        let admin = User::by_chance("adm.kessler", &domain_sid, &subnet, &mut dice);
        let patch = (scenario.variant == Variant::ProxyLogonPostPatch).then(|| {
            let from = start + days * DAY * 55 / 100 + dice.between(3, 40) * MINUTE;
            Patch { from, to: from + dice.between(17, 24) * MINUTE, build: server.build.fixed() }
        });
        let mut restarts = vec![start + dice.between(2, days * 24 - 2) * HOUR + dice.between(5, 50) * MINUTE + 17 * SECOND];
        restarts.extend(patch.map(|patch| patch.to));
        restarts.sort();
        Self {
            product: server.product,
            name: server.name.clone(),
            domain: server.domain.clone(),
            fqdn: server.fqdn(),
            netbios: organisation.to_ascii_uppercase(),
            mail_host: format!("{}.{organisation}.example", dice.pick(&["mail", "webmail", "owa", "post"])),
            public_address: format!("198.51.100.{}", dice.between(200, 250)),
            address: format!("{subnet}.{}", dice.between(5, 30)),
            link_local: format!("fe80::{}:{}:{}:{}%{}", dice.hex(4), dice.hex(4), dice.hex(4), dice.hex(4), dice.between(2, 12)),
            controller: format!("DC{:02}.{}", dice.between(1, 4), server.domain),
            domain_sid,
            database: dice.guid(),
            install: server.install.clone(),
            iis_logs: dice.pick(&[r"C:\inetpub\logs\LogFiles\", r"C:\inetpub\logs\LogFiles\", r"D:\IISLogs\"]).to_owned(),
            health_mailboxes: (0..3).map(|_| format!("HealthMailbox{}", dice.hex(7))).collect(),
            users,
            admin,
            start,
            end,
            more_columns_from: match scenario.variant {
                // What was fetched shows in the bytes.
                Variant::PostMemoryDump | Variant::PostArchive | Variant::PostMailboxSync => Some(start),
                _ => dice.chance(40).then(|| restarts[0]),
            },
            restarts,
            patch,
            build: server.build,
            bare_columns: dice.chance(30),
            event_clock: if dice.chance(50) { 0 } else { dice.between(-8, 9) * HOUR },
            escaped_json: dice.chance(50),
            vendor: dice.pick(&["Adventure Works", "Lucerne", "Wingtip", "Humongous"]),
            loses_page: scenario.variant == Variant::ProxyNotShell,
        }
    }

    /// The moment at that many thousandths of the evidence's span.
    pub(crate) fn at_share(&self, thousandths: i64) -> Moment {
        self.start + self.end.since(self.start) * thousandths / 1000
    }

    /// The build that wrote logs at that time.
    pub(crate) fn build_at(&self, at: Moment) -> LabBuild {
        self.patch.filter(|patch| at >= patch.to).map_or(self.build, |patch| patch.build)
    }

    /// Whether the web server was away at that time.
    pub(crate) fn is_down(&self, at: Moment) -> bool {
        self.patch.is_some_and(|patch| at >= patch.from && at < patch.to)
    }

    /// How often the web server was started in the hour of `at`, before it: log files of that hour are counted from 1.
    pub(crate) fn file_number(&self, at: Moment) -> usize {
        1 + self.restarts.iter().filter(|restart| restart.hour() == at.hour() && **restart <= at).count()
    }

    /// `CONTOSO\EXCH01$`.
    pub(crate) fn machine_account(&self) -> String {
        format!(r"{}\{}$", self.netbios, self.name)
    }

    /// `CONTOSO\a.meyer`.
    pub(crate) fn account(&self, user: &User) -> String {
        format!(r"{}\{}", self.netbios, user.name)
    }

    /// Once a genuine page was overwritten, a finder may point to anything that names it: which use was whose, nobody knows.
    pub(crate) fn mark_of_genuine(&self, page: &str) -> Option<Mark> {
        (self.loses_page && page.ends_with(LOST_PAGE)).then(|| Mark::beside("other").on(LOST_PAGE))
    }

    /// The mail address of an account.
    pub(crate) fn address_of(&self, name: &str) -> String {
        let organisation = self.mail_host.split_once('.').map_or(self.mail_host.as_str(), |(_, rest)| rest);
        format!("{name}@{organisation}")
    }

    /// Drive letter of the install folder.
    pub(crate) fn drive(&self) -> &str {
        self.install.get(..1).unwrap_or("C")
    }

    /// A folder below the install folder.
    pub(crate) fn below(&self, path: &str) -> String {
        format!("{}{path}", self.install)
    }

    /// `DC=corp,DC=contoso,DC=example`.
    pub(crate) fn domain_path(&self) -> String {
        self.domain.split('.').map(|part| format!("DC={part}")).collect::<Vec<_>>().join(",")
    }
}

impl User {
    fn by_chance(name: &str, domain_sid: &str, subnet: &str, dice: &mut Dice) -> Self {
        Self {
            name: name.to_owned(),
            sid: format!("{domain_sid}-{}", dice.between(1100, 9000)),
            mailbox: dice.guid(),
            inside: format!("{subnet}.{}", dice.between(40, 250)),
            outside: format!("198.51.100.{}", dice.between(1, 199)),
            browser: BROWSERS[dice.index(BROWSERS.len())],
            device: dice.hex(32).to_ascii_uppercase(),
        }
    }
}
