//! Where this version changes nothing yet: every call says so. A server's disk that is mounted on Linux can be changed there.

use std::fs::File;
use std::io;
use std::path::Path;

use super::{Disk, Stat, Times, Traits};
use crate::Switch;

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

fn refuse<T>() -> io::Result<T> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "this version changes files on Windows and Linux only, because only there it was tried",
    ))
}

impl Disk for RealDisk {
    type Folder = ();
    type File = File;

    fn folder(&self, _: &Path, _: &[&str]) -> io::Result<()> {
        refuse()
    }

    fn make_folder(&self, (): &(), _: &str) -> io::Result<()> {
        refuse()
    }

    fn list(&self, (): &()) -> io::Result<Vec<String>> {
        refuse()
    }

    fn open(&self, (): &(), _: &str) -> io::Result<File> {
        refuse()
    }

    fn create(&self, (): &(), _: &str) -> io::Result<File> {
        refuse()
    }

    fn append(&self, (): &(), _: &str) -> io::Result<File> {
        refuse()
    }

    fn look(&self, (): &(), _: &str) -> io::Result<Option<Stat>> {
        refuse()
    }

    fn stat(&self, _: &File) -> io::Result<Stat> {
        refuse()
    }

    fn traits(&self, _: &File) -> io::Result<Traits> {
        refuse()
    }

    fn set_traits(&self, _: &File, _: &Traits) -> io::Result<()> {
        refuse()
    }

    fn folder_traits(&self, (): &()) -> io::Result<Traits> {
        refuse()
    }

    fn set_folder_times(&self, (): &(), _: &Times) -> io::Result<()> {
        refuse()
    }

    fn cut(&self, _: &File, _: u64) -> io::Result<()> {
        refuse()
    }

    fn sync(&self, _: &File) -> io::Result<()> {
        refuse()
    }

    fn sync_folder(&self, (): &()) -> io::Result<()> {
        refuse()
    }

    fn rename(&self, (): &(), _: &str, _: &str) -> io::Result<()> {
        refuse()
    }

    fn exchange(&self, (): &(), _: &str, _: &str) -> io::Result<()> {
        refuse()
    }

    fn replace(&self, (): &(), _: &str, _: &str) -> io::Result<()> {
        refuse()
    }

    fn remove(&self, (): &(), _: &str) -> io::Result<()> {
        refuse()
    }

    fn lock(&self, _: &File) -> io::Result<bool> {
        refuse()
    }

    fn position(&self, _: &Switch) -> io::Result<Option<String>> {
        refuse()
    }

    fn turn(&self, _: &Switch, _: &str) -> io::Result<()> {
        refuse()
    }
}
