//! The elements that matter, with what they stand in.

use std::borrow::Cow;

use afterpatch_model::{Fields, LogSource, Place, Record, Setting, Timestamp, Unified};

use super::{machine_key, rewrite};
use crate::xml::Element;
use crate::{Flow, Sink};

const SITES: &str = "system.applicationHost/sites";
const SITE: &str = "system.applicationHost/sites/site";

/// Sections and the elements of them that are handed on. `*` stands for every section.
const MATTER: &[(&str, &[&str])] = &[
    (SITE, &["logFile", "application"]),
    ("system.applicationHost/sites/site/application", &["virtualDirectory"]),
    ("system.applicationHost/sites/siteDefaults", &["logFile"]),
    ("system.applicationHost", &["log"]),
    ("system.applicationHost/applicationPools", &["add"]),
    ("system.applicationHost/log", &["centralW3CLogFile", "centralBinaryLogFile"]),
    ("system.webServer/globalModules", LIST),
    ("system.webServer/modules", LIST),
    ("system.webServer/handlers", LIST),
    // The same in the language of the classic pipeline.
    ("system.web/httpModules", LIST),
    ("system.web/httpHandlers", LIST),
    ("system.webServer/rewrite/rules", RULES),
    ("system.webServer/rewrite/globalRules", RULES),
    ("system.webServer/rewrite/outboundRules", RULES),
    ("system.webServer/rewrite/outboundRules/preConditions", &["preCondition", "remove", "clear"]),
    ("system.web", &["machineKey"]),
    ("system.webServer", &["httpLogging"]),
    ("*", &["extendedProtection"]),
];

const LIST: &[&str] = &["add", "remove", "clear"];
const RULES: &[&str] = &["rule", "remove", "clear"];

/// Hands on every element below `configuration` that matters.
pub(super) fn hand_on(configuration: &Element, path: &str, modified: Option<Timestamp>, sink: &mut dyn Sink) {
    let default_pool = configuration
        .below(&["system.applicationHost", "sites", "applicationDefaults"])
        .and_then(|defaults| defaults.attribute("applicationPool"));
    let mut walk = Walk { path, modified, default_pool: default_pool.unwrap_or_default(), sink };
    walk.children(configuration, &Scope::default());
}

struct Walk<'w> {
    path: &'w str,
    modified: Option<Timestamp>,
    /// The pool of applications that name none.
    default_pool: &'w str,
    sink: &'w mut dyn Sink,
}

/// Letters of a section, a location, a site or a pool that are told. All elements in it are told with it.
const LONGEST: usize = 1024;

/// A text that what stands below it is told with.
fn short(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST)).unwrap_or(text)
}

/// Where an element stands.
#[derive(Clone, Default)]
struct Scope<'e> {
    section: String,
    location: String,
    /// The site and the application, as fields.
    within: Vec<(&'static str, &'e str)>,
}

impl<'w> Walk<'w> {
    /// As deep as the tree, which is bounded.
    fn children(&mut self, element: &'w Element, scope: &Scope<'w>) -> Flow {
        for child in &element.children {
            if matters(&scope.section, &child.name) && self.record(child, scope) == Flow::Stop {
                return Flow::Stop;
            }
            if self.children(child, &self.inside(child, scope)) == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::Continue
    }

    fn inside(&self, element: &'w Element, scope: &Scope<'w>) -> Scope<'w> {
        let attribute = |name| short(element.attribute(name).unwrap_or_default());
        let mut inside = scope.clone();
        match (scope.section.as_str(), element.name.as_str()) {
            ("", "location") => {
                attribute("path").clone_into(&mut inside.location);
                return inside;
            }
            (SITES, "site") => {
                attribute("name").clone_into(&mut inside.location);
                inside.within.extend([("Site", attribute("name")), ("SiteId", attribute("id"))]);
            }
            (SITE, "application") => {
                inside.location.push_str(attribute("path").trim_end_matches('/'));
                let pool = short(element.attribute("applicationPool").unwrap_or(self.default_pool));
                inside.within.extend([("Application", attribute("path")), ("ApplicationPool", pool)]);
            }
            _ => {}
        }
        if !inside.section.is_empty() {
            inside.section.push('/');
        }
        inside.section.push_str(short(&element.name));
        inside.section.truncate(short(&inside.section).len());
        inside
    }

    fn record(&mut self, element: &Element, scope: &Scope<'_>) -> Flow {
        let mut fields: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
        match element.name.as_str() {
            "machineKey" => fields.extend(machine_key::fields(element)),
            _ => fields.extend(element.attributes.iter().map(|(name, value)| (name.into(), open(name, value)))),
        }
        if matches!(element.name.as_str(), "rule" | "preCondition") {
            fields.extend(rewrite::fields(element));
        }
        fields.extend(scope.within.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        fields.push(("ConfigPath".into(), self.path.into()));
        let setting = Setting {
            section: scope.section.as_str().into(),
            element: element.name.as_str().into(),
            location: scope.location.as_str().into(),
        };
        self.sink.record(&Record {
            place: Place::Line(element.line),
            time: self.modified,
            server: None,
            source: LogSource::fixed("windows", "", "iis-configuration"),
            fields: Fields::Pairs(fields),
            unified: Unified::Setting(setting),
        })
    }
}

fn matters(section: &str, element: &str) -> bool {
    MATTER.iter().any(|(own, elements)| (*own == section || *own == "*") && elements.contains(&element))
}

/// A value that may be told: a password (of the account that a virtual directory on a share is opened with) may not.
fn open<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if name.eq_ignore_ascii_case("password") && !value.is_empty() { "present".into() } else { value.into() }
}
