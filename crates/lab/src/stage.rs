//! The server in action: one happening is told once and lands in every log that would tell of it.

mod management;

pub(crate) use management::{Command, Parameters, Route};

use crate::{
    Scenario,
    clock::{DAY, Moment, SECOND},
    dice::{Dice, Stream},
    sheet::Shelf,
    sources::{
        audit::Audit,
        cmdlet_infra::CmdletInfra,
        compiled::{self, CompiledPage},
        ecp::{Call, EcpServer},
        ecp_activity::EcpActivity,
        events::{Event, Events, sysmon::Process},
        ews::Ews,
        http_err::HttpErr,
        http_proxy::{HttpProxy, Protocol, Routed},
        iis::{Request, Site},
        iis_config::IisConfig,
        oab_generator::OabGenerator,
        setup,
        tracking::Tracking,
        transport_agents::TransportAgents,
    },
    truth::{Mark, Taken},
    world::World,
};

/// The server, its logs and its files.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) dice: Dice,
    /// Folders of the page compiler: of `/owa`, `/ecp` and the site's root.
    pub(crate) compiler: [String; 3],
    front: Site,
    back: Site,
    proxy: HttpProxy,
    ecp: EcpServer,
    events: Events,
    oab: OabGenerator,
    cmdlets: CmdletInfra,
    audit: Audit,
    ecp_activity: EcpActivity,
    ews: Ews,
    tracking: Tracking,
    http_err: HttpErr,
    pub(crate) config: IisConfig,
    pub(crate) agents: TransportAgents,
    /// From when to when the front end's site was told not to log.
    pub(crate) unlogged: Option<[Moment; 2]>,
    /// Hours whose files of `HttpProxy` somebody deleted.
    pub(crate) deleted: Option<[Moment; 2]>,
    pub(crate) taken: Vec<Taken>,
    compiled: Vec<CompiledPage>,
    files: Vec<(String, Vec<u8>, Moment, Option<Mark>)>,
}

/// One request from outside or from the server itself.
pub(crate) struct Hit<'a> {
    pub(crate) method: &'a str,
    pub(crate) stem: &'a str,
    /// Query as sent, without the ids that the server adds.
    pub(crate) query: &'a str,
    pub(crate) host: &'a str,
    pub(crate) client: &'a str,
    pub(crate) agent: &'a str,
    pub(crate) referer: &'a str,
    /// `DOMAIN\user`, empty for nobody.
    pub(crate) user: &'a str,
    pub(crate) status: u16,
    pub(crate) taken: i64,
    /// Bytes sent to the client; `None`: left to chance.
    pub(crate) sent: Option<i64>,
    /// What `HttpProxy` calls the request, for remote PowerShell.
    pub(crate) action: &'a str,
    /// The folder of `HttpProxy` that tells of it; `None` for what the front end does not route (`/aspnet_client`).
    pub(crate) protocol: Option<Protocol>,
    pub(crate) authentication: &'a str,
    pub(crate) anchor: &'a str,
    pub(crate) hint: &'a str,
    pub(crate) back_end_cookie: &'a str,
    pub(crate) error_code: &'a str,
    pub(crate) errors: &'a str,
    pub(crate) back_end: Option<BackEnd<'a>>,
    /// What the front end's logs tell.
    pub(crate) mark: Option<Mark>,
    /// What IIS's log of the front end tells, when that is less.
    pub(crate) front_mark: Option<Mark>,
}

/// The request that the front end sent on to the back end.
pub(crate) struct BackEnd<'a> {
    pub(crate) stem: &'a str,
    pub(crate) query: &'a str,
    pub(crate) user: &'a str,
    pub(crate) status: u16,
    pub(crate) mark: Option<Mark>,
}

impl<'a> Hit<'a> {
    /// A request that was answered with 200 by the front end itself.
    pub(crate) fn new(method: &'a str, stem: &'a str, client: &'a str, agent: &'a str) -> Self {
        Self {
            method,
            stem,
            query: "",
            host: "",
            client,
            agent,
            referer: "",
            user: "",
            status: 200,
            taken: 12,
            sent: None,
            action: "",
            protocol: None,
            authentication: "",
            anchor: "",
            hint: "",
            back_end_cookie: "",
            error_code: "",
            errors: "",
            back_end: None,
            mark: None,
            front_mark: None,
        }
    }

    pub(crate) fn marked(mut self, mark: &Mark) -> Self {
        self.front_mark = Some(mark.clone());
        self.mark = Some(mark.clone());
        self
    }
}

impl Stage {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let world = World::new(scenario);
        let mut dice = Dice::new(scenario.seed, Stream::Detail);
        let compiler = ["owa", "ecp", "root"].map(|application| compiled::folder(application, &mut dice));
        Self {
            cmdlets: CmdletInfra::new(&world),
            audit: Audit::new(&world),
            ecp_activity: EcpActivity::new(&world),
            ews: Ews::new(&world),
            tracking: Tracking::new(&world),
            http_err: HttpErr::default(),
            config: IisConfig::default(),
            agents: TransportAgents::default(),
            unlogged: None,
            deleted: None,
            front: Site::front(),
            back: Site::back(),
            proxy: HttpProxy::new(&world),
            ecp: EcpServer::default(),
            events: Events::default(),
            oab: OabGenerator::default(),
            taken: Vec::new(),
            compiled: Vec::new(),
            files: Vec::new(),
            compiler,
            world,
            dice,
        }
    }

    /// A request. While the server is away or outside of the evidence's span nothing is logged.
    pub(crate) fn hit(&mut self, at: Moment, hit: &Hit<'_>) {
        if self.is_silent(at) {
            return;
        }
        let Self { world, dice, .. } = self;
        let request_id = dice.guid();
        let host = if hit.host.is_empty() { world.mail_host.clone() } else { hit.host.to_owned() };
        // Only what the front end routes gets the ids; a static folder of the site does not.
        let query = match hit.protocol {
            None => hit.query.to_owned(),
            Some(_) => format!("{}&CorrelationID=<empty>;&cafeReqId={request_id};{}", hit.query, encoding(hit.stem)),
        };
        let bytes = [hit.sent.unwrap_or_else(|| dice.between(300, 40_000)), dice.between(200, 3_000)];
        let request = Request {
            method: hit.method,
            stem: hit.stem,
            query: &query,
            user: hit.user,
            client: hit.client,
            agent: hit.agent,
            referer: hit.referer,
            host: &host,
            status: hit.status,
            win32: 0,
            bytes,
            taken: hit.taken + 2,
        };
        self.front.push(world, at + 1, &request, hit.front_mark.clone());
        if let Some(protocol) = hit.protocol {
            let routed = Routed {
                request_id: &request_id,
                protocol,
                host: &host,
                stem: hit.stem,
                action: hit.action,
                sent: hit.sent,
                query: hit.query,
                authentication: hit.authentication,
                user: hit.user,
                anchor: hit.anchor,
                agent: hit.agent,
                client: hit.client,
                status: hit.status,
                back_end_status: hit.back_end.as_ref().map(|back| back.status),
                error_code: hit.error_code,
                errors: hit.errors,
                method: hit.method,
                hint: hit.hint,
                back_end_cookie: hit.back_end_cookie,
                taken: hit.taken,
            };
            self.proxy.push(world, dice, at, &routed, hit.mark.clone());
        }
        if let Some(back) = &hit.back_end {
            // That the back end's query carries the front end's id is our reading of `X-CorrelationID`; not seen.
            let query = format!("{}&ActID={};&CorrelationID=<empty>;&cafeReqId={request_id};", back.query, dice.guid());
            let request = Request {
                stem: back.stem,
                query: &query,
                user: back.user,
                client: &world.link_local,
                host: &format!("{}:444", world.fqdn.to_ascii_lowercase()),
                status: back.status,
                taken: hit.taken,
                ..request
            };
            self.back.push(world, at, &request, back.mark.clone());
            if back.stem.starts_with("/ecp/") {
                // Only who has a mailbox is named.
                let person = back.user.rsplit_once('\\').map_or("", |(_, name)| name);
                let person = if person.is_empty() || person.ends_with('$') { String::new() } else { world.address_of(person) };
                let url = if back.query.is_empty() { back.stem.to_owned() } else { format!("{}?{}", back.stem, back.query) };
                let mark = back.mark.clone().map(Mark::repeated);
                self.ecp_activity.push(world, dice, at + hit.taken, &person, &url, mark);
            }
        }
    }

    /// A request that one server of the organisation sends straight to this one's back end.
    pub(crate) fn back_end_hit(&mut self, at: Moment, method: &str, stem: &str, user: &str, client: &str, status: u16) {
        if self.is_silent(at) {
            return;
        }
        let Self { world, dice, .. } = self;
        let query = format!("&ActID={};&CorrelationID=<empty>;", dice.guid());
        let bytes = [dice.between(300, 4_000), dice.between(200, 900)];
        let host = format!("{}:444", world.fqdn.to_ascii_lowercase());
        let (agent, referer) = ("Microsoft.Exchange.HttpProxy", "");
        let request =
            Request { method, stem, query: &query, user, client, agent, referer, host: &host, status, win32: 0, bytes, taken: 9 };
        self.back.push(world, at, &request, None);
    }

    /// An event. Events go on while the web server is away.
    pub(crate) fn event(&mut self, at: Moment, event: Event, mark: Option<Mark>) {
        if at >= self.world.start && at < self.world.end {
            self.events.push(&self.world, at, event, mark);
        }
    }

    pub(crate) fn ecp(&mut self, at: Moment, command: &str, url: &str, exception: &str, mark: Option<Mark>) {
        if !self.is_silent(at) {
            self.ecp.push(&self.world, &mut self.dice, at, &Call { command, url, exception }, mark);
        }
    }

    pub(crate) fn oab(&mut self, at: Moment, thread: i64, message: &str, mark: Option<Mark>) {
        if at >= self.world.start && at < self.world.end {
            self.oab.push(at, thread, message, mark);
        }
    }

    /// The compiler made a page; gives the path of its result and the name of the assembly.
    pub(crate) fn compile(&mut self, at: Moment, application: usize, virtual_path: &str, mark: Option<Mark>) -> [String; 2] {
        let page = CompiledPage::new(&mut self.dice, at, &self.compiler[application], virtual_path, mark);
        let made = [page.path.clone(), page.assembly.clone()];
        self.compiled.push(page);
        made
    }

    /// A file that lies on the server when the evidence is taken.
    pub(crate) fn file(&mut self, path: String, bytes: Vec<u8>, written: Moment, mark: Option<Mark>) {
        self.files.push((path, bytes, written, mark));
    }

    /// Something left the server.
    pub(crate) fn take(&mut self, what: &str, bytes: i64, actor: &str) {
        let bytes = bytes.unsigned_abs();
        match self.taken.iter_mut().find(|taken| taken.what == what && taken.actor == actor) {
            Some(taken) => taken.bytes += bytes,
            None => self.taken.push(Taken { what: what.to_owned(), bytes, actor: actor.to_owned() }),
        }
    }

    /// A file is deleted before the evidence is taken.
    pub(crate) fn take_away(&mut self, path: &str) {
        self.files.retain(|(own, ..)| own != path);
    }

    pub(crate) fn process(&mut self, image: &str, command_line: &str) -> Process {
        Process::new(&mut self.dice, image, command_line)
    }

    /// The web server's worker of one pool.
    pub(crate) fn worker(&mut self, pool: &str) -> Process {
        let config = self.world.below(r"bin\GenericAppPoolConfigWithGCServerEnabledFalse.config");
        let pipe = self.dice.guid();
        let command = format!(
            "c:\\windows\\system32\\inetsrv\\w3wp.exe -ap \"{pool}\" -v \"v4.0\" -c \"{config}\" -a \\\\.\\pipe\\iisipm{pipe} -h \
             \"C:\\inetpub\\temp\\apppools\\{pool}\\{pool}.config\" -w \"\" -m 0"
        );
        self.process(r"C:\Windows\System32\inetsrv\w3wp.exe", &command)
    }

    /// Everything as files.
    pub(crate) fn shelve(self) -> Shelf {
        let Self { world, mut dice, .. } = self;
        let mut shelf = Shelf::default();
        let in_span = |span: Option<[Moment; 2]>| move |at: Moment| span.is_some_and(|[from, to]| from <= at && at < to);
        self.front.shelve(&world, in_span(self.unlogged), &mut shelf);
        self.back.shelve(&world, |_| false, &mut shelf);
        self.proxy.shelve(&world, in_span(self.deleted), &mut shelf);
        for log in [self.cmdlets.http, self.cmdlets.remote, self.cmdlets.local] {
            log.shelve(&world, &mut shelf);
        }
        self.audit.shelve(&world, &mut shelf);
        self.ecp_activity.shelve(&world, &mut shelf);
        self.ews.shelve(&world, &mut shelf);
        self.tracking.shelve(&world, &mut shelf);
        self.http_err.shelve(&world, &mut shelf);
        self.config.shelve(&world, &mut shelf);
        self.agents.shelve(&world, &mut shelf);
        setup::shelve(&world, world.start + -100 * DAY, &mut shelf);
        self.ecp.shelve(&world, &mut shelf);
        self.events.shelve(&mut shelf);
        self.oab.shelve(&world, &mut shelf);
        for page in self.compiled {
            page.shelve(&mut dice, &mut shelf);
        }
        for (path, bytes, written, mark) in self.files {
            shelf.whole(path, bytes, written, mark);
        }
        shelf
    }

    fn is_silent(&self, at: Moment) -> bool {
        at < self.world.start || at + 2 * SECOND >= self.world.end || self.world.is_down(at)
    }
}

/// Pages carry one more empty item (`&encoding=;`, seen in a real incident's log).
fn encoding(stem: &str) -> &'static str {
    if stem.ends_with(".aspx") { "&encoding=;" } else { "" }
}
