//! What a server holds: settings, registry, tasks, services, accounts, file system entries; and what its antivirus said.

use std::borrow::Cow;

use super::ServedFile;
use crate::Timestamp;

/// One element of a configuration file (`applicationHost.config`, `web.config`, `agents.config`). Its attributes are the
/// record's own fields, under their own names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Setting<'a> {
    /// Path of the elements above it, without the root (`system.webServer/modules`, `system.applicationHost/sites/site`).
    pub section: Cow<'a, str>,
    /// The element (`add`, `remove`, `clear`, `virtualDirectory`, `rule`, `machineKey`, `httpLogging` ...).
    pub element: Cow<'a, str>,
    /// The `location path` or the site and application that it stands in (`Default Web Site/owa`); empty for the whole server
    /// or, in a `web.config`, for the folder of the file.
    pub location: Cow<'a, str>,
}

/// A value of an offline registry hive. The record's time is the last write of its key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegistryValue<'a> {
    /// The key as a live server names it (`HKLM\SOFTWARE\Microsoft\...`), whatever the hive's file is called.
    pub key: Cow<'a, str>,
    /// Name of the value; empty for the default value, or when the record tells of the key only.
    pub name: Cow<'a, str>,
    /// The data as text; binary data as hex, shortened.
    pub data: Cow<'a, str>,
}

/// A scheduled task, as its file or an event tells it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScheduledTask<'a> {
    /// Its path (`\Microsoft\Windows\...\name`).
    pub name: Cow<'a, str>,
    /// Program that it starts; empty when it starts none (a COM handler).
    pub command: Cow<'a, str>,
    /// Arguments.
    pub arguments: Cow<'a, str>,
    /// Author as written, which anybody can write.
    pub author: Cow<'a, str>,
    /// Account it runs as.
    pub user: Cow<'a, str>,
}

/// A service was installed (System 7045, Security 4697).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceInstalled<'a> {
    /// Name.
    pub name: Cow<'a, str>,
    /// Program and arguments.
    pub command: Cow<'a, str>,
    /// Account it runs as.
    pub account: Cow<'a, str>,
    /// Who installed it; empty when the source does not say.
    pub user: Cow<'a, str>,
}

/// An account or a group was changed (Security 4720, 4722, 4724, 4728, 4732, 4756 ...). Which change it was is the event's
/// number, in the record's own fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountChange<'a> {
    /// The account that was created, changed or put into a group.
    pub account: Cow<'a, str>,
    /// The group; empty when none.
    pub group: Cow<'a, str>,
    /// Who did it.
    pub by: Cow<'a, str>,
}

/// A script block that PowerShell ran (4104).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScriptBlock<'a> {
    /// The text, or the part of it that this event has.
    pub text: Cow<'a, str>,
    /// The file it came from; empty when typed.
    pub path: Cow<'a, str>,
}

/// The antivirus found or removed something (Defender's events, MPLog, DetectionHistory).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AntivirusFinding<'a> {
    /// Name of the threat.
    pub threat: Cow<'a, str>,
    /// Path of the file; empty when what was found is no file.
    pub path: Cow<'a, str>,
    /// Process that touched it; empty when not told.
    pub process: Cow<'a, str>,
    /// What was done, in the source's words; empty when not told.
    pub action: Cow<'a, str>,
}

/// A file's entry in the NTFS master file table. The record's time is [`FileEntry::name_created`], the hardest to forge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileEntry<'a> {
    /// Path with the volume's drive letter when known, else from `\`.
    pub path: Cow<'a, str>,
    /// Size in bytes.
    pub size: u64,
    /// The entry is not in use: the file was deleted.
    pub deleted: bool,
    /// Created, by `$STANDARD_INFORMATION`, which programs can set.
    pub created: Option<Timestamp>,
    /// Last written, by `$STANDARD_INFORMATION`.
    pub modified: Option<Timestamp>,
    /// Created, by `$FILE_NAME`, which only the kernel writes.
    pub name_created: Option<Timestamp>,
    /// A script that is small enough to lie in the entry itself, read like a served file.
    pub script: Option<Box<ServedFile<'a>>>,
}

/// A request that HTTP.sys itself refused or lost, or an application pool that failed (HTTPERR).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HttpError<'a> {
    /// Method; empty when none was read.
    pub method: Cow<'a, str>,
    /// Path and query as logged.
    pub url: Cow<'a, str>,
    /// Client address.
    pub client: Cow<'a, str>,
    /// Status given; 0 when none.
    pub status: u16,
    /// `s-reason` (`AppOffline`, `Connection_Abandoned_By_ReqQueue`, `BadRequest` ...).
    pub reason: Cow<'a, str>,
    /// `s-queuename`: the application pool, or the queue of another program.
    pub queue: Cow<'a, str>,
}
