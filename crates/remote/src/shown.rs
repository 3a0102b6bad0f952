//! The builds in an answer.

use afterpatch_model::Build;

use crate::http::Answer;

/// A build as a server shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shown {
    /// All four numbers.
    Whole(Build),
    /// Three: the cumulative update.
    Update(u32, u32, u32),
}

impl Shown {
    fn read(text: &str) -> Option<Self> {
        let whole = text.parse::<Build>().ok();
        let shown = whole.map(Self::Whole).or_else(|| {
            let build: Build = format!("{text}.0").parse().ok()?;
            Some(Self::Update(build.major, build.minor, build.build))
        })?;
        // Whatever else has four numbers is no Exchange.
        shown.first().product().map(|_| shown)
    }

    fn first(self) -> Build {
        match self {
            Self::Whole(build) => build,
            Self::Update(major, minor, update) => Build::new(major, minor, update, 0),
        }
    }

    /// Whether the other says the same or more.
    fn is_part_of(self, other: Self) -> bool {
        self == other
            || (matches!(self, Self::Update(..)) && self.first().cumulative_update() == other.first().cumulative_update())
    }
}

/// Adds a build that is not there already; one of three numbers gives way to the whole.
pub(crate) fn add(builds: &mut Vec<Shown>, shown: Shown) {
    if builds.iter().any(|own| shown.is_part_of(*own)) {
        return;
    }
    builds.retain(|own| !own.is_part_of(shown));
    builds.push(shown);
}

/// The build in the header.
pub(crate) fn in_header(answer: &Answer) -> Option<Shown> {
    Shown::read(answer.header("x-owa-version")?.trim())
}

/// The builds in the paths of a page's resources, at most a few.
pub(crate) fn in_page(answer: &Answer) -> Vec<Shown> {
    let mut builds = Vec::new();
    let location = answer.header("location").unwrap_or_default();
    for text in [location, answer.body.as_str()] {
        for rest in text.split("/owa/").skip(1).take(200) {
            let rest = rest.strip_prefix("auth/").unwrap_or(rest);
            let number: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').take(30).collect();
            if let Some(shown) = Shown::read(number.trim_end_matches('.')) {
                add(&mut builds, shown);
            }
        }
    }
    builds.truncate(4);
    builds
}

/// The build in the manifest of the export tool.
pub(crate) fn in_manifest(answer: &Answer) -> Option<Shown> {
    let start = answer.body.find("assemblyIdentity")?;
    let element = answer.body.get(start..)?.split('>').next()?;
    let version = element.split("version=").nth(1)?;
    let version = version.trim_start_matches(['"', '\'']).split(['"', '\'']).next()?;
    Shown::read(version).filter(|shown| matches!(shown, Shown::Whole(_)))
}

/// Whether an answer looks like one of an Exchange front end.
pub(crate) fn is_exchange(answer: &Answer) -> bool {
    const HEADERS: [&str; 5] =
        ["x-owa-version", "x-feserver", "x-beserver", "x-calculatedbetarget", "x-owa-minimumsupportedowsversion"];
    HEADERS.iter().any(|name| answer.header(name).is_some())
        || answer.body.contains("/owa/auth/")
        || answer.header("location").is_some_and(|to| to.contains("/owa/auth"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Answer {
        Answer { body: body.to_owned(), ..Answer::default() }
    }

    #[test]
    fn builds_are_found_where_servers_show_them() {
        let part = Shown::Update(15, 1, 2507);
        assert_eq!(in_page(&page("<link href=\"/owa/auth/15.1.2507/themes/resources/favicon.ico\">")), [part]);
        let whole = Shown::Whole(Build::new(15, 2, 1748, 10));
        assert_eq!(in_page(&page("/owa/auth/15.2.1748/x /owa/15.2.1748.10/y")), [whole]);
        assert_eq!(in_page(&page("/owa/auth/15.2.1748/x /owa/auth/15.1.2507/y")).len(), 2);
        assert!(in_page(&page("/owa/auth/logon.aspx /owa/auth/99.1.2/ /owa/auth/15.0.0.0/")).is_empty());
        let manifest = "<?xml?><asmv1:assembly><assemblyIdentity name=\"microsoft.exchange.ediscovery.exporttool.application\" version=\"15.1.2507.66\" />";
        assert_eq!(in_manifest(&page(manifest)), Shown::read("15.1.2507.66"));
        assert_eq!(in_manifest(&page("<assemblyIdentity version='1.0.0.0'/>")), None);
        assert_eq!(in_manifest(&page("assemblyIdentity version=")), None);
    }

    #[test]
    fn three_numbers_give_way_to_four() {
        let mut builds = Vec::new();
        for text in ["15.1.2507", "15.1.2507.66", "15.1.2507", "15.2.1748"] {
            if let Some(shown) = Shown::read(text) {
                add(&mut builds, shown);
            }
        }
        assert_eq!(builds, [Shown::Whole(Build::new(15, 1, 2507, 66)), Shown::Update(15, 2, 1748)]);
    }
}
