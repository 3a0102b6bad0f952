//! Owner, group, access and audit list of a file, in the binary form in which Windows keeps them.

use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_PARAMETER, ERROR_PRIVILEGE_NOT_HELD,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, GROUP_SECURITY_INFORMATION, GetKernelObjectSecurity, LABEL_SECURITY_INFORMATION,
    OWNER_SECURITY_INFORMATION, SACL_SECURITY_INFORMATION, SetKernelObjectSecurity,
};

/// Where the parts of a descriptor are told to lie.
const OWNER: usize = 4;
const GROUP: usize = 8;
const SACL: usize = 12;
const DACL: usize = 16;
/// Bits of its control word: that a list was inherited as a whole, and that Windows shall note so when it is set.
const DACL_INHERITED: u16 = 0x0400;
const DACL_NOTE: u16 = 0x0100;
const SACL_INHERITED: u16 = 0x0800;
const SACL_NOTE: u16 = 0x0200;
/// The bits that say something of a list.
const ABOUT_DACL: u16 = 0x0004 | 0x0400 | 0x1000;
const ABOUT_SACL: u16 = 0x0010 | 0x0800 | 0x2000;

/// The security descriptor of an open file: all that we may read of it, the audit list included where the privilege is there.
///
/// # Errors
/// What the system says.
pub fn security(file: &File) -> io::Result<Vec<u8>> {
    let least = OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
    for more in [SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION, LABEL_SECURITY_INFORMATION] {
        match read(file, least | more) {
            Err(error) if is(&error, &[ERROR_ACCESS_DENIED, ERROR_PRIVILEGE_NOT_HELD, ERROR_INVALID_PARAMETER]) => {}
            told => return told,
        }
    }
    read(file, least)
}

fn read(file: &File, what: u32) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0_u64; 64];
    loop {
        let (mut needed, size) = (0, u32::try_from(buffer.len() * 8).unwrap_or(0));
        let into = buffer.as_mut_ptr().cast();
        // SAFETY: the buffer has so many bytes, and is aligned for the structure.
        if unsafe { GetKernelObjectSecurity(file.as_raw_handle(), what, into, size, &raw mut needed) } != 0 {
            break;
        }
        let error = io::Error::last_os_error();
        let room = usize::try_from(needed).unwrap_or(0).div_ceil(8);
        if !is(&error, &[ERROR_INSUFFICIENT_BUFFER]) || room <= buffer.len() {
            return Err(error);
        }
        buffer = vec![0; room];
    }
    let bytes: Vec<u8> = buffer.iter().flat_map(|number| number.to_le_bytes()).collect();
    Ok(Descriptor(&bytes).whole())
}

/// Gives an open file a security descriptor: only what differs is set, because owners and audit lists need privileges.
///
/// # Errors
/// What the system says; `InvalidData` for what is no descriptor.
pub fn set_security(file: &File, wanted: &[u8]) -> io::Result<()> {
    let now = security(file)?;
    let (now, new) = (Descriptor(&now), Descriptor(wanted));
    if new.control().is_none() || new.whole() != wanted {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "is no security descriptor"));
    }
    let mut what = 0;
    for (part, flag) in [(OWNER, OWNER_SECURITY_INFORMATION), (GROUP, GROUP_SECURITY_INFORMATION)] {
        if now.sid(part) != new.sid(part) {
            what |= flag;
        }
    }
    let bits = |descriptor: &Descriptor<'_>, about: u16| descriptor.control().unwrap_or(0) & about;
    if now.list(DACL) != new.list(DACL) || bits(&now, ABOUT_DACL) != bits(&new, ABOUT_DACL) {
        what |= DACL_SECURITY_INFORMATION;
    }
    if now.list(SACL) != new.list(SACL) || bits(&now, ABOUT_SACL) != bits(&new, ABOUT_SACL) {
        what |= SACL_SECURITY_INFORMATION;
    }
    if what == 0 {
        return Ok(());
    }
    let mut bytes = wanted.to_vec();
    let control = new.control().unwrap_or(0);
    let note = |inherited: u16, note: u16| if control & inherited != 0 { note } else { 0 };
    let control = control | note(DACL_INHERITED, DACL_NOTE) | note(SACL_INHERITED, SACL_NOTE);
    if let Some(at) = bytes.get_mut(2..4) {
        at.copy_from_slice(&control.to_le_bytes());
    }
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    let aligned: Vec<u64> = bytes.as_chunks::<8>().0.iter().map(|chunk| u64::from_le_bytes(*chunk)).collect();
    // SAFETY: the descriptor is whole (each part lies within it), aligned, and lives as long as the call, which only reads it.
    if unsafe { SetKernelObjectSecurity(file.as_raw_handle(), what, aligned.as_ptr().cast_mut().cast()) } == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// The descriptor that a folder gets which only its owner, administrators and the system may enter, and all in it.
///
/// # Errors
/// What the system says.
pub fn private() -> io::Result<Vec<u8>> {
    use windows_sys::Win32::Foundation::LocalFree;
    use windows_sys::Win32::Security::Authorization::{ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1};
    // Protected from what the folder above would pass on; all rights, passed on, to the system, administrators, and the owner.
    let text = crate::wide::with_nul("D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;OW)")?;
    let (mut descriptor, mut size) = (null_mut(), 0);
    let (descriptor_at, size_at) = (&raw mut descriptor, &raw mut size);
    // SAFETY: the text ends with NUL, and both answers have room.
    let told =
        unsafe { ConvertStringSecurityDescriptorToSecurityDescriptorW(text.as_ptr(), SDDL_REVISION_1, descriptor_at, size_at) };
    if told == 0 {
        return Err(io::Error::last_os_error());
    }
    let length = usize::try_from(size).unwrap_or(0);
    // SAFETY: Windows has just put so many bytes there.
    let bytes = unsafe { std::slice::from_raw_parts(descriptor.cast::<u8>(), length) }.to_vec();
    // SAFETY: it was made for us, and nobody uses it any more.
    unsafe { LocalFree(descriptor) };
    Ok(bytes)
}

/// A descriptor whose parts all lie in one piece of memory.
struct Descriptor<'a>(&'a [u8]);

impl<'a> Descriptor<'a> {
    fn control(&self) -> Option<u16> {
        Some(u16::from_le_bytes([*self.0.get(2)?, *self.0.get(3)?]))
    }

    /// The part's bytes from its start, where it has one.
    fn part(&self, at: usize) -> Option<&'a [u8]> {
        let offset = u32::from_le_bytes(self.0.get(at..at + 4)?.try_into().ok()?);
        if offset == 0 { None } else { self.0.get(usize::try_from(offset).ok()?..) }
    }

    fn sid(&self, at: usize) -> Option<&'a [u8]> {
        let part = self.part(at)?;
        part.get(..8 + 4 * usize::from(*part.get(1)?))
    }

    fn list(&self, at: usize) -> Option<&'a [u8]> {
        let part = self.part(at)?;
        part.get(..usize::from(u16::from_le_bytes([*part.get(2)?, *part.get(3)?])))
    }

    /// Head and parts up to the last byte that belongs to any; empty when a part does not lie in it.
    fn whole(&self) -> Vec<u8> {
        let start = |part: &[u8]| part.as_ptr() as usize - self.0.as_ptr() as usize + part.len();
        let mut end = 20;
        for (at, found) in [(OWNER, self.sid(OWNER)), (GROUP, self.sid(GROUP)), (SACL, self.list(SACL)), (DACL, self.list(DACL))]
        {
            let is_told = self.0.get(at..at + 4).is_some_and(|offset| offset != [0; 4]);
            match found {
                Some(part) => end = end.max(start(part)),
                None if is_told => return Vec::new(),
                None => {}
            }
        }
        self.0.get(..end).unwrap_or_default().to_vec()
    }
}

fn is(error: &io::Error, codes: &[u32]) -> bool {
    error.raw_os_error().and_then(|code| u32::try_from(code).ok()).is_some_and(|code| codes.contains(&code))
}
