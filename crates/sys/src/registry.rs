//! Reading the registry of the running Windows: always the 64-bit view, never a write of ours.

use std::io;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{ERROR_FILE_NOT_FOUND, ERROR_MORE_DATA, ERROR_NO_MORE_ITEMS, ERROR_SUCCESS};
use windows_sys::Win32::System::Registry::{
    HKEY, HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, HKEY_USERS, KEY_READ, KEY_WOW64_64KEY, REG_DWORD, REG_EXPAND_SZ, REG_MULTI_SZ,
    REG_QWORD, REG_SZ, RegCloseKey, RegEnumKeyExW, RegEnumValueW, RegFlushKey, RegOpenKeyExW, RegQueryValueExW,
};

use crate::wide;

/// Larger values are an error: nothing that decides anything for us is as large.
const LARGEST_VALUE: usize = 1 << 20;
/// Longest names of keys and of values that Windows takes, with their NUL.
const LONGEST_KEY: usize = 256;
const LONGEST_NAME: usize = 16 << 10;

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// `HKEY_LOCAL_MACHINE`.
    LocalMachine,
    /// `HKEY_CURRENT_USER`.
    CurrentUser,
    /// `HKEY_USERS`.
    Users,
}

/// What a value holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text; variables in it (`%SystemRoot%`) are as they are.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// A number of 4 or 8 bytes.
    Number(u64),
    /// Anything else, with Windows' number for its type.
    Bytes(u32, Vec<u8>),
}

/// An open key.
#[derive(Debug)]
pub struct Key(HKEY);

impl Key {
    /// Opens a key; `None` when there is none.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(root: Root, path: &str) -> io::Result<Option<Self>> {
        let root = match root {
            Root::LocalMachine => HKEY_LOCAL_MACHINE,
            Root::CurrentUser => HKEY_CURRENT_USER,
            Root::Users => HKEY_USERS,
        };
        open(root, path)
    }

    /// Opens a key below this one; `None` when there is none.
    ///
    /// # Errors
    /// What the system says.
    pub fn below(&self, path: &str) -> io::Result<Option<Self>> {
        open(self.0, path)
    }

    /// A value; the empty name is the key's own value. `None` when there is none.
    ///
    /// # Errors
    /// What the system says; a value that is larger than any we know.
    pub fn value(&self, name: &str) -> io::Result<Option<Value>> {
        let name = wide::with_nul(name)?;
        let mut buffer = vec![0_u8; 512];
        loop {
            let (mut kind, mut size) = (0, u32::try_from(buffer.len()).unwrap_or(0));
            let (kind_at, into, size_at) = (&raw mut kind, buffer.as_mut_ptr(), &raw mut size);
            // SAFETY: the name ends with NUL, and the buffer has so many bytes.
            match unsafe { RegQueryValueExW(self.0, name.as_ptr(), null(), kind_at, into, size_at) } {
                ERROR_SUCCESS => {
                    buffer.truncate(usize::try_from(size).unwrap_or(0));
                    return Ok(Some(value(kind, buffer)));
                }
                ERROR_FILE_NOT_FOUND => return Ok(None),
                ERROR_MORE_DATA => buffer.resize(larger(buffer.len(), size)?, 0),
                error => return Err(of(error)),
            }
        }
    }

    /// All values with their names, in the system's order.
    ///
    /// # Errors
    /// As [`Key::value`].
    pub fn values(&self) -> io::Result<Vec<(String, Value)>> {
        let mut all = Vec::new();
        let mut buffer = vec![0_u8; 512];
        let mut name = vec![0_u16; LONGEST_NAME];
        loop {
            let index = u32::try_from(all.len()).unwrap_or(u32::MAX);
            let mut length = u32::try_from(name.len()).unwrap_or(0);
            let (mut kind, mut size) = (0, u32::try_from(buffer.len()).unwrap_or(0));
            let (name_at, length_at) = (name.as_mut_ptr(), &raw mut length);
            let (kind_at, into, size_at) = (&raw mut kind, buffer.as_mut_ptr(), &raw mut size);
            // SAFETY: both buffers are as long as is said.
            match unsafe { RegEnumValueW(self.0, index, name_at, length_at, null(), kind_at, into, size_at) } {
                ERROR_SUCCESS => {
                    let bytes = buffer.get(..usize::try_from(size).unwrap_or(0)).unwrap_or_default().to_vec();
                    all.push((wide::until_nul(&name), value(kind, bytes)));
                }
                ERROR_NO_MORE_ITEMS => return Ok(all),
                ERROR_MORE_DATA => buffer.resize(larger(buffer.len(), size)?, 0),
                error => return Err(of(error)),
            }
        }
    }

    /// The names of the keys below, in the system's order.
    ///
    /// # Errors
    /// What the system says.
    pub fn keys(&self) -> io::Result<Vec<String>> {
        let mut all = Vec::new();
        let mut name = [0_u16; LONGEST_KEY];
        loop {
            let index = u32::try_from(all.len()).unwrap_or(u32::MAX);
            let mut length = u32::try_from(LONGEST_KEY).unwrap_or(0);
            let (name_at, length_at) = (name.as_mut_ptr(), &raw mut length);
            // SAFETY: the buffer is as long as is said; what is null is not wanted.
            match unsafe { RegEnumKeyExW(self.0, index, name_at, length_at, null(), null_mut(), null_mut(), null_mut()) } {
                ERROR_SUCCESS => all.push(wide::until_nul(&name)),
                ERROR_NO_MORE_ITEMS => return Ok(all),
                error => return Err(of(error)),
            }
        }
    }
}

/// Waits until what others changed below a key is on the medium.
///
/// # Errors
/// What the system says; `NotFound` when there is no such key.
pub fn flush(root: Root, path: &str) -> io::Result<()> {
    let key = Key::open(root, path)?.ok_or(io::ErrorKind::NotFound)?;
    // SAFETY: the key is open.
    match unsafe { RegFlushKey(key.0) } {
        ERROR_SUCCESS => Ok(()),
        error => Err(of(error)),
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        // SAFETY: the key is open, and nobody uses it any more.
        unsafe { RegCloseKey(self.0) };
    }
}

fn open(root: HKEY, path: &str) -> io::Result<Option<Key>> {
    let path = wide::with_nul(path)?;
    let mut key = null_mut();
    // SAFETY: the path ends with NUL, and the key has room.
    match unsafe { RegOpenKeyExW(root, path.as_ptr(), 0, KEY_READ | KEY_WOW64_64KEY, &raw mut key) } {
        ERROR_SUCCESS => Ok(Some(Key(key))),
        ERROR_FILE_NOT_FOUND => Ok(None),
        error => Err(of(error)),
    }
}

/// How large the buffer must be: a value can grow between two questions, and not every answer says how much.
fn larger(now: usize, told: u32) -> io::Result<usize> {
    let wanted = usize::try_from(told).unwrap_or(usize::MAX).max(now * 2);
    if now >= LARGEST_VALUE {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the value is larger than 1 MiB"));
    }
    Ok(wanted.min(LARGEST_VALUE))
}

fn of(error: u32) -> io::Error {
    io::Error::from_raw_os_error(i32::try_from(error).unwrap_or(i32::MAX))
}

fn value(kind: u32, bytes: Vec<u8>) -> Value {
    match (kind, &*bytes) {
        (REG_SZ | REG_EXPAND_SZ, _) => Value::Text(wide::until_nul(&wide::units(&bytes))),
        (REG_MULTI_SZ, _) => {
            let units = wide::units(&bytes);
            let texts = units.split(|unit| *unit == 0).map(String::from_utf16_lossy);
            Value::Texts(texts.filter(|text| !text.is_empty()).collect())
        }
        (REG_DWORD, [a, b, c, d]) => Value::Number(u32::from_le_bytes([*a, *b, *c, *d]).into()),
        (REG_QWORD, [a, b, c, d, e, f, g, h]) => Value::Number(u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h])),
        _ => Value::Bytes(kind, bytes),
    }
}
