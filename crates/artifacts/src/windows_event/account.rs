//! Accounts and groups that were changed (Security).

use std::borrow::Cow;

use afterpatch_model::AccountChange;

use super::{WindowsEvent, unified::account};

/// Whether the number is that of a change of an account (Microsoft's list of security events: 4720-4726 created, enabled,
/// password changed or reset, disabled, deleted; 4738 changed; 4741-4743 the same of computers; 4781 renamed).
pub(super) fn changes_account(event_id: u32) -> bool {
    matches!(event_id, 4720 | 4722..=4726 | 4738 | 4741..=4743 | 4781)
}

/// Whether the number is that of a change of a security group or its members: 4727-4730 global groups, 4731-4735 local ones,
/// 4737 and 4754-4758 global and universal ones.
pub(super) fn changes_group(event_id: u32) -> bool {
    matches!(event_id, 4727..=4735 | 4737 | 4754..=4758)
}

/// A change of an account.
pub(super) fn account_change<'a>(event: &WindowsEvent<'a>) -> AccountChange<'a> {
    let changed = account(event, "TargetDomainName", "TargetUserName");
    // 4781 names both; the new name is what the other events will say.
    let renamed = account(event, "TargetDomainName", "NewTargetUserName");
    AccountChange { account: if renamed.is_empty() { changed } else { renamed }, group: Cow::Borrowed(""), by: by(event) }
}

/// A change of a group, or of who is in it. A member of a local group may have a number only.
pub(super) fn group_change<'a>(event: &WindowsEvent<'a>) -> AccountChange<'a> {
    let name = event.text("MemberName");
    AccountChange {
        account: if name.is_empty() { event.text("MemberSid") } else { name },
        group: account(event, "TargetDomainName", "TargetUserName"),
        by: by(event),
    }
}

fn by<'a>(event: &WindowsEvent<'a>) -> Cow<'a, str> {
    account(event, "SubjectDomainName", "SubjectUserName")
}
