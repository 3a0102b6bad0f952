//! The setup log (`C:\ExchangeSetupLogs\ExchangeSetup.log`): the cumulative update that was installed, long before the rest of
//! the evidence. Times are UTC since 2013.

use crate::{
    Product,
    clock::Moment,
    sheet::{Page, Shelf},
    world::World,
};

/// Writes the log of an installation that began at that time.
pub(crate) fn shelve(world: &World, at: Moment, shelf: &mut Shelf) {
    let product = match world.product {
        Product::Exchange2013 => "2013",
        Product::Exchange2016 => "2016",
        Product::Exchange2019 => "2019",
        Product::ExchangeSe => "Subscription Edition",
    };
    let rule = "*".repeat(46);
    let lines = [
        (0, 0, rule.clone()),
        (0, 0, format!("Starting Microsoft Exchange Server {product} Setup")),
        (0, 0, rule),
        (1, 0, "Local time zone: (UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna.".to_owned()),
        (1, 0, "Operating system version: Microsoft Windows NT 6.2.9200.0.".to_owned()),
        (1, 0, format!("Setup version: {}.", world.build_at(world.start).cumulative())),
        (1, 0, format!(r"Logged on user: {}\{}.", world.netbios, world.admin.name)),
        (2, 0, "Command Line Parameter Name='mode', Value='Upgrade'.".to_owned()),
        (3, 0, "Setup is determining what organization-level operations to perform.".to_owned()),
        (9, 0, format!("Setup will run from path '{}'.", world.install)),
        (340, 1, "Executing:".to_owned()),
        (340, 2, "Beginning processing Install-ExchangeOrganization".to_owned()),
        (2_900, 0, "The Exchange Server setup operation completed successfully.".to_owned()),
        (2_901, 0, "End of Setup".to_owned()),
    ];
    let mut page = Page::new(r"C:\ExchangeSetupLogs\ExchangeSetup.log".to_owned(), "\r\n", at);
    let mut last = at;
    for (seconds, depth, text) in lines {
        last = at + seconds * 1_000 + 123;
        page.line(&format!("[{}] [{depth}] {text}", last.setup()));
    }
    page.close_at(last, shelf);
}
