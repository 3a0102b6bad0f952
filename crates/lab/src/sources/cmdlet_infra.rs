//! Remote PowerShell (`Rps_Http`) and the cmdlets that ran, by remote shells and by the management shell on the server.
//!
//! Columns of `Rps_Cmdlet` from a real log of 15.1.2375 (artefacts.help), those of `Rps_Http` from CrowdStrike's script for
//! OWASSRF. That the management shell's own log has the same columns and log type is our reading: no file of it was at hand.

use super::exchange_log::{Kind, Log};
use crate::{clock::Moment, dice::Dice, truth::Mark, world::World};

const EXCHANGE: &str = "Microsoft Exchange Server";

const HTTP: Kind = Kind {
    path: r"Logging\CmdletInfra\Powershell-Proxy\Http\Rps_Http_",
    hourly: true,
    software: EXCHANGE,
    version: None,
    log_type: "Rps Http Logs",
    columns: "DateTime,StartTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ClientRequestId,UrlHost,UrlStem,\
AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,ManagedOrganization,ClientIpAddress,ServerHostName,\
FrontEndServer,HttpStatus,SubStatus,ErrorCode,Action,CommandId,CommandName,SessionId,ShellId,FailFast,ContributeToFailFast,\
RequestBytes,ClientInfo,CPU,Memory,ActivityContextLifeTime,TotalTime,UrlQuery,GenericLatency,GenericInfo,GenericErrors",
    not_in_2013: &[],
};

const CMDLET_COLUMNS: &str = "DateTime,StartTime,RequestId,ClientRequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,\
ServerHostName,ProcessId,ProcessName,ThreadId,CultureInfo,Organization,AuthenticatedUser,ExecutingUserSid,EffectiveOrganization,\
UserServicePlan,IsAdmin,ClientApplication,Cmdlet,Parameters,CmdletUniqueId,UserBudgetOnStart,ContributeToFailFast,\
RunspaceSettingsCreationHint,ADViewEntireForest,ADRecipientViewRoot,ADConfigurationDomainControllers,ADPreferredGlobalCatalogs,\
ADPreferredDomainControllers,ADUserConfigurationDomainController,ADUserPreferredGlobalCatalog,ADuserPreferredDomainControllers,\
ThrottlingInfo,DelayInfo,ThrottlingDelay,IsOutputObjectRedacted,CmdletProxyStage,CmdletProxyRemoteServer,\
CmdletProxyRemoteServerVersion,CmdletProxyMethod,ProxiedObjectCount,CmdletProxyLatency,OutputObjectCount,ParameterBinding,\
BeginProcessing,ProcessRecord,EndProcessing,StopProcessing,BizLogic,PowerShellLatency,UserInteractionLatency,\
ProvisioningLayerLatency,ActivityContextLifeTime,TotalTime,ErrorType,ExecutionResult,CacheHitCount,CacheMissCount,GenericLatency,\
GenericInfo,GenericErrors,ObjectGuid,ExternalDirectoryOrganizationId,ExternalDirectoryObjectId,NonPiiParameters";

const REMOTE: Kind = Kind {
    path: r"Logging\CmdletInfra\Powershell-Proxy\Cmdlet\Rps_Cmdlet_",
    hourly: true,
    software: EXCHANGE,
    version: None,
    log_type: "Rps Cmdlet Logs",
    columns: CMDLET_COLUMNS,
    not_in_2013: &["NonPiiParameters", "ExternalDirectoryOrganizationId", "ExternalDirectoryObjectId"],
};

const LOCAL: Kind = Kind { path: r"Logging\CmdletInfra\LocalPowerShell\Cmdlet\LocalPowerShell_Cmdlet_", ..REMOTE };

/// The three logs.
pub(crate) struct CmdletInfra {
    pub(crate) http: Log,
    pub(crate) remote: Log,
    pub(crate) local: Log,
}

/// One call to remote PowerShell, as its back end logs it.
pub(crate) struct RemoteCall<'a> {
    /// `DOMAIN\user`.
    pub(crate) user: &'a str,
    pub(crate) client: &'a str,
    /// The client's user agent.
    pub(crate) client_info: &'a str,
    pub(crate) stem: &'a str,
    /// With its question mark.
    pub(crate) query: &'a str,
    pub(crate) status: u16,
    /// `New-PSSession`, `Receive`, `Command` ...
    pub(crate) action: &'a str,
    /// The cmdlet, where the call runs one.
    pub(crate) command: &'a str,
}

/// A cmdlet that ran in a shell.
pub(crate) struct CmdletRow<'a> {
    pub(crate) name: &'a str,
    pub(crate) parameters: &'a str,
    pub(crate) user: &'a str,
    pub(crate) sid: &'a str,
    pub(crate) application: &'a str,
    /// Empty when it went well.
    pub(crate) error: &'a str,
}

impl CmdletInfra {
    pub(crate) fn new(world: &World) -> Self {
        Self { http: Log::new(&HTTP, world), remote: Log::new(&REMOTE, world), local: Log::new(&LOCAL, world) }
    }

    pub(crate) fn push_call(&mut self, world: &World, dice: &mut Dice, at: Moment, it: &RemoteCall<'_>, mark: Option<Mark>) {
        let build = world.build_at(at).0.map(|part| part.to_string());
        let (now, taken) = (at.iso(), dice.between(4, 400));
        let started = (at + -taken).iso();
        let ids: [String; 4] = std::array::from_fn(|_| dice.guid());
        let [taken, bytes, status] = [taken.to_string(), dice.between(400, 6_000).to_string(), it.status.to_string()];
        let host = format!("{}:444", world.fqdn.to_ascii_lowercase());
        let authenticated = if it.user.is_empty() { "false" } else { "true" };
        let values = [
            ("DateTime", now.as_str()),
            ("StartTime", &started),
            ("RequestId", &ids[0]),
            ("MajorVersion", &build[0]),
            ("MinorVersion", &build[1]),
            ("BuildVersion", &build[2]),
            ("RevisionVersion", &build[3]),
            ("UrlHost", &host),
            ("UrlStem", it.stem),
            ("AuthenticationType", "Kerberos"),
            ("IsAuthenticated", authenticated),
            ("AuthenticatedUser", it.user),
            ("ClientIpAddress", it.client),
            ("ServerHostName", &world.name),
            ("FrontEndServer", &world.fqdn),
            ("HttpStatus", &status),
            ("SubStatus", "0"),
            ("Action", it.action),
            ("CommandId", if it.command.is_empty() { "" } else { &ids[1] }),
            ("CommandName", it.command),
            ("SessionId", &ids[2]),
            ("ShellId", &ids[3]),
            ("RequestBytes", &bytes),
            ("ClientInfo", it.client_info),
            ("ActivityContextLifeTime", &taken),
            ("TotalTime", &taken),
            ("UrlQuery", it.query),
        ];
        self.http.push(at, &values, mark);
    }

    pub(crate) fn push_cmdlet(
        &mut self,
        world: &World,
        dice: &mut Dice,
        at: Moment,
        is_local: bool,
        it: &CmdletRow<'_>,
        mark: Option<Mark>,
    ) {
        let build = world.build_at(at).0.map(|part| part.to_string());
        let (now, taken) = (at.iso(), dice.between(6, 900));
        let started = (at + -taken).iso();
        let ids: [String; 2] = std::array::from_fn(|_| dice.guid());
        let (pid, thread) = (dice.between(3_000, 19_000).to_string(), dice.between(9, 90).to_string());
        let taken = taken.to_string();
        let info = format!("PSSenderInfo={}\\{};ADServerSettingsInEnd=ADViewEntireForest:False;", world.netbios, it.user);
        let values = [
            ("DateTime", now.as_str()),
            ("StartTime", &started),
            ("RequestId", &ids[0]),
            ("MajorVersion", &build[0]),
            ("MinorVersion", &build[1]),
            ("BuildVersion", &build[2]),
            ("RevisionVersion", &build[3]),
            ("ServerHostName", &world.name),
            ("ProcessId", &pid),
            ("ProcessName", if is_local { "powershell" } else { "w3wp#MSExchangePowerShellAppPool" }),
            ("ThreadId", &thread),
            ("AuthenticatedUser", it.user),
            ("ExecutingUserSid", it.sid),
            ("IsAdmin", "False"),
            ("ClientApplication", it.application),
            ("Cmdlet", it.name),
            ("Parameters", it.parameters),
            ("CmdletUniqueId", &ids[1]),
            ("RunspaceSettingsCreationHint", "GCRandomly"),
            ("ADViewEntireForest", "False"),
            ("ADRecipientViewRoot", &world.domain),
            ("ADConfigurationDomainControllers", &world.controller),
            ("ADPreferredGlobalCatalogs", &world.controller),
            ("ADPreferredDomainControllers", &world.controller),
            ("ActivityContextLifeTime", &taken),
            ("TotalTime", &taken),
            ("ErrorType", if it.error.is_empty() { "" } else { "ClientError" }),
            ("ExecutionResult", if it.error.is_empty() { "Success" } else { "Error" }),
            ("GenericInfo", &info),
            ("GenericErrors", it.error),
            ("NonPiiParameters", it.parameters),
        ];
        let log = if is_local { &mut self.local } else { &mut self.remote };
        log.push(at, &values, mark);
    }
}
