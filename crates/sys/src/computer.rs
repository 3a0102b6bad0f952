//! What this computer is called, and what we may do on it.

#[cfg(windows)]
pub use windows::{expand, fixed_drives, shadow_copies};

/// The computer's name, as the network knows it (with its domain, where it has one).
pub fn name() -> Option<String> {
    #[cfg(windows)]
    return windows::name();
    #[cfg(target_os = "linux")]
    return std::fs::read_to_string("/proc/sys/kernel/hostname").ok().map(|name| name.trim_end().to_owned());
    #[cfg(not(any(windows, target_os = "linux")))]
    None
}

/// Whether this process has an administrator's rights in full (root elsewhere). `false` where it cannot be told.
pub fn is_elevated() -> bool {
    #[cfg(windows)]
    return windows::is_elevated();
    #[cfg(target_os = "linux")]
    // SAFETY: takes and gives numbers only.
    return unsafe { libc::geteuid() } == 0;
    #[cfg(not(any(windows, target_os = "linux")))]
    false
}

#[cfg(windows)]
mod windows {
    use std::io;
    use std::ptr::{from_mut, null_mut};

    use windows_sys::Win32::Security::{TOKEN_ELEVATION, TOKEN_QUERY, TokenElevation};
    use windows_sys::Win32::Storage::FileSystem::{GetDriveTypeW, GetLogicalDrives, GetVolumeInformationW};
    use windows_sys::Win32::System::Environment::ExpandEnvironmentStringsW;
    use windows_sys::Win32::System::SystemInformation::{ComputerNamePhysicalDnsFullyQualified, GetComputerNameExW};
    use windows_sys::Win32::System::WindowsProgramming::DRIVE_FIXED;

    use crate::privilege::token;
    use crate::wide;

    /// Longest text with variables put in that Windows itself takes for a path.
    const LONGEST: usize = 32 << 10;

    pub(super) fn name() -> Option<String> {
        let mut buffer = [0_u16; 1024];
        let mut length = 1024;
        // SAFETY: the buffer has so many units.
        let told = unsafe { GetComputerNameExW(ComputerNamePhysicalDnsFullyQualified, buffer.as_mut_ptr(), &raw mut length) };
        (told != 0).then(|| wide::until_nul(&buffer)).filter(|name| !name.is_empty())
    }

    pub(super) fn is_elevated() -> bool {
        let Ok(token) = token(TOKEN_QUERY) else { return false };
        let mut elevation = TOKEN_ELEVATION { TokenIsElevated: 0 };
        let size = u32::try_from(size_of::<TOKEN_ELEVATION>()).unwrap_or(0);
        token.tell(TokenElevation, from_mut(&mut elevation).cast(), size).is_ok() && elevation.TokenIsElevated != 0
    }

    /// Letters of the drives that are built in, in order.
    pub fn fixed_drives() -> Vec<char> {
        // SAFETY: takes nothing and gives a number.
        let drives = unsafe { GetLogicalDrives() };
        let there = ('A'..='Z').enumerate().filter(|(bit, _)| drives & (1 << bit) != 0).map(|(_, letter)| letter);
        there.filter(|letter| is_fixed(*letter)).collect()
    }

    fn is_fixed(letter: char) -> bool {
        let Ok(root) = wide::with_nul(format!("{letter}:\\")) else { return false };
        // SAFETY: the text ends with NUL.
        (unsafe { GetDriveTypeW(root.as_ptr()) }) == DRIVE_FIXED
    }

    /// Highest number of a shadow copy that is tried. Windows keeps 512 at most, and numbers them anew when it starts.
    const LAST_SHADOW_COPY: u32 = 1_024;

    /// The shadow copies that can be opened: the number of each (`\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopyN`), and the letter of
    /// the built-in drive that it is an earlier state of. A copy has its volume's serial number.
    pub fn shadow_copies() -> Vec<(u32, char)> {
        let drives: Vec<(char, u32)> =
            fixed_drives().into_iter().filter_map(|letter| Some((letter, serial(&format!("{letter}:\\"))?))).collect();
        let copy = |number: u32| {
            let serial = serial(&format!(r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy{number}\"))?;
            drives.iter().find(|(_, of_drive)| *of_drive == serial).map(|(letter, _)| (number, *letter))
        };
        (1..=LAST_SHADOW_COPY).filter_map(copy).collect()
    }

    /// The serial number of a volume, by the path of its root with a backslash at the end.
    fn serial(root: &str) -> Option<u32> {
        let root = wide::with_nul(root).ok()?;
        let mut serial = 0;
        // SAFETY: the text ends with NUL; what is not asked for is null.
        let told = unsafe {
            GetVolumeInformationW(root.as_ptr(), null_mut(), 0, &raw mut serial, null_mut(), null_mut(), null_mut(), 0)
        };
        (told != 0).then_some(serial)
    }

    /// A text with the values of this process's variables put in: `%SystemDrive%\inetpub`. A variable that is not there stays.
    ///
    /// # Errors
    /// What the system says.
    pub fn expand(text: &str) -> io::Result<String> {
        let text = wide::with_nul(text)?;
        // SAFETY: the text ends with NUL; without a buffer only the length is told.
        let length = unsafe { ExpandEnvironmentStringsW(text.as_ptr(), null_mut(), 0) };
        let room = usize::try_from(length).unwrap_or(usize::MAX).clamp(1, LONGEST);
        let mut buffer = vec![0_u16; room];
        // SAFETY: both texts are as said, and the buffer has so many units.
        let filled = unsafe { ExpandEnvironmentStringsW(text.as_ptr(), buffer.as_mut_ptr(), u32::try_from(room).unwrap_or(0)) };
        if filled == 0 { Err(io::Error::last_os_error()) } else { Ok(wide::until_nul(&buffer)) }
    }
}
