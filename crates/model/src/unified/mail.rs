//! What was done with mail: by remote shells, by web services, by transport.

use std::borrow::Cow;

/// A call to remote PowerShell, as the back end logs it (`Rps_Http`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteShell<'a> {
    /// Who is logged on; empty when nobody.
    pub user: Cow<'a, str>,
    /// Client address; the front end may have put its own behind it.
    pub client: Cow<'a, str>,
    /// `ClientInfo`, the client's user agent. Empty, `Microsoft WinRM Client` and `Exchange BackEnd Probes` are the usual ones.
    pub client_info: Cow<'a, str>,
    /// `UrlStem`.
    pub stem: Cow<'a, str>,
    /// `UrlQuery`.
    pub query: Cow<'a, str>,
    /// Status of the answer; 0 when not logged.
    pub status: u16,
    /// `CommandName`; empty when the call is none.
    pub command: Cow<'a, str>,
}

/// Somebody worked in a mailbox through web services (EWS).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MailboxAccess<'a> {
    /// `SoapAction` (`SyncFolderItems`, `GetItem`, `UpdateInboxRules`, `InstallApp` ...).
    pub action: Cow<'a, str>,
    /// Who is logged on.
    pub user: Cow<'a, str>,
    /// Whose mailbox, where the log names it (the impersonated user or the mailbox addressed); empty otherwise.
    pub mailbox: Cow<'a, str>,
    /// Client address.
    pub client: Cow<'a, str>,
    /// User agent.
    pub user_agent: Cow<'a, str>,
    /// Status of the answer; 0 when not logged.
    pub status: u16,
    /// Bytes sent to the client, if logged.
    pub bytes_out: Option<u64>,
}

/// A mail passed transport (message tracking).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MailPassed<'a> {
    /// `event-id` (`RECEIVE`, `DELIVER`, `SEND`, `SUBMIT` ...).
    pub event: Cow<'a, str>,
    /// `source` (`SMTP`, `STOREDRIVER`, `AGENT` ...).
    pub source: Cow<'a, str>,
    /// Sender's address.
    pub sender: Cow<'a, str>,
    /// Recipients, as the log separates them (`;`).
    pub recipients: Cow<'a, str>,
    /// Subject.
    pub subject: Cow<'a, str>,
    /// Address of the client that submitted it, the original one where the log has it.
    pub client: Cow<'a, str>,
    /// `message-id`.
    pub message_id: Cow<'a, str>,
    /// Size of the mail in bytes, if logged.
    pub bytes: Option<u64>,
}
