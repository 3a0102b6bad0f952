//! The real disk on Windows: everything by open folder and name, no link or junction is ever followed below the root, and names are
//! taken as they are (`con.aspx`, a dot at the end, paths of any length).

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use afterpatch_sys::file::{self, Basic, Folder, list, private, remove, rename, security, set_basic, set_security};
use afterpatch_sys::service::{self, Start};
use afterpatch_sys::streams::streams;
use afterpatch_sys::task;
use jiff::{SignedDuration, Timestamp};

use super::{Disk, Extended, Identity, Kind, Stat, Times, Traits};
use crate::hex::{decode, encode};
use crate::place::THIS_COMPUTER;
use crate::{Switch, SwitchKind};

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

/// What a file has beside content, attributes and times of access and change, kept as extended attributes under these names. An
/// alternate stream goes by its own name (`:Zone.Identifier:$DATA`).
const SECURITY: &str = "windows.security_descriptor";
const CREATED: &str = "windows.created";
/// All alternate streams of a file together: they are kept in the journal, too. Windows' own have some hundred bytes.
const LARGEST_STREAMS: u64 = 256 << 10;
/// Attribute bits that can be set: read-only, hidden, system, archive, temporary, offline, not indexed. Others (compressed,
/// sparse) follow from the volume and the folder.
const SETTABLE: u32 = 0x1 | 0x2 | 0x4 | 0x20 | 0x100 | 0x1000 | 0x2000;
const ENCRYPTED: u32 = 0x4000;
/// "No attributes" in Windows' own way; zero would mean "as they are".
const NORMAL: u32 = 0x80;

impl Disk for RealDisk {
    type Folder = Folder;
    type File = File;

    fn folder(&self, root: &Path, below: &[&str]) -> io::Result<Folder> {
        let (mut folder, below) = if root == Path::new(THIS_COMPUTER) { drive(below)? } else { (Folder::open(root)?, below) };
        for name in below {
            folder = folder.folder(name)?;
        }
        Ok(folder)
    }

    fn make_folder(&self, folder: &Folder, name: &str) -> io::Result<()> {
        folder.make_folder(name, &private()?)
    }

    fn list(&self, folder: &Folder) -> io::Result<Vec<String>> {
        let mut names = list(folder)?;
        names.sort_unstable();
        Ok(names)
    }

    fn open(&self, folder: &Folder, name: &str) -> io::Result<File> {
        folder.open_file(name)
    }

    /// With the rights that the folder passes on: those of the vault's folder are private, and elsewhere the file gets its own
    /// before it gets its name.
    fn create(&self, folder: &Folder, name: &str) -> io::Result<File> {
        folder.create(name)
    }

    fn append(&self, folder: &Folder, name: &str) -> io::Result<File> {
        folder.open_for_writing(name)
    }

    fn look(&self, folder: &Folder, name: &str) -> io::Result<Option<Stat>> {
        match folder.look(name) {
            Ok(file) => told(&file).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn stat(&self, file: &File) -> io::Result<Stat> {
        told(file)
    }

    fn traits(&self, file: &File) -> io::Result<Traits> {
        traits_of(file)
    }

    fn set_traits(&self, file: &File, traits: &Traits) -> io::Result<()> {
        let damaged = || io::Error::other("what is kept of the file beside its content is damaged");
        let mut created = 0;
        for extended in &traits.extended {
            let value = decode(&extended.value).ok_or_else(damaged)?;
            match &*extended.name {
                SECURITY => {
                    set_security(file, &value)?;
                    if security(file)? != value {
                        return Err(io::Error::other("owner and access list could not be given back as they were"));
                    }
                }
                CREATED => created = i64::from_le_bytes(value.try_into().map_err(|_| damaged())?),
                stream if stream.starts_with(':') => {
                    let mut stream = file::open_stream(file, stream, true)?;
                    stream.set_len(0)?;
                    stream.write_all(&value)?;
                    stream.sync_all()?;
                }
                name => {
                    let why = format!("the extended attribute {name} is of another system: put it back there");
                    return Err(io::Error::new(io::ErrorKind::Unsupported, why));
                }
            }
        }
        // Last, because all of the above changes times, and a read-only file takes no streams.
        let attributes = match traits.mode & SETTABLE {
            0 => NORMAL,
            attributes => attributes,
        };
        let (accessed, written) = (ticks(traits.times.accessed), ticks(traits.times.modified));
        set_basic(file, &Basic { created, accessed, written, attributes })
    }

    fn folder_traits(&self, folder: &Folder) -> io::Result<Traits> {
        let basic = file::basic(folder.as_file())?;
        // Attributes of a folder are none that a new file in it should have.
        Ok(Traits { mode: 0, owner: 0, group: 0, times: times(&basic)?, extended: Vec::new() })
    }

    fn set_folder_times(&self, folder: &Folder, times: &Times) -> io::Result<()> {
        let (accessed, written) = (ticks(times.accessed), ticks(times.modified));
        set_basic(folder.as_file(), &Basic { created: 0, accessed, written, attributes: 0 })
    }

    fn cut(&self, file: &File, length: u64) -> io::Result<()> {
        file.set_len(length)?;
        let mut file = file;
        file.seek(io::SeekFrom::End(0)).map(|_| ())
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn sync_folder(&self, folder: &Folder) -> io::Result<()> {
        folder.sync()
    }

    fn rename(&self, folder: &Folder, from: &str, to: &str) -> io::Result<()> {
        rename(folder, from, to, false)
    }

    fn exchange(&self, _: &Folder, _: &str, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn replace(&self, folder: &Folder, from: &str, over: &str) -> io::Result<()> {
        rename(folder, from, over, true)
    }

    fn remove(&self, folder: &Folder, name: &str) -> io::Result<()> {
        remove(folder, name)
    }

    fn lock(&self, file: &File) -> io::Result<bool> {
        match file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn position(&self, switch: &Switch) -> io::Result<Option<String>> {
        let position = match switch.kind {
            SwitchKind::Service => service::start(&switch.name)?.map(word_of),
            SwitchKind::Task => task::task(&switch.name)?.map(|task| if task.enabled { ENABLED } else { DISABLED }),
        };
        Ok(position.map(str::to_owned))
    }

    fn turn(&self, switch: &Switch, position: &str) -> io::Result<()> {
        let unknown = || io::Error::new(io::ErrorKind::InvalidInput, format!("it has no position {position}"));
        match switch.kind {
            SwitchKind::Service => {
                let start = STARTS.into_iter().find(|start| word_of(*start) == position).ok_or_else(unknown)?;
                service::set_start(&switch.name, start)
            }
            SwitchKind::Task if [ENABLED, DISABLED].contains(&position) => task::enable(&switch.name, position == ENABLED),
            SwitchKind::Task => Err(unknown()),
        }
    }
}

const ENABLED: &str = "enabled";
const DISABLED: &str = "disabled";

const STARTS: [Start; 5] = [Start::Boot, Start::System, Start::Automatic, Start::Manual, Start::Disabled];

/// When a service starts, in the words of `sc.exe`.
fn word_of(start: Start) -> &'static str {
    match start {
        Start::Boot => "boot",
        Start::System => "system",
        Start::Automatic => "auto",
        Start::Manual => "demand",
        Start::Disabled => DISABLED,
    }
}

/// The folder of a drive of this computer, and the way down from it.
fn drive<'a, 'n>(below: &'a [&'n str]) -> io::Result<(Folder, &'a [&'n str])> {
    let bad = || io::Error::new(io::ErrorKind::InvalidFilename, "begins with no drive");
    let (drive, below) = below.split_first().ok_or_else(bad)?;
    match drive.as_bytes() {
        [letter, b':'] if letter.is_ascii_alphabetic() => Ok((Folder::open(Path::new(&format!("{drive}\\")))?, below)),
        _ => Err(bad()),
    }
}

fn told(file: &File) -> io::Result<Stat> {
    let facts = file::facts(file)?;
    Ok(Stat {
        // Also what only looks like a file while its content is elsewhere (deduplicated, in a cloud): opened as itself it is empty.
        kind: match (facts.is_link(), facts.is_folder()) {
            (true, _) => Kind::Link,
            (false, true) => Kind::Folder,
            (false, false) => Kind::File,
        },
        identity: Identity { device: facts.volume, number: facts.number },
        links: facts.links,
        size: facts.size,
        modified: time(facts.written)?,
    })
}

fn traits_of(file: &File) -> io::Result<Traits> {
    let basic = file::basic(file)?;
    if basic.attributes & ENCRYPTED != 0 {
        return Err(io::Error::other(
            "is encrypted by Windows (EFS), and could not be given back so; decrypt it first (cipher /d)",
        ));
    }
    let mut extended = vec![
        Extended { name: CREATED.to_owned(), value: encode(&basic.created.to_le_bytes()) },
        Extended { name: SECURITY.to_owned(), value: encode(&security(file)?) },
    ];
    let streams = streams(file)?;
    if streams.iter().map(|stream| stream.size).fold(0, u64::saturating_add) > LARGEST_STREAMS {
        let names = streams.iter().map(|stream| &*stream.name).collect::<Vec<_>>().join(", ");
        let why = format!("has alternate streams larger than 256 KiB ({names}): keep a copy of them and remove them first");
        return Err(io::Error::other(why));
    }
    for stream in streams {
        let mut value = Vec::new();
        file::open_stream(file, &stream.name, false)?.take(LARGEST_STREAMS).read_to_end(&mut value)?;
        extended.push(Extended { name: stream.name, value: encode(&value) });
    }
    extended.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    Ok(Traits { mode: basic.attributes, owner: 0, group: 0, times: times(&basic)?, extended })
}

fn times(basic: &Basic) -> io::Result<Times> {
    Ok(Times { accessed: time(basic.accessed)?, modified: time(basic.written)? })
}

/// From 1601 to 1970, in Windows' units of 100 nanoseconds.
const TO_1970: i64 = 116_444_736_000_000_000;
const A_SECOND: i64 = 10_000_000;

fn time(ticks: i64) -> io::Result<Timestamp> {
    let since = ticks.saturating_sub(TO_1970);
    let nanoseconds = i32::try_from(since.rem_euclid(A_SECOND) * 100).unwrap_or(0);
    Timestamp::from_duration(SignedDuration::new(since.div_euclid(A_SECOND), nanoseconds)).map_err(io::Error::other)
}

fn ticks(time: Timestamp) -> i64 {
    i64::try_from(time.as_nanosecond().div_euclid(100)).unwrap_or(i64::MAX).saturating_add(TO_1970)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn times_go_there_and_back() {
        for ticks_before in [1, TO_1970 - 1, TO_1970, TO_1970 + 12_345_678_901_234_567] {
            assert_eq!(ticks(time(ticks_before).unwrap()), ticks_before);
        }
        assert_eq!(time(TO_1970).unwrap(), Timestamp::UNIX_EPOCH);
    }
}
