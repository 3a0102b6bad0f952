//! The control panel's server log (`Logging\ECP\Server`), one file a day.

use crate::{
    clock::Moment,
    dice::Dice,
    sheet::{Page, Row, Sheet, Shelf, into_pages},
    truth::Mark,
    world::World,
};

/// The log.
#[derive(Default)]
pub(crate) struct EcpServer(Sheet);

/// One call of the control panel.
pub(crate) struct Call<'a> {
    /// Cmdlet in the log's grammar: `Verb-Noun.Param='value'`.
    pub(crate) command: &'a str,
    /// The panel's URL, with the session's canary.
    pub(crate) url: &'a str,
    /// Exception, if any.
    pub(crate) exception: &'a str,
}

impl EcpServer {
    pub(crate) fn push(&mut self, world: &World, dice: &mut Dice, at: Moment, call: &Call<'_>, mark: Option<Mark>) {
        let items = [
            ("TIME", dice.between(4, 900).to_string()),
            ("SID", dice.guid()),
            ("CMD", call.command.to_owned()),
            ("REQID", String::new()),
            ("URL", call.url.to_owned()),
            ("REFERRER", String::new()),
            ("EX", call.exception.to_owned()),
            ("ACTID", dice.guid()),
            ("RS", "0".to_owned()),
            ("BLD", world.build_at(at).to_string()),
            ("TNAME", "<null>".to_owned()),
            ("TID", String::new()),
            ("USID", dice.guid()),
            ("EDOID", String::new()),
            ("ACID", String::new()),
        ];
        let data = items.map(|(key, value)| item(key, &value)).join(";");
        self.0.push(at, format!("{},{},ECP.Request,{}", at.iso(), world.name, field(&data)), mark);
    }

    pub(crate) fn shelve(self, world: &World, shelf: &mut Shelf) {
        let path = |row: &Row| world.below(&format!(r"Logging\ECP\Server\ECPServer{}-1.LOG", row.at.day_code()));
        let open = |path: String, at: Moment| {
            let mut page = Page::new(path, "\r\n", at).with_byte_order_mark();
            for line in ["#Software: Microsoft Exchange Server", "#Version: 15.0.0.0", "#Log-type: ECP Server Log"] {
                page.line(line);
            }
            page.line(&format!("#Date: {}", at.iso()));
            page.line("#Fields: TimeStamp,ServerName,EventId,EventData");
            page
        };
        into_pages(self.0.sorted(), 1, shelf, path, open, |_, _| {});
    }
}

/// One item of the bag. An item with a quote or a semicolon is wrapped in quotes *as a whole*, its own quotes doubled
/// (seen in the published log lines of a real incident, helsecert/2021-march-exchange, and in Exchange 2013's EWS log).
fn item(key: &str, value: &str) -> String {
    let plain = format!("S:{key}={value}");
    if value.contains(['\'', ';']) { format!("'{}'", plain.replace('\'', "''")) } else { plain }
}

/// One field of the row, quoted as CSV when it must be.
fn field(text: &str) -> String {
    if text.contains(['"', ',']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_quoted_as_in_the_real_log() {
        assert_eq!(item("CMD", "Get-InboxRule"), "S:CMD=Get-InboxRule");
        assert_eq!(item("CMD", "Get-X.Identity=$null"), "S:CMD=Get-X.Identity=$null");
        assert_eq!(item("CMD", "Get-X.Identity='a b'"), "'S:CMD=Get-X.Identity=''a b'''");
        assert_eq!(field(r#"S:A=<b c="d">"#), r#""S:A=<b c=""d"">""#);
    }
}
