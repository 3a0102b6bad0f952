//! Which rewrite rules are in force in a folder of the web server: the chain from `applicationHost.config` down to the folder's
//! own `web.config`.
//!
//! Facts (Microsoft's IIS configuration reference): a level inherits what stands above it; on each level the `location` elements
//! that files above hold for it come first, then the level's own file. `<clear/>` takes away all that was inherited,
//! `<remove name="…"/>` one, and a rule of the same name takes the place of another.

use crate::observed::{Observed, SettingSeen};

/// A rule, and what became of it in a folder.
pub(crate) struct Ruled<'o> {
    pub rule: &'o SettingSeen,
    /// The element that took it away further down.
    pub removed_by: Option<&'o SettingSeen>,
}

/// The rules of one section (`rules`, `outboundRules`) as a folder (`Default Web Site/owa`) has them.
pub(crate) fn rules<'o>(observed: &'o Observed, section: &str, place: &str) -> Vec<Ruled<'o>> {
    let section = format!("system.webServer/rewrite/{section}");
    let mut rules: Vec<Ruled<'o>> = Vec::new();
    for level in levels(place) {
        // Those of the server's file first, then of each file above, then the level's own.
        let above = observed.settings.iter().filter(|it| it.is_of_server() && it.location.eq_ignore_ascii_case(&level));
        let of_parents = levels(&level).into_iter().filter(|parent| *parent != level && !parent.is_empty()).flat_map(|parent| {
            let rest = level.get(parent.len() + 1..).unwrap_or_default().to_owned();
            web_config(observed, parent).filter(move |it| it.location.eq_ignore_ascii_case(&rest) && !rest.is_empty())
        });
        let own = web_config(observed, level.clone()).filter(|it| it.location.is_empty());
        for setting in above.chain(of_parents).chain(own).filter(|it| it.is_in_use() && it.section.eq_ignore_ascii_case(&section))
        {
            apply(&mut rules, setting);
        }
    }
    rules
}

fn apply<'o>(rules: &mut Vec<Ruled<'o>>, setting: &'o SettingSeen) {
    let name = setting.get("name");
    let in_force = |ruled: &&mut Ruled<'o>| ruled.removed_by.is_none();
    match setting.element.as_str() {
        "clear" => rules.iter_mut().filter(in_force).for_each(|ruled| ruled.removed_by = Some(setting)),
        "remove" => rules
            .iter_mut()
            .filter(in_force)
            .filter(|ruled| ruled.rule.get("name").eq_ignore_ascii_case(name))
            .for_each(|ruled| ruled.removed_by = Some(setting)),
        "rule" => {
            rules.retain(|ruled| !ruled.rule.get("name").eq_ignore_ascii_case(name) || ruled.removed_by.is_some());
            rules.push(Ruled { rule: setting, removed_by: None });
        }
        _ => {}
    }
}

/// The levels above a place, and itself: the server, the site, each folder.
fn levels(place: &str) -> Vec<String> {
    let mut levels = vec![String::new()];
    if !place.is_empty() {
        let ends = place.match_indices('/').map(|(at, _)| at).chain([place.len()]);
        levels.extend(ends.filter_map(|end| place.get(..end)).map(str::to_owned));
    }
    levels
}

/// The elements of a folder's `web.config`.
fn web_config(observed: &Observed, place: String) -> impl Iterator<Item = &SettingSeen> {
    let folders = folders_of(observed, &place);
    observed
        .settings
        .iter()
        .filter(|it| !it.is_of_server())
        .filter(move |it| !it.folder().is_empty() && folders.iter().any(|folder| ends_with_folder(&it.folder(), folder)))
}

/// The folders that a place of the web server is served from, in lower case and without a drive: as the server's configuration
/// says, else as Exchange's setup makes them.
fn folders_of(observed: &Observed, place: &str) -> Vec<String> {
    let configured: Vec<String> = observed
        .settings
        .iter()
        .filter(|it| it.element == "virtualDirectory" && it.is_in_use() && it.get("path") == "/")
        .filter(|it| it.location.trim_end_matches('/').eq_ignore_ascii_case(place))
        .map(|it| without_drive(it.get("physicalPath")))
        .filter(|folder| !folder.is_empty())
        .collect();
    if !configured.is_empty() {
        return configured;
    }
    let place = place.to_ascii_lowercase().replace('/', r"\");
    match (place.as_str(), place.split_once('\\')) {
        ("default web site", _) => vec![r"inetpub\wwwroot".to_owned()],
        (_, Some(("default web site", rest))) => vec![format!(r"frontend\httpproxy\{rest}")],
        ("exchange back end", _) => vec!["clientaccess".to_owned()],
        (_, Some(("exchange back end", rest))) => vec![format!(r"clientaccess\{rest}")],
        _ => Vec::new(),
    }
}

/// `%SystemDrive%\inetpub\wwwroot` and `C:\inetpub\wwwroot` are one folder, as collections name drives each in their own way.
fn without_drive(path: &str) -> String {
    let path = path.to_ascii_lowercase().replace('/', r"\");
    let rest = match path.split_once('\\') {
        Some((drive, rest)) if drive.ends_with(':') || (drive.starts_with('%') && drive.ends_with('%')) => rest.to_owned(),
        _ => path,
    };
    rest.trim_matches('\\').to_owned()
}

fn ends_with_folder(path: &str, folder: &str) -> bool {
    path.strip_suffix(folder).is_some_and(|before| before.is_empty() || before.ends_with('\\'))
}

/// Places of the front end's site that the evidence speaks of, the site itself first.
pub(crate) fn front_end_places(observed: &Observed) -> Vec<String> {
    let mut places = vec![FRONT_END.to_owned()];
    places
        .extend(["owa", "ecp", "ews", "autodiscover", "mapi", "oab", "powershell"].map(|folder| format!("{FRONT_END}/{folder}")));
    let named =
        observed.settings.iter().filter(|it| it.is_in_use() && it.element == "virtualDirectory").map(|it| it.location.clone());
    for place in named.filter(|place| place.to_ascii_lowercase().starts_with("default web site/")) {
        if !places.iter().any(|own| own.eq_ignore_ascii_case(&place)) {
            places.push(place);
        }
    }
    places
}

/// The site of the front end.
pub(crate) const FRONT_END: &str = "Default Web Site";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_go_from_the_server_down() {
        assert_eq!(levels(""), [""]);
        assert_eq!(levels("Default Web Site/owa"), ["", "Default Web Site", "Default Web Site/owa"]);
    }

    #[test]
    fn folders_are_the_same_under_any_drive() {
        for path in [r"%SystemDrive%\inetpub\wwwroot", r"C:\inetpub\wwwroot\", "c:/inetpub/wwwroot", r"inetpub\wwwroot"] {
            assert_eq!(without_drive(path), r"inetpub\wwwroot");
        }
        assert!(ends_with_folder(r"case\c\inetpub\wwwroot", r"inetpub\wwwroot"));
        assert!(!ends_with_folder(r"c:\xinetpub\wwwroot", r"inetpub\wwwroot"));
    }
}
