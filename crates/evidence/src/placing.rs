//! Files that are met one by one, when nobody lists a whole place: what a watch sees change.

use std::path::Path;
use std::sync::Arc;

use afterpatch_model::Timestamp;

use crate::Entry;
use crate::file::Plain;
use crate::folder::OnDisk;
use crate::layout::Layout;
use crate::listing::{Found, place};
use crate::window::Window;

/// Makes entries of single files, with the places they had on their server.
#[derive(Debug)]
pub struct Placing(Layout);

impl Placing {
    /// Learns the layout from paths with `/`, as many as are known; those of a listing tell it like the listing itself.
    pub fn learn(paths: &[&str]) -> Self {
        Self(Layout::learn(|| paths.iter().copied()))
    }

    /// The file at `real`, which is called `path`. It is opened when it is read; a link in its place is not followed.
    ///
    /// Gives nothing when `real` is no path of a file.
    pub fn on_disk(&self, path: &str, real: &Path, size: u64, modified: Option<Timestamp>) -> Option<Entry> {
        let (folder, name) = (Arc::from(real.parent()?), real.file_name()?.to_owned());
        Some(self.entry(Found { path: path.to_owned(), size, modified, source: Box::new(OnDisk { folder, name }) }))
    }

    /// Other bytes under the name of a file: a part of a log that grows.
    pub fn of_bytes(&self, path: &str, bytes: Vec<u8>, modified: Option<Timestamp>) -> Entry {
        let source = Box::new(Plain(Window::of(bytes)));
        self.entry(Found { path: path.to_owned(), size: source.0.length(), modified, source })
    }

    fn entry(&self, found: Found) -> Entry {
        let own = place(&self.0, found);
        if own.windows.is_some() {
            return Entry::new(Arc::new(own));
        }
        // A file that is the first of its drive was not there to learn from.
        let path = own.path.clone();
        let alone = Layout::learn(|| std::iter::once(path.as_str()));
        let found = Found { path: own.path, size: own.size, modified: own.modified, source: own.source };
        Entry::new(Arc::new(place(&alone, found)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Read;

    use super::*;

    #[test]
    fn files_have_the_places_that_their_listing_gave_them() {
        let placing = Placing::learn(&["mnt/image/Windows/System32/a", "mnt/image/Exchange/b"]);
        let entry = placing.of_bytes("mnt/image/Exchange/new.aspx", b"text".to_vec(), None);
        assert_eq!(entry.windows_path(), Some(r"C:\Exchange\new.aspx"));
        let mut text = String::new();
        entry.reader().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "text");
        let alone = Placing::learn(&[]).of_bytes("case/C/inetpub/wwwroot/x.aspx", Vec::new(), None);
        assert_eq!(alone.windows_path(), Some(r"C:\inetpub\wwwroot\x.aspx"));
        assert_eq!(Placing::learn(&[]).of_bytes("var/www/x.php", Vec::new(), None).location(), "var/www/x.php");
    }
}
