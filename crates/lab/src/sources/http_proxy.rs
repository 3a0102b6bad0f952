//! The front end's proxy logs (`Logging\HttpProxy\<Protocol>`), one file an hour and protocol.

use std::borrow::Cow;

use crate::{
    Product,
    clock::Moment,
    dice::Dice,
    sheet::{Page, Row, Sheet, Shelf, into_pages},
    truth::Mark,
    world::World,
};

/// Columns of 2016, 2019 and SE (a real log of 15.1.2375, artefacts.help).
pub(crate) const COLUMNS: &str = "DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ClientRequestId,Protocol,UrlHost,UrlStem,\
ProtocolAction,AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,AnchorMailbox,UserAgent,ClientIpAddress,\
ServerHostName,HttpStatus,BackEndStatus,ErrorCode,Method,ProxyAction,TargetServer,TargetServerVersion,RoutingType,RoutingHint,\
BackEndCookie,ServerLocatorHost,ServerLocatorLatency,RequestBytes,ResponseBytes,TargetOutstandingRequests,\
AuthModulePerfContext,HttpPipelineLatency,CalculateTargetBackEndLatency,GlsLatencyBreakup,TotalGlsLatency,\
AccountForestLatencyBreakup,TotalAccountForestLatency,ResourceForestLatencyBreakup,TotalResourceForestLatency,ADLatency,\
SharedCacheLatencyBreakup,TotalSharedCacheLatency,ActivityContextLifeTime,ModuleToHandlerSwitchingLatency,\
ClientReqStreamLatency,BackendReqInitLatency,BackendReqStreamLatency,BackendProcessingLatency,BackendRespInitLatency,\
BackendRespStreamLatency,ClientRespStreamLatency,KerberosAuthHeaderLatency,HandlerCompletionLatency,RequestHandlerLatency,\
HandlerToModuleSwitchingLatency,ProxyTime,CoreLatency,RoutingLatency,HttpProxyOverhead,TotalRequestTime,\
RouteRefresherLatency,UrlQuery,BackEndGenericInfo,GenericInfo,GenericErrors,EdgeTraceId,DatabaseGuid,UserADObjectGuid,\
PartitionEndpointLookupLatency,RoutingStatus";

/// 2013 has fewer, and others at the end.
const NOT_IN_2013: [&str; 14] = [
    "UrlHost",
    "RoutingType",
    "RouteRefresherLatency",
    "BackEndGenericInfo",
    "EdgeTraceId",
    "DatabaseGuid",
    "UserADObjectGuid",
    "PartitionEndpointLookupLatency",
    "RoutingStatus",
    "SharedCacheLatencyBreakup",
    "TotalSharedCacheLatency",
    "CoreLatency",
    "RoutingLatency",
    "KerberosAuthHeaderLatency",
];

/// Which folder a row goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Protocol {
    Autodiscover,
    Eas,
    Ecp,
    Ews,
    Mapi,
    Owa,
    PowerShell,
}

impl Protocol {
    pub(crate) const ALL: [Self; 7] =
        [Self::Autodiscover, Self::Eas, Self::Ecp, Self::Ews, Self::Mapi, Self::Owa, Self::PowerShell];

    fn name(self) -> &'static str {
        match self {
            Self::Autodiscover => "Autodiscover",
            Self::Eas => "Eas",
            Self::Ecp => "Ecp",
            Self::Ews => "Ews",
            Self::Mapi => "Mapi",
            Self::Owa => "Owa",
            Self::PowerShell => "PowerShell",
        }
    }
}

/// One request as the front end logs it. Empty texts are left empty.
pub(crate) struct Routed<'a> {
    pub(crate) request_id: &'a str,
    pub(crate) protocol: Protocol,
    pub(crate) host: &'a str,
    pub(crate) stem: &'a str,
    pub(crate) action: &'a str,
    /// Bytes sent to the client; `None`: left to chance.
    pub(crate) sent: Option<i64>,
    pub(crate) query: &'a str,
    pub(crate) authentication: &'a str,
    pub(crate) user: &'a str,
    pub(crate) anchor: &'a str,
    pub(crate) agent: &'a str,
    pub(crate) client: &'a str,
    pub(crate) status: u16,
    pub(crate) back_end_status: Option<u16>,
    pub(crate) error_code: &'a str,
    pub(crate) errors: &'a str,
    pub(crate) method: &'a str,
    pub(crate) hint: &'a str,
    pub(crate) back_end_cookie: &'a str,
    pub(crate) taken: i64,
}

/// The logs of all protocols.
pub(crate) struct HttpProxy {
    columns: String,
    sheets: [Sheet; Protocol::ALL.len()],
}

impl HttpProxy {
    pub(crate) fn new(world: &World) -> Self {
        let kept = COLUMNS.split(',').filter(|column| world.product != Product::Exchange2013 || !NOT_IN_2013.contains(column));
        Self { columns: kept.collect::<Vec<_>>().join(","), sheets: Default::default() }
    }

    pub(crate) fn push(&mut self, world: &World, dice: &mut Dice, at: Moment, it: &Routed<'_>, mark: Option<Mark>) {
        let numbers = Numbers::by_chance(dice, it);
        let mut text = String::with_capacity(1_100);
        for (position, column) in self.columns.split(',').enumerate() {
            if position > 0 {
                text.push(',');
            }
            text.push_str(&quoted(&value(column, world, at, it, &numbers)));
        }
        self.sheets[it.protocol as usize].push(at, text, mark);
    }

    /// `is_lost` says which hours' files shall be missing.
    pub(crate) fn shelve(self, world: &World, is_lost: impl Fn(Moment) -> bool, shelf: &mut Shelf) {
        let columns = &self.columns;
        for (protocol, sheet) in Protocol::ALL.iter().zip(self.sheets) {
            let sheet = sheet.without(&is_lost);
            let path = |row: &Row| {
                let name = format!("HttpProxy_{}-{}.LOG", row.at.hour_code(), world.file_number(row.at));
                world.below(&format!(r"Logging\HttpProxy\{}\{name}", protocol.name()))
            };
            let open = |path: String, at: Moment| {
                let mut page = Page::new(path, "\r\n", at).with_byte_order_mark();
                if world.bare_columns {
                    page.line(columns);
                }
                page.line("#Software: Microsoft Exchange Server");
                page.line(&format!("#Version: {}", world.build_at(at).long()));
                page.line("#Log-type: HttpProxy Logs");
                page.line(&format!("#Date: {}", at.iso()));
                page.line(&format!("#Fields: {columns}"));
                page
            };
            into_pages(sheet.sorted(), 1, shelf, path, open, |_, _| {});
        }
    }
}

/// The numbers of a row that nobody reads but that must look right.
struct Numbers {
    request: i64,
    response: i64,
    back: i64,
    overhead: i64,
}

impl Numbers {
    fn by_chance(dice: &mut Dice, it: &Routed<'_>) -> Self {
        let overhead = dice.between(1, 6).min(it.taken);
        let response = it.sent.unwrap_or_else(|| dice.between(90, 18_000));
        Self { request: dice.between(0, 2_400), response, back: it.taken - overhead, overhead }
    }
}

fn value<'a>(column: &str, world: &'a World, at: Moment, it: &Routed<'a>, numbers: &Numbers) -> Cow<'a, str> {
    let proxied = it.back_end_status.is_some();
    let build = world.build_at(at).0;
    let when_proxied = |text: &'a str| Cow::Borrowed(if proxied { text } else { "" });
    let number = |number: i64| Cow::Owned(number.to_string());
    match column {
        "DateTime" => at.iso().into(),
        "RequestId" => it.request_id.into(),
        "MajorVersion" => number(build[0].into()),
        "MinorVersion" => number(build[1].into()),
        "BuildVersion" => number(build[2].into()),
        "RevisionVersion" => number(build[3].into()),
        "Protocol" => it.protocol.name().into(),
        "UrlHost" => it.host.into(),
        "UrlStem" => it.stem.into(),
        "ProtocolAction" => it.action.into(),
        "AuthenticationType" => it.authentication.into(),
        "IsAuthenticated" => if it.user.is_empty() { "false" } else { "true" }.into(),
        "AuthenticatedUser" => it.user.into(),
        "AnchorMailbox" => it.anchor.into(),
        // The writer puts a blank where the agent has a comma (`KHTML  like Gecko`).
        "UserAgent" => it.agent.replace(',', " ").into(),
        "ClientIpAddress" => it.client.into(),
        "ServerHostName" => world.name.as_str().into(),
        "HttpStatus" => number(it.status.into()),
        "BackEndStatus" => it.back_end_status.map_or(Cow::Borrowed(""), |status| status.to_string().into()),
        "ErrorCode" => it.error_code.into(),
        "Method" => it.method.into(),
        "ProxyAction" => when_proxied("Proxy"),
        "TargetServer" if proxied => world.fqdn.to_ascii_lowercase().into(),
        "TargetServerVersion" if proxied => format!("{:02}.{:02}.{:04}.000", build[0], build[1], build[2]).into(),
        "RoutingType" => when_proxied("IntraForest"),
        "RoutingHint" => it.hint.into(),
        "BackEndCookie" => it.back_end_cookie.into(),
        "RequestBytes" => number(numbers.request),
        "ResponseBytes" => number(numbers.response),
        "TargetOutstandingRequests" | "HttpPipelineLatency" | "TotalGlsLatency" | "TotalAccountForestLatency" => "0".into(),
        "TotalResourceForestLatency" | "ADLatency" | "TotalSharedCacheLatency" | "RouteRefresherLatency" => "0".into(),
        "CalculateTargetBackEndLatency" if proxied => number(numbers.overhead / 2),
        "BackendReqInitLatency" | "BackendRespInitLatency" | "ClientRespStreamLatency" if proxied => "0".into(),
        "BackendProcessingLatency" if proxied => number(numbers.back),
        "ActivityContextLifeTime" | "TotalRequestTime" | "RequestHandlerLatency" => number(it.taken),
        "ProxyTime" if proxied => number(numbers.back),
        "CoreLatency" | "RoutingLatency" | "HttpProxyOverhead" => number(numbers.overhead),
        "UrlQuery" if !it.query.is_empty() => format!("?{}", it.query).into(),
        "GenericInfo" => generic_info(world, at, it, numbers).into(),
        "GenericErrors" => it.errors.into(),
        "DatabaseGuid" if it.back_end_cookie.starts_with("Database~") => format!("|RoutingDB:{}", world.database).into(),
        "RoutingStatus" => when_proxied("CafeV1"),
        _ => "".into(),
    }
}

fn generic_info(world: &World, at: Moment, it: &Routed<'_>, numbers: &Numbers) -> String {
    let end = at.iso();
    let begin = (at + -it.taken).iso();
    if it.back_end_status.is_none() {
        let away = if it.status == 302 { "NoCookies=302 - GET/E14AuthPost;" } else { "" };
        return format!("BeginRequest={begin};CorrelationID=<empty>;SharedCacheGuard=0;{away}EndRequest={end};");
    }
    let asked = (at + -numbers.back).iso();
    let version = world.build_at(at).as_number();
    format!(
        "BeginRequest={begin};CorrelationID=<empty>;ProxyState-Run=None;FEAuth=BEVersion-{version};BeginGetResponse={asked};\
         OnResponseReady={end};EndGetResponse={end};ProxyState-Complete=ProxyResponseData;SharedCacheGuard=0;EndRequest={end};"
    )
}

/// RFC 4180.
fn quoted(text: &str) -> Cow<'_, str> {
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")).into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_those_of_the_real_log() {
        let columns = COLUMNS.split(',').collect::<Vec<_>>();
        assert_eq!(columns.len(), 74);
        assert!(NOT_IN_2013.iter().all(|gone| columns.contains(gone)));
    }
}
