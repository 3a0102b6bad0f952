//! Events of Exchange and IIS: they have a text and no named data.

use super::{Event, Provider};

const fn application(source: &'static str) -> Provider {
    Provider { source, guid: None, channel: "Application", keywords: "0x80000000000000" }
}

const CMDLETS: Provider =
    Provider { source: "MSExchange CmdletLogs", guid: None, channel: "MSExchange Management", keywords: "0x80000000000000" };
const CONTROL_PANEL: Provider = application("MSExchange Control Panel");
const FRONT_END: Provider = application("MSExchange Front End HTTP Proxy");
const STORAGE: Provider = application("MSExchange Mid-Tier Storage");
const UNIFIED_MESSAGING: Provider = application("MSExchange Unified Messaging");
const IIS_WORKER: Provider = application("Microsoft-Windows-IIS-W3SVC-WP");
const INSTALLER: Provider = application("MsiInstaller");
const ASP_NET: Provider = application("ASP.NET 4.0.30319.0");
const REPLICATION: Provider = application("MSExchange Mailbox Replication");

/// A cmdlet that went well; the slip in the sentence is the product's.
pub(crate) fn cmdlet(name: &str, parameters: &str) -> Event {
    plain(&CMDLETS, 1, 4, 1, format!("Cmdlet suceeded. Cmdlet {name}, parameters {parameters}."))
}

/// A cmdlet that failed.
pub(crate) fn cmdlet_failed(name: &str, parameters: &str) -> Event {
    plain(&CMDLETS, 6, 2, 1, format!("Cmdlet failed. Cmdlet {name}, parameters {parameters}."))
}

/// A cmdlet that broke.
pub(crate) fn cmdlet_broke(name: &str, exception: &str) -> Event {
    plain(&CMDLETS, 8, 2, 1, format!("(PID 11500, Thread 41) Task {name} throwing unhandled exception: {exception}."))
}

/// A page of the control panel failed.
pub(crate) fn panel_error(user: &str, url: &str, exception: &str) -> Event {
    let message = format!(
        "Current user: '{user}'\r\nRequest for URL '{url}' failed with the following error:\r\n\
         System.Web.HttpUnhandledException (0x80004005): Exception of type 'System.Web.HttpUnhandledException' was thrown. \
         ---> {exception}\r\n   at System.Web.UI.Page.HandleError(Exception e)\r\n   at \
         System.Web.UI.Page.ProcessRequest(HttpContext context)\r\n"
    );
    plain(&CONTROL_PANEL, 4, 2, 1, message)
}

/// An asynchronous call of the control panel began (47) or ended (48).
pub(crate) fn panel_call(id: u32, sid: &str, thread: i64) -> Event {
    let did = if id == 47 { "started an Async web request in the thread" } else { "finished an Async web request in the thread" };
    let message = format!("Current User: '{sid}'\r\nExchange Control Panel {did} {thread}.\r\nCommand: 'SetObject'");
    plain(&CONTROL_PANEL, id, 4, 1, message)
}

/// An application of the front end stopped (1002) or started (1001).
pub(crate) fn front_end(id: u32, application: &str) -> Event {
    let did = if id == 1001 { "starting" } else { "shutting down" };
    plain(&FRONT_END, id, 4, 1, format!("[{application}] Application {did}."))
}

pub(crate) fn topology(pid: i64, thread: i64) -> Event {
    let message = format!(
        "[Process:w3wp PID:{pid} Thread:{thread}] Successfully populated ServiceTopology. Reason to populate ServiceTopology = \
         CacheNotPresent"
    );
    plain(&STORAGE, 9000, 4, 9, message)
}

/// The service of unified messaging; the error's number is our reading, Microsoft names only source, kind and text.
pub(crate) fn unified_messaging(level: u8, message: &str) -> Event {
    plain(&UNIFIED_MESSAGING, if level == 2 { 1082 } else { 1361 }, level, 1, message.to_owned())
}

/// A pool could not start its applications: comes in bursts when a directory is made anew, and after updates.
pub(crate) fn auto_start_failed(pool: &str) -> Event {
    let message = format!(
        "There was an error during processing of the managed application service auto-start for application pool: '{pool}'.  Some \
         application services may not have been processed correctly.  Please check the configuration for application service \
         auto-start for the application(s) assigned to this application pool.  The data field contains the error code."
    );
    plain(&IIS_WORKER, 2303, 3, 0, message)
}

pub(crate) fn installed(product: &str) -> Event {
    plain(
        &INSTALLER,
        1033,
        4,
        0,
        format!("Windows Installer installed the product. Product Name: {product}. Installation success or error status: 0."),
    )
}

/// A library of the web server could not be loaded as a module.
pub(crate) fn module_failed(image: &str) -> Event {
    plain(&IIS_WORKER, 2282, 2, 0, format!("The Module DLL '{image}' could not be loaded due to a configuration problem."))
}

/// A page's view state failed its check (event code 4009); `state` is what was sent.
pub(crate) fn view_state_failed(path: &str, client: &str, state: &str) -> Event {
    let message = format!(
        "Event code: 4009 \r\nEvent message: Viewstate verification failed. Reason: The viewstate supplied failed integrity check. \r\n\
         Event detail code: 50203 \r\n\r\nRequest information: \r\n    Request path: {path} \r\n    User host address: {client} \r\n    \
         Is authenticated: True \r\n\r\nViewStateException information: \r\n    Exception message: Invalid viewstate. \r\n\t\
         Client IP: {client}\r\n\tPersistedState: {state}\r\n"
    );
    plain(&ASP_NET, 1316, 3, 3, message)
}

/// The mailbox replication service on one of its jobs.
pub(crate) fn replication(id: u32, message: &str) -> Event {
    plain(&REPLICATION, id, if id == 1100 { 3 } else { 4 }, 1, message.to_owned())
}

fn plain(provider: &'static Provider, id: u32, level: u8, task: u32, message: String) -> Event {
    Event { provider, id, level, task, message, data: Vec::new() }
}
