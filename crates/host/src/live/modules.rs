//! Libraries in the worker processes of IIS: a module of an attacker's sees every request, and needs no page.

/// Longest head of a program file that is read: its tables come first.
#[cfg(windows)]
const HEAD: u64 = 4 << 10;
/// Libraries told of one process: Exchange's own load some hundred.
#[cfg(windows)]
const MOST: usize = 4_096;

/// Tells of each worker process what it has loaded from elsewhere than Windows' own folders.
#[cfg(windows)]
pub(super) fn of_workers(all: &[afterpatch_sys::process::Process], lines: &mut Vec<afterpatch_model::LiveLine>) {
    use afterpatch_model::LiveLine;

    let windows = afterpatch_sys::computer::expand("%SystemRoot%").unwrap_or_default();
    for worker in all.iter().filter(|process| process.name.eq_ignore_ascii_case("w3wp.exe")) {
        let image = worker.program.clone().unwrap_or_else(|| worker.name.clone());
        match afterpatch_sys::process::modules(worker.id) {
            Ok(modules) => {
                let others = modules.into_iter().filter(|module| *module != image && !is_of_windows(module, &windows));
                lines.extend(others.take(MOST).map(|module| {
                    let signed = head_of(&module).and_then(|head| has_signature(&head));
                    LiveLine::Module { pid: worker.id, image: image.clone(), module, signed }
                }));
            }
            Err(error) => {
                let what = format!("libraries of process {} ({image})", worker.id);
                lines.push(LiveLine::Gap { what, why: error.to_string() });
            }
        }
    }
}

#[cfg(windows)]
fn head_of(path: &str) -> Option<Vec<u8>> {
    use std::io::Read as _;
    let mut head = Vec::new();
    std::fs::File::open(path).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    Some(head)
}

/// Whether it lies where Windows keeps its own. Hundreds are loaded from there, and their signatures lie in catalogues elsewhere, so
/// that an attacker's among them looks as they do.
#[cfg(any(windows, test))]
fn is_of_windows(module: &str, windows: &str) -> bool {
    const OWN: [&str; 3] = [r"\System32\", r"\SysWOW64\", r"\WinSxS\"];
    let Some((start, rest)) = module.split_at_checked(windows.len()) else { return false };
    let is_below = |folder: &str| rest.get(..folder.len()).is_some_and(|start| start.eq_ignore_ascii_case(folder));
    !windows.is_empty() && start.eq_ignore_ascii_case(windows) && OWN.iter().any(|folder| is_below(folder))
}

/// Whether a program file carries a signature: its head names a table of certificates. `None` when it is no such file.
///
/// Nobody checks the signature. Windows' own check runs the libraries that are registered for it, and attackers have put theirs there
/// (ATT&CK T1553.003): a scan with an administrator's rights is the last program that should load them.
#[cfg(any(windows, test))]
fn has_signature(head: &[u8]) -> Option<bool> {
    use object::pe::{IMAGE_DIRECTORY_ENTRY_SECURITY, ImageDosHeader, ImageNtHeaders32, ImageNtHeaders64};
    use object::read::pe::ImageNtHeaders;

    let dos = ImageDosHeader::parse(head).ok()?;
    let mut offset = u64::from(dos.nt_headers_offset());
    let (mut again, mut size) = (offset, None);
    if let Ok((_, directories)) = ImageNtHeaders64::parse(head, &mut offset) {
        size = Some(directories);
    } else if let Ok((_, directories)) = ImageNtHeaders32::parse(head, &mut again) {
        size = Some(directories);
    }
    Some(size?.get(IMAGE_DIRECTORY_ENTRY_SECURITY).is_some_and(|directory| directory.size.get(object::LittleEndian) > 0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_lies_in_windows_own_folders_is_known_by_its_path() {
        let of_windows = |module: &str| is_of_windows(module, r"C:\Windows");
        assert!(of_windows(r"C:\WINDOWS\system32\ntdll.dll"));
        assert!(of_windows(r"c:\windows\WinSxS\amd64_x\comctl32.dll"));
        assert!(of_windows(r"C:\Windows\System32\inetsrv\iiscore.dll"));
        assert!(!of_windows(r"C:\Windows\Temp\a.dll"));
        assert!(!of_windows(r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Temporary ASP.NET Files\owa\a\App_Web_x.dll"));
        assert!(!of_windows(r"C:\Windows.old\System32\ntdll.dll"));
        assert!(!of_windows("ü"));
        assert!(!is_of_windows(r"\System32\ntdll.dll", ""));
    }

    /// A head with 16 tables, of which the fifth has this size.
    fn head(magic: u16, tables_at: usize, size: u32) -> Vec<u8> {
        let mut head = vec![0; 1024];
        head[..2].copy_from_slice(b"MZ");
        head[0x3c] = 0x80;
        head[0x80..0x84].copy_from_slice(b"PE\0\0");
        let optional = 0x80 + 24;
        let length = u16::try_from(tables_at + 16 * 8).unwrap();
        head[0x80 + 20..0x80 + 22].copy_from_slice(&length.to_le_bytes());
        head[optional..optional + 2].copy_from_slice(&magic.to_le_bytes());
        head[optional + tables_at - 4] = 16;
        let at = optional + tables_at + 4 * 8;
        head[at..at + 4].copy_from_slice(&2048_u32.to_le_bytes());
        head[at + 4..at + 8].copy_from_slice(&size.to_le_bytes());
        head
    }

    #[test]
    fn a_signature_is_a_table_of_certificates() {
        for (magic, tables_at) in [(0x10b, 96), (0x20b, 112)] {
            assert_eq!(has_signature(&head(magic, tables_at, 9_000)), Some(true));
            assert_eq!(has_signature(&head(magic, tables_at, 0)), Some(false));
        }
        assert_eq!(has_signature(b"MZ"), None);
        assert_eq!(has_signature(&head(0x107, 96, 0)), None);
        assert_eq!(has_signature(&[]), None);
    }
}
