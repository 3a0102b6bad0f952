//! Rights that an administrator has, but that are switched off until they are asked for.

use std::ffi::c_void;
use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::{ERROR_NOT_ALL_ASSIGNED, GetLastError, LUID};
use windows_sys::Win32::Security::{
    AdjustTokenPrivileges, GetTokenInformation, LUID_AND_ATTRIBUTES, LookupPrivilegeValueW, SE_PRIVILEGE_ENABLED,
    TOKEN_ACCESS_MASK, TOKEN_ADJUST_PRIVILEGES, TOKEN_INFORMATION_CLASS, TOKEN_PRIVILEGES, TOKEN_QUERY,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

use crate::wide;

/// A privilege.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privilege {
    /// To read what its access list keeps from administrators, too.
    Backup,
    /// To write it, and to give files any owner.
    Restore,
    /// To read and write audit lists.
    Security,
}

/// Switches a privilege on for this process; `false` when the account does not have it.
pub fn enable(privilege: Privilege) -> bool {
    let name = match privilege {
        Privilege::Backup => "SeBackupPrivilege",
        Privilege::Restore => "SeRestorePrivilege",
        Privilege::Security => "SeSecurityPrivilege",
    };
    let (Ok(token), Ok(name)) = (token(TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY), wide::with_nul(name)) else { return false };
    let mut id = LUID { LowPart: 0, HighPart: 0 };
    // SAFETY: the name ends with NUL, and the number has room.
    if unsafe { LookupPrivilegeValueW(std::ptr::null(), name.as_ptr(), &raw mut id) } == 0 {
        return false;
    }
    let wanted =
        TOKEN_PRIVILEGES { PrivilegeCount: 1, Privileges: [LUID_AND_ATTRIBUTES { Luid: id, Attributes: SE_PRIVILEGE_ENABLED }] };
    // SAFETY: the token is open, and the one privilege is where it is said to be.
    let adjusted = unsafe { AdjustTokenPrivileges(token.0.as_raw_handle(), 0, &raw const wanted, 0, null_mut(), null_mut()) };
    // It says yes even where nothing was switched on.
    // SAFETY: takes nothing and gives a number.
    adjusted != 0 && unsafe { GetLastError() } != ERROR_NOT_ALL_ASSIGNED
}

/// What this process may do, as Windows keeps it.
pub(crate) struct Token(OwnedHandle);

/// The token of this process.
pub(crate) fn token(access: TOKEN_ACCESS_MASK) -> io::Result<Token> {
    let mut token = null_mut();
    // SAFETY: gives a number that stands for this process and needs no closing.
    let process = unsafe { GetCurrentProcess() };
    // SAFETY: the process is ours, and the handle has room.
    if unsafe { OpenProcessToken(process, access, &raw mut token) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it was just opened and belongs to nobody else.
    Ok(Token(unsafe { OwnedHandle::from_raw_handle(token) }))
}

impl Token {
    /// Fills in something that is told of a token; gives its length.
    pub(crate) fn tell(&self, what: TOKEN_INFORMATION_CLASS, into: *mut c_void, size: u32) -> io::Result<u32> {
        let mut length = 0;
        // SAFETY: every caller in this crate gives a buffer of that size.
        let told = unsafe { GetTokenInformation(self.0.as_raw_handle(), what, into, size, &raw mut length) };
        if told == 0 { Err(io::Error::last_os_error()) } else { Ok(length) }
    }
}
