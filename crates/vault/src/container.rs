//! One file put away: an age file around a tar archive of `content` (the bytes) and `about.json` (everything else).
//!
//! `age -d -i key.txt files/000001.age | tar x` opens it without us.

use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use age::{Decryptor, Encryptor};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::disk::{Disk, Identity as FileIdentity, Traits};
use crate::keys::{Identity, Recipient};
use crate::{Place, VaultError, hex};

/// Name and version of `about.json`.
pub const ABOUT_SCHEMA: &str = "afterpatch.container/1";

/// What `about.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// [`ABOUT_SCHEMA`].
    pub schema: String,
    /// Where the file lay.
    pub place: Place,
    /// SHA-256 of its content.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Which file it was.
    pub identity: FileIdentity,
    /// Everything else about it.
    pub traits: Traits,
}

/// A container was written.
pub(crate) struct Written {
    /// SHA-256 of the file's content.
    pub(crate) sha256: String,
    /// SHA-256 of the container.
    pub(crate) container_sha256: String,
}

/// Writes a container. `file` has just been opened and has exactly `size` bytes; more or fewer mean that somebody writes to it.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] when the size is another; what the disk says.
pub(crate) fn write(
    out: impl Write,
    recipient: &Recipient,
    file: &mut impl Read,
    mut about: About,
) -> Result<Written, io::Error> {
    let mut out = Hashing::new(BufWriter::with_capacity(128 << 10, out));
    let encryptor = Encryptor::with_recipients(std::iter::once(&recipient.0 as &dyn age::Recipient)).map_err(io::Error::other)?;
    let mut archive = tar::Builder::new(encryptor.wrap_output(&mut out)?);
    let mut content = Hashing::new(Exactly { inner: file, left: about.size });
    archive.append_data(&mut header(about.size, &about.traits), "content", &mut content)?;
    if content.inner.inner.read(&mut [0])? > 0 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the file grew"));
    }
    about.sha256 = content.finish();
    let json = serde_json::to_vec_pretty(&about)?;
    archive.append_data(&mut header(u64::try_from(json.len()).unwrap_or(0), &about.traits), "about.json", &*json)?;
    archive.into_inner()?.finish()?;
    out.flush()?;
    Ok(Written { sha256: about.sha256, container_sha256: out.finish() })
}

fn header(size: u64, traits: &Traits) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    // Whoever unpacks it by hand shall not get something that runs.
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(traits.times.modified.as_second()).unwrap_or(0));
    header
}

/// Reads a container's content into `out`, and gives what `about.json` says.
///
/// # Errors
/// [`VaultError::WrongKey`], [`VaultError::BadContainer`] (its content does not have the hash it says), what the disk says.
pub(crate) fn read(file: impl Read, path: &Path, identity: &Identity, out: &mut impl Write) -> Result<About, VaultError> {
    let bad = |why: String| VaultError::BadContainer { path: path.to_owned(), why };
    let decryptor = Decryptor::new_buffered(BufReader::new(file)).map_err(|error| bad(error.to_string()))?;
    let plain = decryptor
        .decrypt(std::iter::once(&identity.0 as &dyn age::Identity))
        .map_err(|error| VaultError::WrongKey { path: path.to_owned(), why: error.to_string() })?;
    let mut archive = tar::Archive::new(plain);
    let (mut sha256, mut about) = (None, None);
    let damaged = |error: io::Error| bad(error.to_string());
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        match &*entry.path_bytes() {
            b"content" => {
                let mut hashing = Hashing::new(&mut *out);
                copy(&mut entry, &mut hashing).map_err(|error| match error {
                    Copying::Read(error) => damaged(error),
                    Copying::Write(source) => VaultError::Io { path: path.to_owned(), doing: "unpacking", source },
                })?;
                sha256 = Some(hashing.finish());
            }
            b"about.json" => {
                about =
                    Some(serde_json::from_reader::<_, About>(&mut entry).map_err(|error| bad(format!("about.json: {error}")))?);
            }
            _ => {}
        }
    }
    match (sha256, about) {
        (Some(sha256), Some(about)) if sha256 == about.sha256 => Ok(about),
        (Some(sha256), Some(about)) => Err(bad(format!("its content has SHA-256 {sha256}, not {}", about.sha256))),
        _ => Err(bad("content or about.json is missing".to_owned())),
    }
}

enum Copying {
    Read(io::Error),
    Write(io::Error),
}

/// Like [`io::copy`], but tells which side failed.
fn copy(from: &mut impl Read, to: &mut impl Write) -> Result<(), Copying> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let length = from.read(&mut buffer).map_err(Copying::Read)?;
        match buffer.get(..length) {
            Some([]) | None => return Ok(()),
            Some(bytes) => to.write_all(bytes).map_err(Copying::Write)?,
        }
    }
}

/// SHA-256 of a file from its start.
pub(crate) fn hash_of<D: Disk>(file: &mut D::File) -> io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let mut hashing = Hashing::new(file);
    io::copy(&mut hashing, &mut io::sink())?;
    Ok(hashing.finish())
}

/// SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes))
}

/// Hashes what passes through.
pub(crate) struct Hashing<T> {
    inner: T,
    hash: Sha256,
}

impl<T> Hashing<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self { inner, hash: Sha256::new() }
    }

    pub(crate) fn finish(self) -> String {
        hex::encode(&self.hash.finalize())
    }
}

impl<T: Read> Read for Hashing<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..length).unwrap_or_default());
        Ok(length)
    }
}

impl<T: Write> Write for Hashing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..length).unwrap_or_default());
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Reads as many bytes as said: fewer are an error.
struct Exactly<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let length = self.inner.read(buffer.get_mut(..most).unwrap_or_default())?;
        if length == 0 && most > 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the file shrank"));
        }
        self.left -= u64::try_from(length).unwrap_or(0);
        Ok(length)
    }
}
