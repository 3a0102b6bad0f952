//! Where a lake or a package lies: a folder of this machine, or an object store.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail};
use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, path::Path, prefix::PrefixStore};
use url::Url;

/// A place that objects are kept in.
pub struct Place {
    /// Its objects, by names relative to it.
    pub store: Arc<dyn ObjectStore>,
    /// The folder, when it is one on this machine.
    pub folder: Option<PathBuf>,
}

/// Whether a name is a URL and no path.
pub fn is_url(name: &str) -> bool {
    // `C:\lake` is none.
    name.split_once("://").is_some_and(|(scheme, _)| scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

impl Place {
    /// A folder, or the URL of one.
    ///
    /// # Errors
    /// When the URL is of a kind that this program was not built for, or the folder does not exist.
    pub fn of(name: &str) -> anyhow::Result<Self> {
        let Some(folder) = folder_of(name)? else {
            let (store, prefix) = remote(&Url::parse(name).with_context(|| name.to_owned())?)?;
            return Ok(Self { store: Arc::new(PrefixStore::new(store, prefix)), folder: None });
        };
        let store = LocalFileSystem::new_with_prefix(&folder).with_context(|| name.to_owned())?;
        Ok(Self { store: Arc::new(store), folder: Some(folder) })
    }
}

/// The folder of this machine that a name or URL means, whether it exists or not; `None` when it means an object store.
///
/// # Errors
/// When it cannot be one.
pub fn folder_of(name: &str) -> anyhow::Result<Option<PathBuf>> {
    let folder = if is_url(name) {
        let url = Url::parse(name).with_context(|| name.to_owned())?;
        if url.scheme() != "file" {
            return Ok(None);
        }
        url.to_file_path().map_err(|()| anyhow::anyhow!("{name}: is no path of this machine"))?
    } else {
        PathBuf::from(name)
    };
    std::path::absolute(&folder).map(Some).with_context(|| name.to_owned())
}

/// Object stores that are open. Each is opened once: that reads certificates, and its connections are kept.
#[derive(Debug, Default)]
pub struct Stores {
    open: Mutex<HashMap<String, Arc<dyn ObjectStore>>>,
}

impl Stores {
    /// An object store, and the path in it that the URL names, as [`remote`].
    ///
    /// # Errors
    /// When it is of a kind that this program was not built for.
    pub fn remote(&self, url: &Url) -> anyhow::Result<(Arc<dyn ObjectStore>, Path)> {
        let name = &url[..url::Position::BeforePath];
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = open.get(name) {
            return Ok((Arc::clone(store), Path::from_url_path(url.path()).with_context(|| url.to_string())?));
        }
        let (store, path) = remote(url)?;
        open.insert(name.to_owned(), Arc::clone(&store));
        Ok((store, path))
    }
}

/// An object store, and the path in it that the URL names. Keys and regions come from the environment, as that store's own
/// programs read it (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, `AZURE_STORAGE_ACCOUNT_NAME`, `GOOGLE_SERVICE_ACCOUNT` ...).
#[cfg(feature = "cloud")]
fn remote(url: &Url) -> anyhow::Result<(Arc<dyn ObjectStore>, Path)> {
    if !["s3", "s3a", "gs", "az", "adl", "azure", "abfs", "abfss"].contains(&url.scheme()) {
        bail!("{url}: lakes and packages lie in folders or on s3://, gs:// or az://");
    }
    let environment = std::env::vars().map(|(name, value)| (name.to_lowercase(), value));
    let (store, prefix) = object_store::parse_url_opts(url, environment).with_context(|| url.to_string())?;
    Ok((Arc::from(store), prefix))
}

/// Without the feature there is none.
#[cfg(not(feature = "cloud"))]
fn remote(url: &Url) -> anyhow::Result<(Arc<dyn ObjectStore>, Path)> {
    bail!("{url}: this afterpatch-fleet was built without object stores; build it with `--features cloud`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drive_letter_is_no_scheme() {
        for (name, url) in [
            ("s3://bucket/lake", true),
            ("file:///lake", true),
            ("C:\\lake", false),
            ("c://lake", false),
            ("lake", false),
            ("://", false),
        ] {
            assert_eq!(is_url(name), url, "{name}");
        }
    }
}
