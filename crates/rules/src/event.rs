//! A record as the Sigma engine sees it.

use std::borrow::Cow;

use afterpatch_model::{Fields, Record, Unified};
use rsigma_eval::{Event, EventValue};
use serde_json::Value;

/// The field that a published rule on web servers means with `cs-uri-query` when it names no `cs-uri-stem` beside it: path
/// and query, as Sigma's taxonomy defines the word. Our own rules mean the query alone, as IIS does.
pub(crate) const WHOLE_ADDRESS: &str = "cs-uri-query of the taxonomy";

/// A record as the Sigma engine sees it: fields by name, keywords over the format's own fields. All values are text; the
/// engine reads numbers out of text where a rule asks for a number.
pub(crate) struct RecordEvent<'r, 'a> {
    record: &'r Record<'a>,
    kind: Kind,
}

/// What decides where a field is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A Windows event. Rules are written for its data as they are (`IpAddress: '-'`), so these go before the unified record,
    /// and what a unified record has empty was not there.
    Windows,
    /// A request to a web server.
    Web,
    Other,
}

impl<'r, 'a> RecordEvent<'r, 'a> {
    pub(crate) fn new(record: &'r Record<'a>) -> Self {
        let kind = match (&record.unified, &record.fields) {
            (Unified::WebRequest(_) | Unified::ProxyRequest(_), _) => Kind::Web,
            (_, Fields::Pairs(_)) if ["EventID", "Channel"].iter().all(|name| record.fields.get(name).is_some()) => Kind::Windows,
            _ => Kind::Other,
        };
        Self { record, kind }
    }

    /// A field as one text; one that has several says at least what each of them says.
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        match self.kind {
            Kind::Other => self.record.field(name),
            // Published rules write the number or the word.
            Kind::Windows if name.eq_ignore_ascii_case("Level") => {
                let level = self.record.fields.get(name)?;
                Some(level_word(level).map_or(Cow::Borrowed(level), |word| Cow::Owned(format!("{level} {word}"))))
            }
            Kind::Windows => {
                let own = self.record.fields.get(name).map(Cow::Borrowed);
                own.or_else(|| self.record.unified.field(name).filter(|text| !text.is_empty()))
            }
            Kind::Web => self.web_text(name),
        }
    }

    /// Calls `each` with every text in which keywords are looked for.
    pub(crate) fn texts(&self, each: &mut dyn FnMut(&str)) {
        self.record.fields.iter().for_each(|(_, value)| each(value));
        if self.kind == Kind::Web
            && let Some(address) = self.address()
        {
            each(&address);
        }
    }

    /// The fields of Sigma's taxonomy for web servers that neither the unified record nor the log has under that name.
    fn web_text(&self, name: &str) -> Option<Cow<'_, str>> {
        match name {
            "c-uri" | "cs-uri" | WHOLE_ADDRESS => self.address(),
            "c-useragent" => self.record.field("cs-user-agent"),
            "cs-cookie" => self.record.field(name).or_else(|| self.record.field("cs(Cookie)")),
            "cs-host" => self.record.field(name).or_else(|| self.record.field("UrlHost")),
            _ => self.record.field(name),
        }
    }

    /// Path and query, with the `?` between them.
    fn address(&self) -> Option<Cow<'_, str>> {
        let (stem, query) = match &self.record.unified {
            Unified::WebRequest(it) => (&it.stem, &it.query),
            Unified::ProxyRequest(it) => (&it.stem, &it.query),
            _ => return None,
        };
        Some(if query.is_empty() { Cow::Borrowed(&**stem) } else { Cow::Owned(format!("{stem}?{query}")) })
    }
}

impl Event for RecordEvent<'_, '_> {
    fn get_field(&self, path: &str) -> Option<EventValue<'_>> {
        let text = self.text(path)?;
        let both = |one: Cow<'_, str>, other: Cow<'_, str>| {
            let own = |text: Cow<'_, str>| EventValue::Str(Cow::Owned(text.into_owned()));
            Some(EventValue::Array(vec![own(one), own(other)]))
        };
        match self.kind {
            // Rules that begin or end with the query are meant, too.
            Kind::Web if path == WHOLE_ADDRESS => both(text, self.record.field("cs-uri-query").unwrap_or_default()),
            Kind::Windows if path.eq_ignore_ascii_case("Level") => match text.split_once(' ') {
                Some((number, word)) => both(number.into(), word.into()),
                None => Some(EventValue::Str(text)),
            },
            _ => Some(EventValue::Str(text)),
        }
    }

    fn any_string_value(&self, pred: &dyn Fn(&str) -> bool) -> bool {
        let mut found = false;
        self.texts(&mut |text| found = found || pred(text));
        found
    }

    fn all_string_values(&self) -> Vec<Cow<'_, str>> {
        let mut all = Vec::new();
        self.texts(&mut |text| all.push(Cow::Owned(text.to_owned())));
        all
    }

    fn to_json(&self) -> Value {
        self.record.fields.iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
    }
}

/// Windows' word for a level.
fn level_word(level: &str) -> Option<&'static str> {
    const WORDS: [&str; 5] = ["Critical", "Error", "Warning", "Information", "Verbose"];
    WORDS.get(level.parse::<usize>().ok()?.checked_sub(1)?).copied()
}
