//! One neutral Windows event, and its one mapping to a record.
//!
//! Every rendering (the binary file, XML, the JSON of every shipper) is first turned into a [`WindowsEvent`]; only
//! [`WindowsEvent::into_record`] knows what an event means. So an event gives the same record whichever way it came.

mod account;
mod antivirus;
mod channels;
mod cmdlet;
mod log_source;
mod registry;
mod sigma_names;
mod task;
mod time;
mod unified;

use std::borrow::Cow;

use afterpatch_model::{Fields, Place, Record, Timestamp};

pub(crate) use time::{HeaderTime, Zone};

/// A Windows event as its System block, its data and, where the rendering has one, its message say it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct WindowsEvent<'a> {
    /// `Security`, `MSExchange Management`, ...
    pub channel: Cow<'a, str>,
    /// `Microsoft-Windows-Sysmon`, `MSExchange CmdletLogs`, ...
    pub provider: Cow<'a, str>,
    /// Event number without qualifiers.
    pub event_id: u32,
    /// The computer that logged it, as written; empty when the rendering lost it.
    pub computer: Cow<'a, str>,
    /// The header's time.
    pub time: Option<HeaderTime>,
    /// `EventRecordID`.
    pub record_id: Option<u64>,
    /// The process that logged it (not the process it speaks of).
    pub logged_by: Option<u64>,
    /// Data with names, in order.
    pub named: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Data without names, in order: classic providers (Exchange's among them) have only these.
    pub unnamed: Vec<Cow<'a, str>>,
    /// `Level` (1 critical, 2 error, 3 warning, 4 information), where the rendering kept the number.
    pub level: Option<u64>,
    /// `Keywords`, a mask, where the rendering kept it.
    pub keywords: Option<u64>,
    /// The message as rendered on the server, where the rendering kept it.
    pub message: Option<Cow<'a, str>>,
}

impl<'a> WindowsEvent<'a> {
    /// The record of this event. `clock_offset_minutes` is how far the header times of the artifact are away from UTC.
    pub(crate) fn into_record(self, place: Place, clock_offset_minutes: i32) -> Record<'a> {
        Record {
            place,
            time: self.sysmon_time().or_else(|| self.time?.corrected(clock_offset_minutes)),
            server: (!self.computer.is_empty()).then(|| self.computer.clone()),
            source: log_source::log_source(&self),
            unified: unified::unified(&self),
            fields: Fields::Pairs(self.into_fields()),
        }
    }

    /// What Sysmon itself says of the time. It is always UTC, whatever the shipper did to the header
    /// (real set: OTRF SDWIN-210314014019, header five hours behind).
    pub(crate) fn sysmon_time(&self) -> Option<Timestamp> {
        if log_source::service(self) != "sysmon" {
            return None;
        }
        HeaderTime::parse(self.data("UtcTime")?).map(|time| time.instant)
    }

    /// The value of a named datum; names are compared without regard to ASCII case, as shippers change it.
    fn data(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// The value of a named datum for a unified record; empty when there is none, or the `-` that Windows writes for none.
    fn text(&self, name: &str) -> Cow<'a, str> {
        let value = self.named.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        value.filter(|value| **value != "-").cloned().unwrap_or_default()
    }

    /// The value of a named datum as a number, written in decimal (Sysmon) or as `0x...` (Security).
    fn number(&self, name: &str) -> Option<u64> {
        number(self.data(name)?)
    }

    fn into_fields(mut self) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
        let sigma_names = sigma_names::sigma_names(&self);
        sigma_names::without_blanks(&mut self);
        let mut fields: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::with_capacity(self.named.len() + 8);
        fields.push(("EventID".into(), self.event_id.to_string().into()));
        fields.push(("Channel".into(), self.channel));
        fields.push(("Provider_Name".into(), self.provider));
        fields.push(("Computer".into(), self.computer));
        let numbers = [("EventRecordID", self.record_id), ("Execution_ProcessID", self.logged_by)];
        fields.extend(numbers.into_iter().filter_map(|(name, number)| Some((name.into(), number?.to_string().into()))));
        fields.extend(self.named);
        fields.extend(sigma_names);
        // Behind the data, which may have a name like these.
        fields.extend(self.level.map(|level| ("Level".into(), level.to_string().into())));
        fields.extend(self.keywords.map(|keywords| ("Keywords".into(), format!("{keywords:#x}").into())));
        let data = (!self.unnamed.is_empty()).then(|| Cow::<str>::Owned(self.unnamed.join(", ")));
        // Rules look at `Message`; without one, the data that would have been rendered into it is the next best.
        let message = self.message.or_else(|| data.clone());
        let has = |fields: &[(Cow<'a, str>, Cow<'a, str>)], name: &str| fields.iter().any(|(own, _)| own == name);
        for (name, value) in [("Data", data), ("Message", message)] {
            if let (Some(value), false) = (value, has(&fields, name)) {
                fields.push((name.into(), value));
            }
        }
        fields
    }
}

/// A number in decimal or as `0x...`.
pub(crate) fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn numbers_are_decimal_or_hexadecimal() {
        for (text, expected) in
            [("23392", Some(23392)), ("0x5b60", Some(23392)), ("0X5B60", Some(23392)), ("", None), ("0x", None), ("-", None)]
        {
            assert_eq!(number(text), expected, "{text}");
        }
    }

    #[test]
    fn unnamed_data_stand_in_for_a_lost_message_only() {
        let raw = WindowsEvent { unnamed: vec!["a".into(), "b".into()], ..WindowsEvent::default() };
        let record = raw.clone().into_record(Place::Record(1), 0);
        assert_eq!(record.fields.get("Message"), Some("a, b"));
        let rendered = WindowsEvent { message: Some("said".into()), ..raw }.into_record(Place::Record(1), 0);
        assert_eq!(rendered.fields.get("Message"), Some("said"));
        assert_eq!(rendered.fields.get("Data"), Some("a, b"));
    }

    #[test]
    fn sysmon_knows_utc_others_are_corrected() {
        let local = HeaderTime::parse("2021-03-14T01:40:13.660Z");
        let sysmon = WindowsEvent {
            provider: "Microsoft-Windows-Sysmon".into(),
            time: local,
            named: vec![("UtcTime".into(), "2021-03-14 06:40:13.659".into())],
            ..WindowsEvent::default()
        };
        assert_eq!(sysmon.into_record(Place::Line(1), -300).time, Some("2021-03-14T06:40:13.659Z".parse().unwrap()));
        let other = WindowsEvent { time: local, ..WindowsEvent::default() };
        assert_eq!(other.into_record(Place::Line(1), -300).time, Some("2021-03-14T06:40:13.660Z".parse().unwrap()));
    }
}
