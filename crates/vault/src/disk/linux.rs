//! The real disk on Linux: everything by open folder and name (`openat` and its like), no link is ever followed below the root.

use std::ffi::CStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use jiff::Timestamp;
use rustix::fs::{
    AtFlags, Dir, FileType, FlockOperation, Gid, Mode, OFlags, RenameFlags, Timespec, Timestamps, Uid, XattrFlags, fchmod,
    fchown, fgetxattr, flistxattr, flock, fsetxattr, fstat, fsync, ftruncate, futimens, mkdirat, openat, renameat, renameat_with,
    statat, unlinkat,
};
use rustix::io::Errno;

use super::{Disk, Extended, Identity, Kind, Stat, Times, Traits};
use crate::Switch;
use crate::hex::{decode, encode};

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

/// Folders are only passed through.
const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
/// Without `NONBLOCK`, opening a pipe that took the file's place would wait for ever.
const FILE: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);
/// Room for the value of an extended attribute, and for all their names: the kernel's own bound.
const LARGEST_ATTRIBUTE: usize = 64 << 10;

impl Disk for RealDisk {
    type Folder = OwnedFd;
    type File = File;

    fn folder(&self, root: &Path, below: &[&str]) -> io::Result<OwnedFd> {
        let mut folder = rustix::fs::open(root, FOLDER, Mode::empty())?;
        for name in below {
            folder = openat(&folder, *name, FOLDER | OFlags::NOFOLLOW, Mode::empty())?;
        }
        Ok(folder)
    }

    fn make_folder(&self, folder: &OwnedFd, name: &str) -> io::Result<()> {
        Ok(mkdirat(folder, name, Mode::RWXU)?)
    }

    fn list(&self, folder: &OwnedFd) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(folder)? {
            if let Ok(name) = entry?.file_name().to_str()
                && !matches!(name, "." | "..")
            {
                names.push(name.to_owned());
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn open(&self, folder: &OwnedFd, name: &str) -> io::Result<File> {
        let quietly = openat(folder, name, FILE | OFlags::RDONLY | OFlags::NOATIME, Mode::empty());
        // Only the owner and root may read without leaving a trace of it.
        let opened = match quietly {
            Err(Errno::PERM) => openat(folder, name, FILE | OFlags::RDONLY, Mode::empty()),
            opened => opened,
        };
        Ok(File::from(opened?))
    }

    fn create(&self, folder: &OwnedFd, name: &str) -> io::Result<File> {
        let flags = FILE | OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
        Ok(File::from(openat(folder, name, flags, Mode::RUSR | Mode::WUSR)?))
    }

    fn append(&self, folder: &OwnedFd, name: &str) -> io::Result<File> {
        Ok(File::from(openat(folder, name, FILE | OFlags::RDWR | OFlags::APPEND, Mode::empty())?))
    }

    fn look(&self, folder: &OwnedFd, name: &str) -> io::Result<Option<Stat>> {
        match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => told(&stat).map(Some),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn stat(&self, file: &File) -> io::Result<Stat> {
        told(&fstat(file)?)
    }

    fn traits(&self, file: &File) -> io::Result<Traits> {
        traits_of(file)
    }

    fn set_traits(&self, file: &File, traits: &Traits) -> io::Result<()> {
        // Only what differs: where owner and mode come from the mount (NTFS, FUSE), setting them is refused, and not needed.
        let now = traits_of(file)?;
        if (now.owner, now.group) != (traits.owner, traits.group) {
            fchown(file, Some(Uid::from_raw(traits.owner)), Some(Gid::from_raw(traits.group)))?;
        }
        // After the owner, whose change takes away bits of the mode.
        if traits_of(file)?.mode != traits.mode {
            fchmod(file, Mode::from_raw_mode(traits.mode))?;
        }
        for attribute in traits.extended.iter().filter(|attribute| !now.extended.contains(attribute)) {
            let value = decode(&attribute.value).ok_or_else(|| io::Error::other("an extended attribute is damaged"))?;
            fsetxattr(file, attribute.name.as_str(), &value, XattrFlags::empty())?;
        }
        Ok(futimens(file, &timestamps(&traits.times))?)
    }

    fn folder_traits(&self, folder: &OwnedFd) -> io::Result<Traits> {
        traits_of(folder)
    }

    fn set_folder_times(&self, folder: &OwnedFd, times: &Times) -> io::Result<()> {
        Ok(futimens(folder, &timestamps(times))?)
    }

    fn cut(&self, file: &File, length: u64) -> io::Result<()> {
        Ok(ftruncate(file, length)?)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        Ok(fsync(file)?)
    }

    fn sync_folder(&self, folder: &OwnedFd) -> io::Result<()> {
        match fsync(folder) {
            // Some file systems (FUSE) know no syncing of folders; they write names through.
            Err(Errno::INVAL | Errno::NOSYS) => Ok(()),
            result => Ok(result?),
        }
    }

    fn rename(&self, folder: &OwnedFd, from: &str, to: &str) -> io::Result<()> {
        match renameat_with(folder, from, folder, to, RenameFlags::NOREPLACE) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
                // NTFS and FUSE do not know the flag. Looking first leaves a moment in which somebody could put a file there.
                match statat(folder, to, AtFlags::SYMLINK_NOFOLLOW) {
                    Err(Errno::NOENT) => Ok(renameat(folder, from, folder, to)?),
                    Ok(_) => Err(Errno::EXIST.into()),
                    Err(error) => Err(error.into()),
                }
            }
            result => Ok(result?),
        }
    }

    fn exchange(&self, folder: &OwnedFd, one: &str, other: &str) -> io::Result<()> {
        match renameat_with(folder, one, folder, other, RenameFlags::EXCHANGE) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Err(io::ErrorKind::Unsupported.into()),
            result => Ok(result?),
        }
    }

    fn replace(&self, folder: &OwnedFd, from: &str, over: &str) -> io::Result<()> {
        Ok(renameat(folder, from, folder, over)?)
    }

    fn remove(&self, folder: &OwnedFd, name: &str) -> io::Result<()> {
        Ok(unlinkat(folder, name, AtFlags::empty())?)
    }

    fn lock(&self, file: &File) -> io::Result<bool> {
        match flock(file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(true),
            Err(Errno::WOULDBLOCK) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn position(&self, _: &Switch) -> io::Result<Option<String>> {
        no_switches()
    }

    fn turn(&self, _: &Switch, _: &str) -> io::Result<()> {
        no_switches()
    }
}

fn no_switches<T>() -> io::Result<T> {
    let why = "services and tasks of Windows can be switched on that very Windows only, as it runs";
    Err(io::Error::new(io::ErrorKind::Unsupported, why))
}

fn told(stat: &rustix::fs::Stat) -> io::Result<Stat> {
    Ok(Stat {
        kind: match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            FileType::Symlink => Kind::Link,
            _ => Kind::Other,
        },
        identity: Identity { device: stat.st_dev, number: stat.st_ino },
        links: stat.st_nlink,
        size: u64::try_from(stat.st_size).unwrap_or(0),
        modified: time(stat.st_mtime, stat.st_mtime_nsec)?,
    })
}

fn time(seconds: i64, nanoseconds: u64) -> io::Result<Timestamp> {
    Timestamp::new(seconds, i32::try_from(nanoseconds).unwrap_or(0)).map_err(io::Error::other)
}

fn timestamps(times: &Times) -> Timestamps {
    // Before 1970 the nanoseconds still count upwards for the kernel, while a timestamp's share the sign.
    let spec = |time: Timestamp| {
        let all = time.as_nanosecond();
        let (seconds, rest) = (all.div_euclid(1_000_000_000), all.rem_euclid(1_000_000_000));
        Timespec { tv_sec: i64::try_from(seconds).unwrap_or(0), tv_nsec: i64::try_from(rest).unwrap_or(0) }
    };
    Timestamps { last_access: spec(times.accessed), last_modification: spec(times.modified) }
}

fn traits_of(file: impl AsFd) -> io::Result<Traits> {
    let stat = fstat(&file)?;
    Ok(Traits {
        mode: Mode::from_raw_mode(stat.st_mode).as_raw_mode(),
        owner: stat.st_uid,
        group: stat.st_gid,
        times: Times { accessed: time(stat.st_atime, stat.st_atime_nsec)?, modified: time(stat.st_mtime, stat.st_mtime_nsec)? },
        extended: extended(&file)?,
    })
}

fn extended(file: impl AsFd) -> io::Result<Vec<Extended>> {
    let mut names = vec![0; LARGEST_ATTRIBUTE];
    let length = match flistxattr(&file, &mut names[..]) {
        Ok(length) => length,
        Err(Errno::OPNOTSUPP) => 0,
        Err(error) => return Err(error.into()),
    };
    names.truncate(length);
    let mut all = Vec::new();
    for name in names.split_inclusive(|byte| *byte == 0) {
        let name = CStr::from_bytes_with_nul(name).map_err(io::Error::other)?;
        let mut value = vec![0; LARGEST_ATTRIBUTE];
        let length = fgetxattr(&file, name, &mut value[..])?;
        value.truncate(length);
        let name = name.to_str().map_err(io::Error::other)?.to_owned();
        all.push(Extended { name, value: encode(&value) });
    }
    all.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}
