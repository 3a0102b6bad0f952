//! The log of web services (`Logging\Ews`; columns of a real log of 15.1.2375, artefacts.help).

use super::exchange_log::{Kind, Log};
use crate::{clock::Moment, dice::Dice, truth::Mark, world::World};

const EWS: Kind = Kind {
    path: r"Logging\Ews\Ews_",
    hourly: true,
    software: "Microsoft Exchange Server",
    version: None,
    log_type: "EWS Logs",
    columns: "DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,Ring,ClientRequestId,AuthenticationType,\
IsAuthenticated,AuthenticatedUser,Organization,UserAgent,VersionInfo,ClientIpAddress,ServerHostName,FrontEndServer,SoapAction,\
HttpStatus,RequestSize,ResponseSize,ErrorCode,ImpersonatedUser,ProxyAsUser,ActAsUser,Cookie,CorrelationGuid,PrimaryOrProxyServer,\
TaskType,RemoteBackendCount,LocalMailboxCount,RemoteMailboxCount,LocalIdCount,RemoteIdCount,BeginBudgetConnections,\
EndBudgetConnections,BeginBudgetHangingConnections,EndBudgetHangingConnections,BeginBudgetAD,EndBudgetAD,BeginBudgetCAS,\
EndBudgetCAS,BeginBudgetRPC,EndBudgetRPC,BeginBudgetFindCount,EndBudgetFindCount,BeginBudgetSubscriptions,\
EndBudgetSubscriptions,MDBResource,MDBHealth,MDBHistoricalLoad,ThrottlingPolicy,ThrottlingDelay,ThrottlingRequestType,\
TotalDCRequestCount,TotalDCRequestLatency,TotalMBXRequestCount,TotalMBXRequestLatency,RecipientLookupLatency,\
ExchangePrincipalLatency,HttpPipelineLatency,CheckAccessCoreLatency,AuthModuleLatency,CallContextInitLatency,PreExecutionLatency,\
CoreExecutionLatency,TotalRequestTime,DetailedExchangePrincipalLatency,ClientStatistics,GenericInfo,AuthenticationErrors,\
GenericErrors,Puid,StartTime,ProcessId,TimeInGC,StartTotalMemory,EndTotalMemory,StartGCCounts,EndGCCounts,\
TokenBasedThrottlingPolicy,BudgetKey,CoinsCharged,CoinsChargedMethod,SidBudgetInfo,AppBudgetInfo,TenantBudgetInfo,\
ResourceAccessed,ResourceHealthBasedThreshold,ThrottledBy,BackoffHint,WorkClassification",
    not_in_2013: &[
        "Ring",
        "StartTime",
        "ProcessId",
        "TimeInGC",
        "StartTotalMemory",
        "EndTotalMemory",
        "StartGCCounts",
        "EndGCCounts",
        "TokenBasedThrottlingPolicy",
        "BudgetKey",
        "CoinsCharged",
        "CoinsChargedMethod",
        "SidBudgetInfo",
        "AppBudgetInfo",
        "TenantBudgetInfo",
        "ResourceAccessed",
        "ResourceHealthBasedThreshold",
        "ThrottledBy",
        "BackoffHint",
        "WorkClassification",
    ],
};

/// One call.
pub(crate) struct MailboxCall<'a> {
    /// Address of the account.
    pub(crate) user: &'a str,
    pub(crate) client: &'a str,
    pub(crate) agent: &'a str,
    /// `SyncFolderItems`, `GetItem` ...
    pub(crate) action: &'a str,
    pub(crate) status: u16,
    /// Bytes sent to the client.
    pub(crate) sent: i64,
    /// Address of the mailbox's owner where the account acts for somebody else.
    pub(crate) impersonated: &'a str,
}

/// The log.
pub(crate) struct Ews(Log);

impl Ews {
    pub(crate) fn new(world: &World) -> Self {
        Self(Log::new(&EWS, world))
    }

    pub(crate) fn push(&mut self, world: &World, dice: &mut Dice, at: Moment, it: &MailboxCall<'_>, mark: Option<Mark>) {
        let build = world.build_at(at).0.map(|part| part.to_string());
        let taken = dice.between(8, 900);
        let (now, started) = (at.iso(), (at + -taken).iso());
        let [request, correlation] = [dice.guid(), dice.guid()];
        let [status, size, sent, taken] =
            [it.status.into(), dice.between(500, 4_000), it.sent, taken].map(|number: i64| number.to_string());
        let statistics = format!("MessageId_0={};ResponseTime_0={taken};SoapAction_0={};", dice.guid(), it.action);
        let values = [
            ("DateTime", now.as_str()),
            ("RequestId", &request),
            ("MajorVersion", &build[0]),
            ("MinorVersion", &build[1]),
            ("BuildVersion", &build[2]),
            ("RevisionVersion", &build[3]),
            ("Ring", "Unknown"),
            ("AuthenticationType", "Negotiate"),
            ("IsAuthenticated", if it.user.is_empty() { "false" } else { "true" }),
            ("AuthenticatedUser", it.user),
            ("Organization", &world.domain),
            ("UserAgent", it.agent),
            ("VersionInfo", "Target=None;Req=Exchange2013/Exchange2013;"),
            ("ClientIpAddress", it.client),
            ("ServerHostName", &world.name),
            ("FrontEndServer", &world.fqdn),
            ("SoapAction", it.action),
            ("HttpStatus", &status),
            ("RequestSize", &size),
            ("ResponseSize", &sent),
            ("ImpersonatedUser", it.impersonated),
            ("CorrelationGuid", &correlation),
            ("PrimaryOrProxyServer", "PrimaryServer"),
            ("TaskType", "LocalTask"),
            ("RemoteBackendCount", "0"),
            ("LocalMailboxCount", "1"),
            ("ThrottlingPolicy", "[C]"),
            ("TotalRequestTime", &taken),
            ("ClientStatistics", &statistics),
            ("GenericInfo", "SKU=Unknown;App_BeginReq_Start=0;RequestHandler=Wcf;BackEndAuthenticator=WindowsAuthenticator;"),
            ("StartTime", &started),
            ("ProcessId", "9716"),
        ];
        self.0.push(at, &values, mark);
    }

    pub(crate) fn shelve(self, world: &World, shelf: &mut crate::sheet::Shelf) {
        self.0.shelve(world, shelf);
    }
}
