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
        Self { product: source.product.clone(), category: source.category.clone(), service: source.service.clone() }
    }

    pub(crate) fn admits(&self, record: &Record<'_>) -> bool {
        let agrees = |stated: &Option<String>, own: &str| stated.as_deref().is_none_or(|stated| stated.eq_ignore_ascii_case(own));
        let category = agrees(&self.category, &record.source.category) || agrees(&self.category, meaning(&record.unified));
        category && agrees(&self.product, &record.source.product) && agrees(&self.service, &record.source.service)
    }
}

/// The category of what a record means, whichever log it is from: the same act reaches us from several logs, and a rule has
/// only one log source. Ours, except `antivirus`, which is Sigma's.
fn meaning(unified: &Unified<'_>) -> &'static str {
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
