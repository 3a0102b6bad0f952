//! The log of the offline address book generator (`Logging\OABGeneratorLog`), one file a day.
//!
//! No real file of it was at hand; what is known is the sentence on a failed download (Microsoft's own test script
//! searches for it) and that Exchange's logs share one shape. The columns around the sentence are our reading.

use crate::{
    clock::Moment,
    sheet::{Page, Row, Sheet, Shelf, into_pages},
    truth::Mark,
    world::World,
};

/// The log.
#[derive(Default)]
pub(crate) struct OabGenerator(Sheet);

impl OabGenerator {
    pub(crate) fn push(&mut self, at: Moment, thread: i64, message: &str, mark: Option<Mark>) {
        let message =
            if message.contains(['"', ',']) { format!("\"{}\"", message.replace('"', "\"\"")) } else { message.to_owned() };
        self.0.push(at, format!("{},{thread},OABGeneratorAssistant,{message}", at.iso()), mark);
    }

    pub(crate) fn shelve(self, world: &World, shelf: &mut Shelf) {
        let path = |row: &Row| world.below(&format!(r"Logging\OABGeneratorLog\OABGeneratorLog{}-1.LOG", row.at.day_code()));
        let open = |path: String, at: Moment| {
            let mut page = Page::new(path, "\r\n", at).with_byte_order_mark();
            page.line("#Software: Microsoft Exchange Server");
            page.line(&format!("#Version: {}", world.build_at(at).long()));
            page.line("#Log-type: OABGenerator Log");
            page.line(&format!("#Date: {}", at.iso()));
            page.line("#Fields: date-time,thread-id,component,message");
            page
        };
        into_pages(self.0.sorted(), 1, shelf, path, open, |_, _| {});
    }
}

/// What the generator writes when a download fails.
pub(crate) fn failed_download(path: &str) -> String {
    format!("Download failed and temporary file '{path}' needs to be removed.")
}
