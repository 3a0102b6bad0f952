//! The file that a directory reset writes: a dump of the virtual directory object. Its script is inert.

use crate::{clock::Moment, dice::Dice, world::World};

/// A script block that no runtime can run: the functions that it calls exist nowhere. Put together here so that no scanner
/// takes this source for a page.
pub(crate) fn inert_script(parameter: &str) -> String {
    let tag = ["scr", "ipt"].concat();
    let attributes = [" language=\"JScr", "ipt\" run", "at=\"ser", "ver\""].concat();
    format!("<{tag}{attributes}>function Page_Load(){{ LabInertSink(LabInertSource(\"{parameter}\")); }}</{tag}>")
}

/// The value that is put into the directory's external URL.
pub(crate) fn planted_url(host: &str, parameter: &str) -> String {
    format!("http://{host}/#{}", inert_script(parameter))
}

/// The dump, as wide as PowerShell writes it (structure: CISA MAR-10328877).
pub(crate) fn dump(world: &World, dice: &mut Dice, at: Moment, external_url: &str, guid: &str) -> String {
    let local = at + world.event_clock;
    let path = world.below(r"FrontEnd\HttpProxy\OAB");
    let [major, minor, build, revision] = world.build_at(at).0;
    let created = at + -dice.between(200, 900) * crate::clock::DAY;
    let lines = [
        ("Name", "OAB (Default Web Site)".to_owned()),
        ("PollInterval", "480".to_owned()),
        ("OfflineAddressBooks", String::new()),
        ("RequireSSL", "True".to_owned()),
        ("BasicAuthentication", "False".to_owned()),
        ("WindowsAuthentication", "True".to_owned()),
        ("OAuthAuthentication", "False".to_owned()),
        ("MetabasePath", format!("IIS://{}/W3SVC/1/ROOT/OAB", world.fqdn)),
        ("Path", path),
        ("ExtendedProtectionTokenChecking", "None".to_owned()),
        ("ExtendedProtectionFlags", String::new()),
        ("ExtendedProtectionSPNList", String::new()),
        ("AdminDisplayVersion", format!("Version {major}.{minor} (Build {build}.{revision})")),
        ("Server", world.name.clone()),
        ("InternalUrl", format!("https://{}/OAB", world.fqdn.to_ascii_lowercase())),
        ("InternalAuthenticationMethods", "WindowsIntegrated".to_owned()),
        ("ExternalUrl", external_url.to_owned()),
        ("ExternalAuthenticationMethods", "WindowsIntegrated".to_owned()),
        ("AdminDisplayName", String::new()),
        ("ExchangeVersion", "0.10 (14.0.100.0)".to_owned()),
        ("DistinguishedName", distinguished_name(world)),
        ("Identity", format!(r"{}\OAB (Default Web Site)", world.name)),
        ("Guid", guid.to_owned()),
        ("ObjectCategory", format!("{}/Configuration/Schema/ms-Exch-OAB-Virtual-Directory", world.domain)),
        ("ObjectClass", "top".to_owned()),
        ("", "msExchVirtualDirectory".to_owned()),
        ("", "msExchOABVirtualDirectory".to_owned()),
        ("WhenChanged", local.american()),
        ("WhenCreated", (created + world.event_clock).american()),
        ("WhenChangedUTC", at.american()),
        ("WhenCreatedUTC", created.american()),
        ("OrganizationId", String::new()),
        ("Id", format!(r"{}\OAB (Default Web Site)", world.name)),
        ("OriginatingServer", world.controller.clone()),
        ("IsValid", "True".to_owned()),
    ];
    let body = lines
        .iter()
        .map(|(key, value)| if key.is_empty() { format!("{:34}{value}\r\n", "") } else { format!("{key:31} : {value}\r\n") });
    body.collect::<String>() + "\r\n\r\n"
}

/// Where the directory object stands in Active Directory.
pub(crate) fn distinguished_name(world: &World) -> String {
    format!(
        "CN=OAB (Default Web Site),CN=HTTP,CN=Protocols,CN={},CN=Servers,CN=Exchange Administrative Group (FYDIBOHF23SPDLT),\
         CN=Administrative Groups,CN=First Organization,CN=Microsoft Exchange,CN=Services,CN=Configuration,{}",
        world.name,
        world.domain_path()
    )
}
