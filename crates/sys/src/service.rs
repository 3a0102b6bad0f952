//! The services of the running Windows: what they are, when they start, and stopping one.

use std::io;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{ERROR_MORE_DATA, ERROR_SERVICE_DOES_NOT_EXIST, ERROR_SERVICE_NOT_ACTIVE};
use windows_sys::Win32::System::Services::{
    ChangeServiceConfigW, CloseServiceHandle, ControlService, ENUM_SERVICE_STATUS_PROCESSW, EnumServicesStatusExW,
    OpenSCManagerW, OpenServiceW, QUERY_SERVICE_CONFIGW, QueryServiceConfigW, SC_ENUM_PROCESS_INFO, SC_HANDLE,
    SC_MANAGER_CONNECT, SC_MANAGER_ENUMERATE_SERVICE, SERVICE_AUTO_START, SERVICE_BOOT_START, SERVICE_CHANGE_CONFIG,
    SERVICE_CONTROL_STOP, SERVICE_DEMAND_START, SERVICE_DISABLED, SERVICE_NO_CHANGE, SERVICE_QUERY_CONFIG, SERVICE_RUNNING,
    SERVICE_STATE_ALL, SERVICE_STATUS, SERVICE_STOP, SERVICE_SYSTEM_START, SERVICE_WIN32,
};

use crate::wide;

/// The largest answers that Windows gives: documented as 256 and 8 kilobytes.
const LIST: usize = 256 << 10;
const CONFIGURATION: usize = 8 << 10;

/// A service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// What users see.
    pub title: String,
    /// Whether it runs now.
    pub running: bool,
    /// The process that it runs in; 0 when it does not run.
    pub process: u32,
    /// When it starts, as far as we may know.
    pub start: Option<Start>,
    /// Its command line, as far as we may know.
    pub command_line: Option<String>,
    /// The account that it runs under, as far as we may know.
    pub account: Option<String>,
}

/// When a service starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// By the loader, before Windows: a driver.
    Boot,
    /// As Windows starts: a driver.
    System,
    /// With Windows.
    Automatic,
    /// When somebody asks for it.
    Manual,
    /// Never.
    Disabled,
}

/// All services that are no drivers, by name.
///
/// # Errors
/// What the system says.
pub fn services() -> io::Result<Vec<Service>> {
    let access = SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE;
    // SAFETY: null means this computer and its own list.
    let manager = Handle::of(unsafe { OpenSCManagerW(null(), null(), access) })?;
    let mut all = Vec::new();
    let (mut buffer, mut resume) = (vec![0_u64; LIST / 8], 0);
    loop {
        let (mut needed, mut count) = (0, 0);
        let (into, size) = (buffer.as_mut_ptr().cast(), u32::try_from(LIST).unwrap_or(0));
        let (kind, state) = (SERVICE_WIN32, SERVICE_STATE_ALL);
        let (needed, count_at, resume_at) = (&raw mut needed, &raw mut count, &raw mut resume);
        // SAFETY: the buffer has so many bytes, and is aligned for the structures.
        let told = unsafe {
            EnumServicesStatusExW(manager.0, SC_ENUM_PROCESS_INFO, kind, state, into, size, needed, count_at, resume_at, null())
        };
        let error = io::Error::last_os_error();
        let more = told == 0 && is(&error, ERROR_MORE_DATA);
        if told == 0 && !more {
            return Err(error);
        }
        for index in 0..usize::try_from(count).unwrap_or(0) {
            let entry = buffer.as_ptr().cast::<ENUM_SERVICE_STATUS_PROCESSW>().wrapping_add(index);
            // SAFETY: Windows filled in so many structures, whose texts lie in the same buffer, which nothing has changed.
            all.extend(unsafe { read(&manager, entry) });
        }
        if !more || count == 0 {
            break;
        }
    }
    all.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// # Safety
/// The entry was filled in by Windows, and its texts are where they were.
unsafe fn read(manager: &Handle, entry: *const ENUM_SERVICE_STATUS_PROCESSW) -> Option<Service> {
    // SAFETY: the caller promises it.
    let entry = unsafe { &*entry };
    // SAFETY: the caller promises it.
    let name = unsafe { wide::at(entry.lpServiceName) }?;
    // SAFETY: the caller promises it.
    let title = unsafe { wide::at(entry.lpDisplayName) }.unwrap_or_default();
    let status = entry.ServiceStatusProcess;
    let running = status.dwCurrentState == SERVICE_RUNNING;
    let mut service =
        Service { name, title, running, process: status.dwProcessId, start: None, command_line: None, account: None };
    configuration(manager, &mut service);
    Some(service)
}

fn configuration(manager: &Handle, service: &mut Service) {
    let Ok(name) = wide::with_nul(&service.name) else { return };
    // SAFETY: the name ends with NUL, and the manager is open.
    let Ok(opened) = Handle::of(unsafe { OpenServiceW(manager.0, name.as_ptr(), SERVICE_QUERY_CONFIG) }) else { return };
    let Ok(found) = read_configuration(&opened) else { return };
    (service.start, service.command_line, service.account) = (found.start, found.command_line, found.account);
}

fn read_configuration(opened: &Handle) -> io::Result<Configuration> {
    let mut buffer = vec![0_u64; CONFIGURATION / 8];
    let (mut needed, size) = (0, u32::try_from(CONFIGURATION).unwrap_or(0));
    let into = buffer.as_mut_ptr().cast::<QUERY_SERVICE_CONFIGW>();
    // SAFETY: the buffer has so many bytes, and is aligned for the structure.
    if unsafe { QueryServiceConfigW(opened.0, into, size, &raw mut needed) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: Windows has just filled it in.
    let filled = unsafe { &*into };
    let start = match filled.dwStartType {
        SERVICE_BOOT_START => Some(Start::Boot),
        SERVICE_SYSTEM_START => Some(Start::System),
        SERVICE_AUTO_START => Some(Start::Automatic),
        SERVICE_DEMAND_START => Some(Start::Manual),
        SERVICE_DISABLED => Some(Start::Disabled),
        _ => None,
    };
    // SAFETY: its texts lie in the same buffer.
    let command_line = unsafe { wide::at(filled.lpBinaryPathName) };
    // SAFETY: its texts lie in the same buffer.
    let account = unsafe { wide::at(filled.lpServiceStartName) };
    Ok(Configuration { start, command_line, account })
}

/// When a service or driver starts; `None` when there is none of that name.
///
/// # Errors
/// What the system says.
pub fn start(name: &str) -> io::Result<Option<Start>> {
    let Some((_manager, opened)) = open(name, SERVICE_QUERY_CONFIG)? else { return Ok(None) };
    Ok(Some(read_configuration(&opened)?.start.ok_or_else(|| io::Error::other("Windows names a start that is not known"))?))
}

/// The command line of a service; `None` when there is no service of that name.
///
/// # Errors
/// What the system says.
pub fn command_line(name: &str) -> io::Result<Option<String>> {
    let Some((_manager, opened)) = open(name, SERVICE_QUERY_CONFIG)? else { return Ok(None) };
    Ok(Some(read_configuration(&opened)?.command_line.unwrap_or_default()))
}

/// Says when a service shall start from now on; everything else about it stays as it is, and so does whether it runs. Waits until
/// that is on the medium.
///
/// # Errors
/// What the system says; `NotFound` when there is no service of that name.
pub fn set_start(name: &str, start: Start) -> io::Result<()> {
    let (_manager, opened) = open(name, SERVICE_CHANGE_CONFIG)?.ok_or(io::ErrorKind::NotFound)?;
    let start = match start {
        Start::Boot => SERVICE_BOOT_START,
        Start::System => SERVICE_SYSTEM_START,
        Start::Automatic => SERVICE_AUTO_START,
        Start::Manual => SERVICE_DEMAND_START,
        Start::Disabled => SERVICE_DISABLED,
    };
    let same = SERVICE_NO_CHANGE;
    // SAFETY: the service is open, and null means "as it is".
    let done =
        unsafe { ChangeServiceConfigW(opened.0, same, start, same, null(), null(), null_mut(), null(), null(), null(), null()) };
    if done == 0 {
        return Err(io::Error::last_os_error());
    }
    crate::registry::flush(crate::registry::Root::LocalMachine, r"SYSTEM\CurrentControlSet\Services")
}

/// Asks a service to stop, and does not wait for it. `false` when it does not run.
///
/// # Errors
/// What the system says; `NotFound` when there is no service of that name.
pub fn stop(name: &str) -> io::Result<bool> {
    let (_manager, opened) = open(name, SERVICE_STOP)?.ok_or(io::ErrorKind::NotFound)?;
    let mut status = SERVICE_STATUS::default();
    // SAFETY: the service is open, and the status has room.
    if unsafe { ControlService(opened.0, SERVICE_CONTROL_STOP, &raw mut status) } != 0 {
        return Ok(true);
    }
    let error = io::Error::last_os_error();
    if is(&error, ERROR_SERVICE_NOT_ACTIVE) { Ok(false) } else { Err(error) }
}

/// A service by its name, and the list that it stands in.
fn open(name: &str, access: u32) -> io::Result<Option<(Handle, Handle)>> {
    let name = wide::with_nul(name)?;
    // SAFETY: null means this computer and its own list.
    let manager = Handle::of(unsafe { OpenSCManagerW(null(), null(), SC_MANAGER_CONNECT) })?;
    // SAFETY: the name ends with NUL, and the manager is open.
    match Handle::of(unsafe { OpenServiceW(manager.0, name.as_ptr(), access) }) {
        Ok(opened) => Ok(Some((manager, opened))),
        Err(error) if is(&error, ERROR_SERVICE_DOES_NOT_EXIST) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is(error: &io::Error, code: u32) -> bool {
    error.raw_os_error().and_then(|code| u32::try_from(code).ok()) == Some(code)
}

/// What Windows knows of how a service is run.
struct Configuration {
    start: Option<Start>,
    command_line: Option<String>,
    account: Option<String>,
}

struct Handle(SC_HANDLE);

impl Handle {
    fn of(handle: SC_HANDLE) -> io::Result<Self> {
        if handle == null_mut() { Err(io::Error::last_os_error()) } else { Ok(Self(handle)) }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: it is open, and nobody uses it any more.
        unsafe { CloseServiceHandle(self.0) };
    }
}
