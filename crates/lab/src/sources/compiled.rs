//! Results of the page compiler in the temporary ASP.NET folder.

use crate::{clock::Moment, dice::Dice, sheet::Shelf, truth::Mark};

/// A page that was compiled at its first request.
pub(crate) struct CompiledPage {
    pub(crate) at: Moment,
    /// `/owa/auth/x.aspx`.
    pub(crate) virtual_path: String,
    /// `App_Web_llfrjg0v`.
    pub(crate) assembly: String,
    /// Full path of the `.compiled` file.
    pub(crate) path: String,
    pub(crate) mark: Option<Mark>,
}

/// The compiler's folder of one application: it stays the same while the application lives.
pub(crate) fn folder(application: &str, dice: &mut Dice) -> String {
    format!(
        r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Temporary ASP.NET Files\{application}\{}\{}",
        dice.hex(8),
        dice.hex(8)
    )
}

impl CompiledPage {
    pub(crate) fn new(dice: &mut Dice, at: Moment, folder: &str, virtual_path: &str, mark: Option<Mark>) -> Self {
        let page = virtual_path.rsplit('/').next().unwrap_or(virtual_path);
        Self {
            at,
            virtual_path: virtual_path.to_owned(),
            assembly: format!("App_Web_{}", dice.word(8)),
            path: format!(r"{folder}\{page}.{}.compiled", dice.hex(8)),
            mark,
        }
    }

    pub(crate) fn shelve(self, dice: &mut Dice, shelf: &mut Shelf) {
        let Self { virtual_path, assembly, .. } = &self;
        let (hash, file_hash) = (dice.hex(16), dice.hex(14));
        let type_name = virtual_path.trim_start_matches('/').split_once('/').map_or(virtual_path.as_str(), |(_, rest)| rest);
        let type_name = type_name.replace(['/', '.', '-'], "_");
        let text = format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n\
             <preserve resultType=\"3\" virtualPath=\"{virtual_path}\" hash=\"{hash}\" filehash=\"{file_hash}\" flags=\"110000\" \
             assembly=\"{assembly}\" type=\"ASP.{type_name}\">\r\n    <filedeps>\r\n        \
             <filedep name=\"{virtual_path}\" />\r\n    </filedeps>\r\n</preserve>\r\n"
        );
        shelf.whole(self.path, text.into_bytes(), self.at, self.mark);
    }
}
