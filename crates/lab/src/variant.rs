//! Which story the evidence tells.

/// What happened on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    /// Nothing: users, probes, administrators, and everything that looks bad and is not.
    Benign,
    /// Visitors looked for the hole and for other people's shells, and got nothing.
    ScannedOnly,
    /// The forged requests came, and a fixed server refused them.
    AttemptedRefused,
    /// A session was opened and the configuration read; nothing was changed.
    ProxyLogonSessionOnly,
    /// The whole chain through the offline address book directory; the shell was used and is still there.
    ProxyLogonOab,
    /// As before, and later the shell was deleted: answers of 200 turn into 302.
    ProxyLogonOabRemoved,
    /// As before, the shell stays, the server is updated, and the shell is used after that.
    ProxyLogonPostPatch,
    /// The whole chain, but only the logs of `HttpProxy` and of the control panel were collected.
    ProxyLogonEcpOnly,
    /// The whole chain, but only the Windows events were collected.
    ProxyLogonEventsOnly,
    /// The unified messaging service was made to run a command (CVE-2021-26857).
    UmDeserialization,
    /// The address book generator wrote a page into the web root (CVE-2021-26858).
    OabFileWrite,
    /// Two attackers with different shells, an hour apart.
    TwoActors,
}

/// How one variant differs from the others, in one place.
struct Line(Variant, &'static str, [&'static str; 2]);

const LINES: [Line; 12] = [
    Line(Variant::Benign, "benign", ["nothing_seen", "nothing_seen"]),
    Line(Variant::ScannedOnly, "scanned_only", ["nothing_seen", "nothing_seen"]),
    Line(Variant::AttemptedRefused, "attempted_refused", ["attempted", "nothing_seen"]),
    Line(Variant::ProxyLogonSessionOnly, "proxylogon_session_only", ["passed", "nothing_seen"]),
    Line(Variant::ProxyLogonOab, "proxylogon_oab", ["compromised", "in_place"]),
    Line(Variant::ProxyLogonOabRemoved, "proxylogon_oab_removed", ["compromised", "removed"]),
    Line(Variant::ProxyLogonPostPatch, "proxylogon_post_patch", ["compromised", "used_after_fix"]),
    Line(Variant::ProxyLogonEcpOnly, "proxylogon_ecp_only", ["compromised", "in_place"]),
    Line(Variant::ProxyLogonEventsOnly, "proxylogon_events_only", ["compromised", "in_place"]),
    Line(Variant::UmDeserialization, "um_deserialization", ["compromised", "nothing_seen"]),
    Line(Variant::OabFileWrite, "oab_file_write", ["compromised", "in_place"]),
    Line(Variant::TwoActors, "two_actors", ["compromised", "in_place"]),
];

impl Variant {
    /// Every variant, the harmless ones first.
    pub fn all() -> impl Iterator<Item = Self> {
        LINES.iter().map(|line| line.0)
    }

    /// The variant's one name, for the command line and file names.
    pub fn slug(self) -> &'static str {
        self.line().1
    }

    /// The variant of that name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        LINES.iter().find(|line| line.1 == slug).map(|line| line.0)
    }

    /// The right answer to "did they get in?".
    pub(crate) fn compromise(self) -> &'static str {
        self.line().2[0]
    }

    /// The right answer to "are they still in?".
    pub(crate) fn foothold(self) -> &'static str {
        self.line().2[1]
    }

    /// Whether the story needs a server that lacks the fix.
    pub(crate) fn needs_open_server(self) -> bool {
        !matches!(self, Self::Benign | Self::ScannedOnly | Self::AttemptedRefused)
    }

    fn line(self) -> &'static Line {
        &LINES[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_the_enum() {
        for variant in Variant::all() {
            assert_eq!(variant.line().0, variant);
            assert_eq!(Variant::from_slug(variant.slug()), Some(variant));
        }
    }
}
