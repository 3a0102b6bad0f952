//! Scheduled tasks as the files below `System32\Tasks`, which are XML in UTF-16.

use crate::clock::Moment;

/// A task.
pub(crate) struct Task<'a> {
    /// `\Folder\Name`.
    pub(crate) name: &'a str,
    pub(crate) author: &'a str,
    /// Account it runs as: a SID.
    pub(crate) user: &'a str,
    pub(crate) command: &'a str,
    pub(crate) arguments: &'a str,
    pub(crate) registered: Moment,
}

impl Task<'_> {
    pub(crate) fn path(&self) -> String {
        format!(r"C:\Windows\System32\Tasks{}", self.name)
    }

    pub(crate) fn xml(&self) -> String {
        let Self { name, author, user, .. } = self;
        let [command, arguments] = [self.command, self.arguments].map(escaped);
        let date = self.registered.iso_seconds();
        let lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?>".to_owned(),
            "<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">".to_owned(),
            "  <RegistrationInfo>".to_owned(),
            format!("    <Date>{date}</Date>"),
            format!("    <Author>{author}</Author>"),
            format!("    <URI>{name}</URI>"),
            "  </RegistrationInfo>".to_owned(),
            "  <Triggers>".to_owned(),
            format!("    <TimeTrigger><StartBoundary>{date}</StartBoundary><Enabled>true</Enabled></TimeTrigger>"),
            "  </Triggers>".to_owned(),
            "  <Principals>".to_owned(),
            format!("    <Principal id=\"Author\"><UserId>{user}</UserId><RunLevel>HighestAvailable</RunLevel></Principal>"),
            "  </Principals>".to_owned(),
            "  <Settings><Enabled>true</Enabled><Hidden>false</Hidden></Settings>".to_owned(),
            "  <Actions Context=\"Author\">".to_owned(),
            format!("    <Exec><Command>{command}</Command><Arguments>{arguments}</Arguments></Exec>"),
            "  </Actions>".to_owned(),
            "</Task>".to_owned(),
        ];
        lines.join("\r\n")
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(self.xml().encode_utf16().collect::<Vec<_>>());
        units.flat_map(u16::to_le_bytes).collect()
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
