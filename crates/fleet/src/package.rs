//! What was named on the command line, as packages: files and folders that are each one unit of work.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, bail};
use futures::TryStreamExt;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectMeta, ObjectStore};
use sha2::{Digest, Sha256};
use url::Url;

use crate::lake::{Stores, folder_of, is_url};

/// Bytes of a package's id: enough that no two URLs share one.
const ID_BYTES: usize = 16;

/// One unit of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Made of the URL; the same in every run.
    pub id: String,
    /// Where it lies.
    pub uri: Url,
    /// What tells this content from another under the same URL.
    pub identity: String,
    /// Its size as it lies there.
    pub bytes: u64,
}

impl Package {
    fn new(uri: Url, identity: String, bytes: u64) -> Self {
        let hash = Sha256::digest(uri.as_str());
        Self { id: hex(hash.get(..ID_BYTES).unwrap_or_default()), uri, identity, bytes }
    }

    /// The last part of its URL, readable.
    pub fn name(&self) -> String {
        let last = self.uri.path_segments().and_then(|parts| parts.rev().find(|part| !part.is_empty()));
        readable(last.unwrap_or_default())
    }
}

/// The packages of all patterns, each once, in order of their URLs.
///
/// # Errors
/// When a pattern is none, or an object store does not answer.
pub async fn find(patterns: &[String], stores: &Stores) -> anyhow::Result<Vec<Package>> {
    let mut found = BTreeMap::new();
    for pattern in patterns {
        let packages = if is_url(pattern) && !pattern.starts_with("file://") {
            in_store(pattern, stores).await?
        } else {
            in_folder(pattern)?
        };
        found.extend(packages.into_iter().map(|package| (package.uri.clone(), package)));
    }
    Ok(found.into_values().collect())
}

/// What lies on this machine. A file that cannot be looked at is a package, too: that it cannot be read must reach the lake.
fn in_folder(pattern: &str) -> anyhow::Result<Vec<Package>> {
    let pattern = match folder_of(pattern)? {
        Some(path) if is_url(pattern) => path.to_string_lossy().into_owned(),
        _ => pattern.to_owned(),
    };
    // A name that holds the signs of a pattern and is there is meant as it is.
    let paths = if Path::new(&pattern).exists() {
        vec![PathBuf::from(&pattern)]
    } else {
        must_be_nameable(&pattern)?;
        // As a shell does it: what begins with a dot is not meant.
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        let matched = glob::glob_with(&pattern, options).with_context(|| pattern.clone())?;
        matched.map(|path| path.unwrap_or_else(|error| error.path().to_owned())).collect()
    };
    let mut packages = Vec::new();
    for path in paths.into_iter().filter(|path| !is_later_piece(path)) {
        let absolute = std::path::absolute(&path).with_context(|| path.display().to_string())?;
        let uri = Url::from_file_path(&absolute).map_err(|()| anyhow::anyhow!("{}: is no path for a URL", path.display()))?;
        let seen = Seen::of(&absolute);
        packages.push(Package::new(uri, seen.identity(), seen.bytes));
    }
    Ok(packages)
}

/// Patterns pass over names that are no Unicode. A package must not be passed over in silence.
fn must_be_nameable(pattern: &str) -> anyhow::Result<()> {
    let folder = Path::new(pattern).parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        if entry.file_name().to_str().is_none() {
            bail!("{}: this name is no Unicode, so no pattern can match it; rename it", entry.path().display());
        }
    }
    Ok(())
}

/// `case.zip.002` is read with `case.zip.001`.
fn is_later_piece(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let Some((whole, number)) = name.rsplit_once('.') else { return false };
    number.len() == 3
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && number != "001"
        && path.with_file_name(format!("{whole}.001")).exists()
}

/// Sizes and times of a file, of a folder's files, or of the pieces of a file.
#[derive(Default)]
struct Seen {
    hash: Sha256,
    files: u64,
    bytes: u64,
    latest: Option<SystemTime>,
    is_folder: bool,
}

impl Seen {
    fn of(path: &Path) -> Self {
        let mut seen = Self::default();
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                seen.is_folder = true;
                seen.folder(path, path);
            }
            Ok(metadata) => {
                seen.file("", &metadata);
                seen.pieces(path);
            }
            Err(error) => seen.hash.update(error.kind().to_string()),
        }
        seen
    }

    /// Links are not followed: they may lead out of the folder, or round in it.
    fn folder(&mut self, root: &Path, folder: &Path) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        let mut entries: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        entries.sort();
        for path in entries {
            match fs::symlink_metadata(&path) {
                Ok(metadata) if metadata.is_dir() => self.folder(root, &path),
                Ok(metadata) => {
                    let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
                    self.file(&name, &metadata);
                }
                Err(_) => {}
            }
        }
    }

    fn pieces(&mut self, first: &Path) {
        let Some(whole) = first.to_str().and_then(|name| name.strip_suffix(".001")) else { return };
        for number in 2..=999 {
            let name = format!("{whole}.{number:03}");
            let Ok(metadata) = fs::metadata(&name) else { return };
            self.file(&name, &metadata);
        }
    }

    fn file(&mut self, name: &str, metadata: &Metadata) {
        let changed = metadata.modified().ok();
        self.files += 1;
        self.bytes = self.bytes.saturating_add(metadata.len());
        self.latest = self.latest.max(changed);
        self.hash.update(name);
        self.hash.update([0]);
        self.hash.update(metadata.len().to_le_bytes());
        self.hash.update(nanoseconds(changed).to_le_bytes());
    }

    fn identity(&self) -> String {
        if self.is_folder || self.files != 1 {
            return format!("files={} bytes={} listing={}", self.files, self.bytes, hex(&self.hash.clone().finalize()));
        }
        format!("bytes={} modified={}", self.bytes, nanoseconds(self.latest))
    }
}

fn nanoseconds(time: Option<SystemTime>) -> u128 {
    time.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok()).map_or(0, |since| since.as_nanos())
}

/// What lies in an object store.
async fn in_store(pattern: &str, stores: &Stores) -> anyhow::Result<Vec<Package>> {
    // What the bucket is called must not depend on the signs of a pattern in what follows.
    let (scheme, rest) = pattern.split_once("://").with_context(|| pattern.to_owned())?;
    let (bucket, wanted) = rest.split_once('/').unwrap_or((rest, ""));
    let url = Url::parse(&format!("{scheme}://{bucket}/")).with_context(|| pattern.to_owned())?;
    let wanted = readable(wanted);
    let matching = glob::Pattern::new(&wanted).with_context(|| pattern.to_owned())?;
    let (store, _) = stores.remote(&url)?;
    let folder = wanted.split(['*', '?', '[']).next().unwrap_or_default().rsplit_once('/').map(|(folder, _)| folder);
    let listed = store.list(folder.map(ObjectPath::from).as_ref()).try_collect::<Vec<_>>().await;
    let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::new() };
    let objects = listed.with_context(|| pattern.to_owned())?.into_iter();
    let mut packages = Vec::new();
    for object in objects.filter(|object| matching.matches_with(object.location.as_ref(), options)) {
        // Consoles keep an empty object for each "folder".
        if object.size == 0 && is_folder_mark(&*store, &object.location).await {
            continue;
        }
        packages.push(Package::new(url_of(&url, &object.location), identity_of(&object), object.size));
    }
    Ok(packages)
}

/// The URL of an object. A percent sign in its name is one of the name.
fn url_of(store: &Url, object: &ObjectPath) -> Url {
    let mut url = store.clone();
    url.set_path(&object.as_ref().replace('%', "%25"));
    url
}

/// Whether nothing of that very name is there: what was listed ended in a slash, which is left out of names.
async fn is_folder_mark(store: &dyn ObjectStore, name: &ObjectPath) -> bool {
    use object_store::ObjectStoreExt as _;
    matches!(store.head(name).await, Err(object_store::Error::NotFound { .. }))
}

fn identity_of(object: &ObjectMeta) -> String {
    let mark = object.e_tag.clone().unwrap_or_else(|| object.last_modified.to_rfc3339());
    format!("bytes={} mark={mark}", object.size)
}

/// Whether a package that another process found lies here, too. What lies in an object store is the same for all.
///
/// # Errors
/// When it does not.
#[cfg(feature = "cluster")]
pub fn must_be_here(uri: &Url, identity: &str) -> anyhow::Result<()> {
    let Some(path) = uri.to_file_path().ok().filter(|_| uri.scheme() == "file") else { return Ok(()) };
    let here = Seen::of(&path).identity();
    if here != identity {
        bail!(
            "{uri}: an executor does not see what was found ({here} here, {identity} there); packages of a cluster lie on a disk that \
             all its executors see under the same path, or in an object store"
        );
    }
    Ok(())
}

/// A package as a path that the engine can open; the temporary folder, when it had to be fetched, goes with it.
pub struct Fetched {
    /// Where it lies.
    pub path: PathBuf,
    _folder: Option<tempfile::TempDir>,
}

/// Brings a package onto this machine, when it is not there.
///
/// # Errors
/// When it cannot be fetched.
pub async fn fetch(uri: &Url, stores: &Stores) -> anyhow::Result<Fetched> {
    if uri.scheme() == "file" {
        let path = uri.to_file_path().map_err(|()| anyhow::anyhow!("{uri}: is no path of this machine"))?;
        return Ok(Fetched { path, _folder: None });
    }
    let (store, object) = stores.remote(uri)?;
    let folder = tempfile::TempDir::new().context("no temporary folder")?;
    // The name is the server's when nothing in it names one; it must not lead out of the folder.
    let name = object.filename().unwrap_or("package").replace(['/', '\\', ':', '\0'], "_");
    let path = folder.path().join(if name.starts_with('.') { format!("_{name}") } else { name });
    download(&*store, &object, &path).await.with_context(|| uri.to_string())?;
    Ok(Fetched { path, _folder: Some(folder) })
}

async fn download(store: &dyn ObjectStore, object: &ObjectPath, path: &Path) -> anyhow::Result<()> {
    use std::io::Write as _;

    use object_store::ObjectStoreExt as _;
    let mut pieces = store.get(object).await?.into_stream();
    let mut file = fs::File::create_new(path)?;
    while let Some(piece) = pieces.try_next().await? {
        file.write_all(&piece)?;
    }
    Ok(file.flush()?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A part of a URL without its `%20`.
fn readable(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let byte = (*first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn names(packages: &[Package]) -> Vec<String> {
        packages.iter().map(Package::name).collect()
    }

    fn found(patterns: &[&Path]) -> Vec<Package> {
        let patterns: Vec<String> = patterns.iter().map(|pattern| pattern.to_str().unwrap().to_owned()).collect();
        futures::executor::block_on(find(&patterns, &Stores::default())).unwrap()
    }

    #[test]
    fn patterns_are_expanded_and_each_package_is_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["b.zip", "a b.zip", "c.zip.001", "c.zip.002", "[x].zip", "d.002", ".hidden.zip"] {
            fs::write(at(name), name).unwrap();
        }
        fs::create_dir(at("tree")).unwrap();
        fs::write(at("tree/log"), "x").unwrap();
        assert_eq!(names(&found(&[&at("*.zip"), &at("b.zip")])), ["[x].zip", "a b.zip", "b.zip"]);
        assert_eq!(names(&found(&[&at("*")])), ["[x].zip", "a b.zip", "b.zip", "c.zip.001", "d.002", "tree"]);
        assert_eq!(names(&found(&[&at("[x].zip")])), ["[x].zip"]);
        let uri = found(&[&at("a b.zip")]).remove(0).uri;
        assert!(uri.as_str().ends_with("/a%20b.zip"), "{uri}");
        assert_eq!(found(&[Path::new(uri.as_str())]).remove(0).uri, uri);
        assert!(found(&[&at("*.7z"), &at("none.zip")]).is_empty());
    }

    #[test]
    fn another_content_is_another_identity() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.zip");
        fs::write(&file, "one").unwrap();
        let (first, of_folder) = (found(&[&file]), found(&[folder.path()]));
        assert_eq!(first, found(&[&file]));
        fs::write(&file, "three").unwrap();
        let (second, of_changed_folder) = (found(&[&file]), found(&[folder.path()]));
        assert_eq!(first[0].id, second[0].id);
        assert_ne!(first[0].identity, second[0].identity);
        assert_eq!(of_folder[0].id, of_changed_folder[0].id);
        assert_ne!(of_folder[0].identity, of_changed_folder[0].identity);
    }

    #[test]
    fn percent_signs_are_read_where_they_mean_something() {
        for (part, text) in [("a%20b", "a b"), ("100%", "100%"), ("%zz", "%zz"), ("%C3%BC", "ü"), ("%e", "%e")] {
            assert_eq!(readable(part), text);
        }
    }
}
