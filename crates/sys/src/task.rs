//! Tasks of Windows' task scheduler: whether one is switched on, and switching it.
//!
//! The scheduler itself is asked (the interfaces that Windows has since Vista): it keeps a task in its file, in the registry and in
//! memory, and only its own calls change all three.

use std::io;

use windows::Win32::Foundation::{ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, VARIANT_BOOL};
use windows::Win32::System::Com::{CLSCTX_INPROC_SERVER, COINIT_MULTITHREADED, CoCreateInstance, CoInitializeEx, CoUninitialize};
use windows::Win32::System::TaskScheduler::{IRegisteredTask, ITaskService, TaskScheduler};
use windows::Win32::System::Variant::VARIANT;
use windows::core::{BSTR, Error, HRESULT};

use crate::registry;

/// A task as the scheduler has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Whether it may run.
    pub enabled: bool,
    /// Its definition, XML.
    pub xml: String,
}

/// A task by its name with its folders (`\Microsoft\Windows\name`); `None` when there is none.
///
/// # Errors
/// What the system says.
pub fn task(path: &str) -> io::Result<Option<Task>> {
    let _com = Com::enter()?;
    let Some(task) = open(path)? else { return Ok(None) };
    // SAFETY: the task is held.
    let enabled = unsafe { task.Enabled() }.map_err(of)?.as_bool();
    // SAFETY: as before.
    let xml = unsafe { task.Xml() }.map_err(of)?.to_string();
    Ok(Some(Task { enabled, xml }))
}

/// Switches a task on or off; what it is stays as it is. Waits until that is on the medium.
///
/// # Errors
/// What the system says; `NotFound` when there is no such task.
pub fn enable(path: &str, enabled: bool) -> io::Result<()> {
    let _com = Com::enter()?;
    let task = open(path)?.ok_or(io::ErrorKind::NotFound)?;
    // SAFETY: the task is held.
    unsafe { task.SetEnabled(VARIANT_BOOL::from(enabled)) }.map_err(of)?;
    registry::flush(registry::Root::LocalMachine, r"SOFTWARE\Microsoft\Windows NT\CurrentVersion")
}

/// Ends what a task has running.
///
/// # Errors
/// What the system says; `NotFound` when there is no such task.
pub fn stop(path: &str) -> io::Result<()> {
    let _com = Com::enter()?;
    let task = open(path)?.ok_or(io::ErrorKind::NotFound)?;
    // SAFETY: the task is held; the number is reserved.
    unsafe { task.Stop(0) }.map_err(of)
}

fn open(path: &str) -> io::Result<Option<IRegisteredTask>> {
    // SAFETY: COM was entered by the caller, for as long as the interface lives.
    let service: ITaskService = unsafe { CoCreateInstance(&TaskScheduler, None, CLSCTX_INPROC_SERVER) }.map_err(of)?;
    let nobody = VARIANT::default();
    // SAFETY: empty values mean this computer and this user.
    unsafe { service.Connect(&nobody, &nobody, &nobody, &nobody) }.map_err(of)?;
    // SAFETY: the service is connected.
    let root = unsafe { service.GetFolder(&BSTR::from("\\")) }.map_err(of)?;
    // SAFETY: the folder is held.
    match unsafe { root.GetTask(&BSTR::from(path)) } {
        Ok(task) => Ok(Some(task)),
        Err(error) if [ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND].map(HRESULT::from).contains(&error.code()) => Ok(None),
        Err(error) => Err(of(error)),
    }
}

/// COM, entered by this thread until it is dropped.
struct Com;

impl Com {
    fn enter() -> io::Result<Self> {
        // SAFETY: each entry that succeeds is left once, in `drop`.
        unsafe { CoInitializeEx(None, COINIT_MULTITHREADED) }.ok().map_err(of)?;
        Ok(Self)
    }
}

impl Drop for Com {
    fn drop(&mut self) {
        // SAFETY: this thread entered, and holds no interface any more: they were dropped before.
        unsafe { CoUninitialize() };
    }
}

fn of(error: Error) -> io::Error {
    // An error of Windows itself inside the code keeps its number, by which its text is found.
    const FROM_WINDOWS: i32 = 0x8007_0000_u32.cast_signed();
    let code = error.code().0;
    if code & FROM_WINDOWS == FROM_WINDOWS {
        io::Error::from_raw_os_error(code & 0xFFFF)
    } else {
        io::Error::other(error.message())
    }
}
