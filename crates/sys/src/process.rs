//! The processes that run now.

use std::io;

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub id: u32,
    /// The number of the one that started it, which may have ended since and its number been given to another.
    pub parent: u32,
    /// Name of its program file.
    pub name: String,
    /// Path of its program file, as far as we may know.
    pub program: Option<String>,
    /// Its command line, as far as we may know (Windows tells since 8.1 and Server 2012 R2).
    pub command_line: Option<String>,
}

/// All processes, by number. What may not be asked of one is left out of it.
///
/// # Errors
/// What the system says.
pub fn processes() -> io::Result<Vec<Process>> {
    #[cfg(windows)]
    let mut all = windows::processes()?;
    #[cfg(target_os = "linux")]
    let mut all = linux::processes()?;
    #[cfg(not(any(windows, target_os = "linux")))]
    let mut all: Vec<Process> = Err(io::Error::from(io::ErrorKind::Unsupported))?;
    all.sort_unstable_by_key(|process| process.id);
    Ok(all)
}

/// Paths of the libraries that a process has loaded, its program first.
///
/// # Errors
/// What the system says; for a process of somebody else's it wants an administrator.
#[cfg(windows)]
pub fn modules(process: u32) -> io::Result<Vec<String>> {
    windows::modules(process)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io;
    use std::path::Path;

    use super::Process;

    pub(super) fn processes() -> io::Result<Vec<Process>> {
        let mut all = Vec::new();
        for entry in fs::read_dir("/proc")? {
            let entry = entry?;
            let id = entry.file_name().to_str().and_then(|name| name.parse().ok());
            // It may have ended meanwhile.
            all.extend(id.and_then(|id| process(id, &entry.path())));
        }
        Ok(all)
    }

    fn process(id: u32, folder: &Path) -> Option<Process> {
        // `number (name) state parent ...`; the name may hold blanks and brackets.
        let stat = fs::read_to_string(folder.join("stat")).ok()?;
        let (head, rest) = stat.rsplit_once(')')?;
        let name = head.split_once('(')?.1.to_owned();
        let parent = rest.split_whitespace().nth(1)?.parse().ok()?;
        let program = fs::read_link(folder.join("exe")).ok().map(|path| path.to_string_lossy().into_owned());
        let command_line = fs::read(folder.join("cmdline")).ok().filter(|bytes| !bytes.is_empty()).map(|bytes| {
            let parts = bytes.split(|byte| *byte == 0).map(String::from_utf8_lossy);
            parts.collect::<Vec<_>>().join(" ").trim_end().to_owned()
        });
        Some(Process { id, parent, name, program, command_line })
    }
}

#[cfg(windows)]
mod windows {
    use std::io;
    use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};

    use windows_sys::Wdk::System::Threading::{NtQueryInformationProcess, ProcessCommandLineInformation};
    use windows_sys::Win32::Foundation::{ERROR_BAD_LENGTH, INVALID_HANDLE_VALUE};
    use windows_sys::Win32::System::Diagnostics::ToolHelp::{
        CREATE_TOOLHELP_SNAPSHOT_FLAGS, CreateToolhelp32Snapshot, MODULEENTRY32W, Module32FirstW, Module32NextW, PROCESSENTRY32W,
        Process32FirstW, Process32NextW, TH32CS_SNAPMODULE, TH32CS_SNAPMODULE32, TH32CS_SNAPPROCESS,
    };
    use windows_sys::Win32::System::Threading::{
        OpenProcess, PROCESS_NAME_WIN32, PROCESS_QUERY_LIMITED_INFORMATION, QueryFullProcessImageNameW,
    };

    use super::Process;
    use crate::wide;

    /// Longest path and command line that Windows has, in units, with the structure before it.
    const LONGEST: usize = 33 << 10;

    /// Tries to list the libraries of a process that loads some meanwhile.
    const TRIES: usize = 8;

    fn snapshot(of: CREATE_TOOLHELP_SNAPSHOT_FLAGS, process: u32) -> io::Result<OwnedHandle> {
        // SAFETY: takes and gives numbers only.
        let snapshot = unsafe { CreateToolhelp32Snapshot(of, process) };
        if snapshot == INVALID_HANDLE_VALUE {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: it was just opened and belongs to nobody else.
        Ok(unsafe { OwnedHandle::from_raw_handle(snapshot) })
    }

    pub(super) fn modules(process: u32) -> io::Result<Vec<String>> {
        let is_at_it = |error: &io::Error| error.raw_os_error().and_then(|code| code.try_into().ok()) == Some(ERROR_BAD_LENGTH);
        let mut listed = (0..TRIES).map(|_| snapshot(TH32CS_SNAPMODULE | TH32CS_SNAPMODULE32, process));
        let snapshot = listed.find(|it| !it.as_ref().is_err_and(is_at_it)).unwrap_or(Err(io::ErrorKind::ResourceBusy.into()))?;
        // SAFETY: a structure of numbers and pointers, for which zeros are values.
        let mut entry: MODULEENTRY32W = unsafe { std::mem::zeroed() };
        entry.dwSize = u32::try_from(size_of::<MODULEENTRY32W>()).unwrap_or(0);
        let mut all = Vec::new();
        // SAFETY: the structure says how long it is.
        let mut more = unsafe { Module32FirstW(snapshot.as_raw_handle(), &raw mut entry) };
        while more != 0 {
            all.push(wide::until_nul(&entry.szExePath));
            // SAFETY: as above.
            more = unsafe { Module32NextW(snapshot.as_raw_handle(), &raw mut entry) };
        }
        Ok(all)
    }

    pub(super) fn processes() -> io::Result<Vec<Process>> {
        let snapshot = snapshot(TH32CS_SNAPPROCESS, 0)?;
        // SAFETY: a structure of numbers, for which zeros are values.
        let mut entry: PROCESSENTRY32W = unsafe { std::mem::zeroed() };
        entry.dwSize = u32::try_from(size_of::<PROCESSENTRY32W>()).unwrap_or(0);
        let mut all = Vec::new();
        // SAFETY: the structure says how long it is.
        let mut more = unsafe { Process32FirstW(snapshot.as_raw_handle(), &raw mut entry) };
        while more != 0 {
            let (program, command_line) = details(entry.th32ProcessID);
            all.push(Process {
                id: entry.th32ProcessID,
                parent: entry.th32ParentProcessID,
                name: wide::until_nul(&entry.szExeFile),
                program,
                command_line,
            });
            // SAFETY: as above.
            more = unsafe { Process32NextW(snapshot.as_raw_handle(), &raw mut entry) };
        }
        Ok(all)
    }

    fn details(id: u32) -> (Option<String>, Option<String>) {
        // SAFETY: takes and gives numbers only.
        let process = unsafe { OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, id) };
        if process.is_null() {
            return (None, None);
        }
        // SAFETY: it was just opened and belongs to nobody else.
        let process = unsafe { OwnedHandle::from_raw_handle(process) };
        (program(&process), command_line(&process))
    }

    fn program(process: &OwnedHandle) -> Option<String> {
        let mut buffer = vec![0_u16; LONGEST];
        let mut length = u32::try_from(buffer.len()).ok()?;
        let handle = process.as_raw_handle();
        // SAFETY: the buffer has so many units.
        let told = unsafe { QueryFullProcessImageNameW(handle, PROCESS_NAME_WIN32, buffer.as_mut_ptr(), &raw mut length) };
        (told != 0).then(|| wide::until_nul(&buffer))
    }

    fn command_line(process: &OwnedHandle) -> Option<String> {
        // As `u64`, because it begins with a structure that holds a pointer.
        let mut buffer = vec![0_u64; LONGEST / 4];
        let size = u32::try_from(buffer.len() * 8).ok()?;
        let mut length = 0;
        let handle = process.as_raw_handle();
        let into = buffer.as_mut_ptr().cast();
        // SAFETY: the buffer has so many bytes, and is aligned for the structure.
        let status = unsafe { NtQueryInformationProcess(handle, ProcessCommandLineInformation, into, size, &raw mut length) };
        if status < 0 {
            return None;
        }
        // A UNICODE_STRING (length in bytes first, 16 bytes in all), and the text that it points to right behind it.
        let bytes: Vec<u8> = buffer.iter().flat_map(|number| number.to_le_bytes()).collect();
        let length = usize::from(u16::from_le_bytes([*bytes.first()?, *bytes.get(1)?]));
        Some(wide::until_nul(&wide::units(bytes.get(16..16 + length)?)))
    }
}
