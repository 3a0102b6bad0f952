//! Which records a rule is for.

use afterpatch_model::{Record, Unified};
use rsigma_parser::LogSource;

/// The log source of a rule: what it states must be the record's, what it leaves out may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Route {
    product: Option<String>,
    category: Option<String>,
    service: Option<String>,
}

impl Route {
    pub(crate) fn of(source: &LogSource) -> Self {
        let service = source.service.as_deref().map(|stated| {
            let same = SAME_SERVICE.iter().find(|(other, _)| other.eq_ignore_ascii_case(stated));
            same.map_or(stated, |(_, service)| *service).to_owned()
        });
        Self { product: source.product.clone(), category: source.category.clone(), service }
    }

    pub(crate) fn admits(&self, record: &Record<'_>) -> bool {
        // A rule for `product: windows` alone means Windows' events; to ask it of every request was most of a scan's time.
        if self.category.is_none() && self.service.is_none() && record.source.category == WEB_SERVER {
            return false;
        }
        let agrees = |stated: &Option<String>, own: &str| stated.as_deref().is_none_or(|stated| stated.eq_ignore_ascii_case(own));
        let category = agrees(&self.category, &record.source.category)
            || agrees(&self.category, meaning(&record.unified))
            || self.category.as_deref().is_some_and(|stated| holds(stated, &record.source.category));
        category && agrees(&self.product, &record.source.product) && agrees(&self.service, &record.source.service)
    }
}

/// The category of requests.
const WEB_SERVER: &str = "webserver";

/// Whether a category of Sigma's taxonomy holds another, which a record has.
fn holds(stated: &str, own: &str) -> bool {
    HOLDS.iter().any(|(whole, parts)| whole.eq_ignore_ascii_case(stated) && parts.contains(&own))
}

/// Categories that hold others, and second names of categories (appendix of the Sigma specification).
const HOLDS: &[(&str, &[&str])] = &[
    ("registry_event", &["registry_add", "registry_delete", "registry_rename", "registry_set"]),
    ("file_delete", &["file_delete_detected"]),
    ("file_block", &["file_block_executable", "file_block_shredding"]),
    ("clipboard_change", &["clipboard_capture"]),
];

/// Second names of services.
const SAME_SERVICE: &[(&str, &str)] = &[("ldap_debug", "ldap"), ("servicebus-client", "microsoft-servicebus-client")];

/// The category of what a record means, whichever log it is from: the same act reaches us from several logs, and a rule has
/// only one log source. Ours, except `antivirus`, which is Sigma's.
pub(crate) fn meaning(unified: &Unified<'_>) -> &'static str {
    match unified {
        Unified::Cmdlet(_) => "exchange_cmdlet",
        Unified::RemoteShell(_) => "remote_shell",
        Unified::MailboxAccess(_) => "mailbox_access",
        Unified::MailPassed(_) => "mail_passed",
        Unified::Setting(_) => "setting",
        Unified::RegistryValue(_) => "registry_value",
        Unified::ScheduledTask(_) => "scheduled_task",
        Unified::ServiceInstalled(_) => "service_installed",
        Unified::AccountChange(_) => "account_change",
        Unified::AntivirusFinding(_) => "antivirus",
        Unified::FileEntry(_) => "file_entry",
        Unified::HttpError(_) => "http_error",
        Unified::Logon(_) => "logon",
        // The empty word is no category that a rule can state.
        _ => "",
    }
}
