//! Names of Sigma for data that an event has under another name, so that a rule finds them.
//!
//! What a unified record already answers under Sigma's name (`Image`, `ParentImage` and `User` of Security 4688) is not
//! repeated. Sources: Sigma's own pipelines for Windows audit events; SigmaHQ's rules for the antivirus, whose channel has
//! names with blanks (`Threat Name`) that the rules write without (`ThreatName`).

use std::borrow::Cow;

use super::{WindowsEvent, log_source, registry};

/// Takes the blanks out of the names of an event of the antivirus.
pub(super) fn without_blanks(event: &mut WindowsEvent<'_>) {
    if log_source::service(event) == "windefend" {
        for (name, _) in event.named.iter_mut().filter(|(name, _)| name.contains(' ')) {
            *name = Cow::Owned(name.replace(' ', ""));
        }
    }
}

/// The additional fields of an event.
pub(super) fn sigma_names<'a>(event: &WindowsEvent<'a>) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
    let renamed = |names: &[(&'static str, &str)]| {
        let one = |(sigma, own): &(&'static str, &str)| {
            let (_, value) = event.named.iter().find(|(name, _)| name.eq_ignore_ascii_case(own))?;
            Some((Cow::Borrowed(*sigma), value.clone()))
        };
        names.iter().filter_map(one).collect()
    };
    match (log_source::service(event), event.event_id) {
        ("security", 4688) => renamed(&[("IntegrityLevel", "MandatoryLabel"), ("LogonId", "SubjectLogonId")]),
        ("security", 4657) => registry::as_sysmon(event).into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect(),
        ("windefend", 3002) => renamed(&[("Feature_Name", "Feature Name")]),
        _ => Vec::new(),
    }
}
