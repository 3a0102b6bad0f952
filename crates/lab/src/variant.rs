//! Which story the evidence tells.

use crate::{
    Product,
    era::{self, Era},
};

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
    /// ProxyShell: a mailbox is exported into the web root, and the page in it used.
    ProxyShellExport,
    /// ProxyShell: a certificate request is written into the web root instead.
    ProxyShellCertificate,
    /// ProxyShell: the page lies in a hidden folder that a new virtual directory leads to.
    ProxyShellHiddenDirectory,
    /// ProxyShell's requests, all of them refused.
    ProxyShellRefused,
    /// ProxyNotShell: with a stolen account; a page is dropped, and a genuine page overwritten.
    ProxyNotShell,
    /// OWASSRF: remote PowerShell through webmail, and commands; no page.
    Owassrf,
    /// ProxyToken: somebody's inbox rule sends the mail elsewhere.
    ProxyToken,
    /// ProxyOracle: a prepared link, and a storm of guesses at a cookie; nothing else is seen.
    ProxyOracle,
    /// CVE-2020-0688: a prepared view state runs a command; later tries fail its check.
    ViewstateRce,
    /// CVE-2020-16875: a policy template runs a command.
    DlpTemplate,
    /// CVE-2021-42321: a prepared user configuration runs a command.
    Cve202142321,
    /// CVE-2023-21529 and its like: an ordinary user's remote PowerShell runs a command.
    PowerShellBackEnd,
    /// CVE-2026-62911: the server's log-on is relayed to its mailbox replication, which writes a page.
    Relay62911,
    /// After a break-in: the memory of lsass is dumped and fetched from the web root.
    PostMemoryDump,
    /// After a break-in: mailboxes are read through web services, many megabytes of them.
    PostMailboxSync,
    /// After a break-in: mailboxes are exported to a local folder.
    PostMailboxExport,
    /// After a break-in: full access, forwarding, an inbox rule and a transport rule.
    PostDelegation,
    /// After a break-in: a new account, an administrator of the server and of Exchange.
    PostAccounts,
    /// After a break-in: a scheduled task.
    PostTask,
    /// After a break-in: a service.
    PostService,
    /// After a break-in: a module of the web server.
    PostIisModule,
    /// After a break-in: a transport agent.
    PostTransportAgent,
    /// After a break-in: the antivirus is told to look away.
    PostExclusion,
    /// After a break-in: event logs cleared, hours of logs deleted, logging switched off.
    PostLogTampering,
    /// After a break-in: mailbox files are packed with 7-Zip and fetched.
    PostArchive,
    /// After a break-in: the antivirus finds the page and removes it.
    PostPageDeleted,
}

/// How one variant differs from the others, in one place: its name, the right answers to "did they get in?" and "are they
/// still in?", and the times at which it happened to servers.
struct Line(Variant, &'static str, [&'static str; 2], &'static [&'static Era]);

const MARCH: &[&Era] = &[&era::SPRING_2021];
const AFTERWARDS: &[&Era] = &[&era::SPRING_2021, &era::SUMMER_2021];

const LINES: [Line; 38] = [
    Line(Variant::Benign, "benign", ["nothing_seen", "nothing_seen"], &era::ALL),
    Line(Variant::ScannedOnly, "scanned_only", ["nothing_seen", "nothing_seen"], &era::ALL),
    Line(
        Variant::AttemptedRefused,
        "attempted_refused",
        ["attempted", "nothing_seen"],
        &[&era::SPRING_2021, &era::AUTUMN_2025, &era::OCTOBER_2026],
    ),
    Line(Variant::ProxyLogonSessionOnly, "proxylogon_session_only", ["passed", "nothing_seen"], MARCH),
    Line(Variant::ProxyLogonOab, "proxylogon_oab", ["compromised", "in_place"], MARCH),
    Line(Variant::ProxyLogonOabRemoved, "proxylogon_oab_removed", ["compromised", "removed"], MARCH),
    Line(Variant::ProxyLogonPostPatch, "proxylogon_post_patch", ["compromised", "used_after_fix"], MARCH),
    Line(Variant::ProxyLogonEcpOnly, "proxylogon_ecp_only", ["compromised", "in_place"], MARCH),
    Line(Variant::ProxyLogonEventsOnly, "proxylogon_events_only", ["compromised", "in_place"], MARCH),
    Line(Variant::UmDeserialization, "um_deserialization", ["compromised", "nothing_seen"], MARCH),
    Line(Variant::OabFileWrite, "oab_file_write", ["compromised", "in_place"], MARCH),
    Line(Variant::TwoActors, "two_actors", ["compromised", "in_place"], MARCH),
    Line(Variant::ProxyShellExport, "proxyshell_export", ["compromised", "in_place"], &[&era::SUMMER_2021]),
    Line(Variant::ProxyShellCertificate, "proxyshell_certificate", ["compromised", "in_place"], &[&era::SUMMER_2021]),
    Line(Variant::ProxyShellHiddenDirectory, "proxyshell_hidden_directory", ["compromised", "in_place"], &[&era::SUMMER_2021]),
    Line(Variant::ProxyShellRefused, "proxyshell_refused", ["attempted", "nothing_seen"], &[&era::SUMMER_2021]),
    Line(Variant::ProxyNotShell, "proxynotshell", ["compromised", "in_place"], &[&era::AUTUMN_2022]),
    Line(Variant::Owassrf, "owassrf", ["compromised", "nothing_seen"], &[&era::WINTER_2022]),
    Line(Variant::ProxyToken, "proxytoken", ["compromised", "in_place"], &[&era::SUMMER_2021]),
    Line(Variant::ProxyOracle, "proxyoracle", ["attempted", "nothing_seen"], &[&era::SUMMER_2021]),
    Line(Variant::ViewstateRce, "viewstate_rce", ["compromised", "nothing_seen"], &[&era::SPRING_2020]),
    Line(Variant::DlpTemplate, "dlp_template", ["compromised", "nothing_seen"], &[&era::AUTUMN_2020]),
    Line(Variant::Cve202142321, "cve_2021_42321", ["compromised", "nothing_seen"], &[&era::AUTUMN_2021]),
    Line(Variant::PowerShellBackEnd, "powershell_back_end", ["compromised", "nothing_seen"], &[&era::SPRING_2023]),
    Line(Variant::Relay62911, "relay_62911", ["compromised", "in_place"], &[&era::AUTUMN_2026]),
    Line(Variant::PostMemoryDump, "post_memory_dump", ["compromised", "in_place"], AFTERWARDS),
    Line(Variant::PostMailboxSync, "post_mailbox_sync", ["compromised", "in_place"], AFTERWARDS),
    Line(Variant::PostMailboxExport, "post_mailbox_export", ["compromised", "in_place"], AFTERWARDS),
    Line(Variant::PostDelegation, "post_delegation", ["compromised", "in_place"], AFTERWARDS),
    Line(Variant::PostAccounts, "post_accounts", ["compromised", "in_place"], AFTERWARDS),
    Line(Variant::PostTask, "post_task", ["compromised", "in_place"], AFTERWARDS),
    Line(Variant::PostService, "post_service", ["compromised", "in_place"], AFTERWARDS),
    Line(Variant::PostIisModule, "post_iis_module", ["compromised", "in_place"], AFTERWARDS),
    Line(Variant::PostTransportAgent, "post_transport_agent", ["compromised", "in_place"], AFTERWARDS),
    Line(Variant::PostExclusion, "post_exclusion", ["compromised", "in_place"], AFTERWARDS),
    Line(Variant::PostLogTampering, "post_log_tampering", ["compromised", "in_place"], AFTERWARDS),
    Line(Variant::PostArchive, "post_archive", ["compromised", "in_place"], AFTERWARDS),
    Line(Variant::PostPageDeleted, "post_page_deleted", ["compromised", "removed"], AFTERWARDS),
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
        !matches!(self, Self::Benign | Self::ScannedOnly) && !self.needs_fixed_server()
    }

    /// Whether the story is one of a server that has it.
    pub(crate) fn needs_fixed_server(self) -> bool {
        matches!(self, Self::AttemptedRefused | Self::ProxyShellRefused)
    }

    /// The times at which it happened.
    pub(crate) fn eras(self) -> &'static [&'static Era] {
        self.line().3
    }

    /// Whether it can happen to that product: unified messaging exists in 2013 and 2016 only.
    pub(crate) fn fits(self, product: Product) -> bool {
        self != Self::UmDeserialization || matches!(product, Product::Exchange2013 | Product::Exchange2016)
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
