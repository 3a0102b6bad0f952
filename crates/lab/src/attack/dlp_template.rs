//! CVE-2020-16875: a template for a policy against data loss, whose commands the server runs.

use super::{actor::Actor, shell};
use crate::{
    clock::Moment,
    dice::Dice,
    sources::http_proxy::Protocol,
    stage::{BackEnd, Command, Hit, Route, Stage},
    truth::Mark,
};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let victim = stage.world.users[dice.index(stage.world.users.len())].clone();
    let account = stage.world.account(&victim);
    let stem = "/ecp/DLPPolicy/ManagePolicyFromISV.aspx";
    let query = format!("pwmcid=2&ReturnObjectType=1&msExchEcpCanary={}", dice.canary());
    let mark = Mark::beside("configuration_changed");
    let back = BackEnd { stem, query: &query, user: &account, status: 200, mark: Some(mark.clone()) };
    let hit = Hit {
        query: &query,
        user: &account,
        taken: 1_900,
        protocol: Some(Protocol::Ecp),
        authentication: "FBA",
        anchor: &format!("Sid~{}", victim.sid),
        hint: "WindowsIdentity",
        back_end: Some(back),
        ..Hit::new("POST", stem, &actor.address, actor.agent)
    };
    stage.hit(at, &hit.marked(&mark.by(&actor.address)));
    let name = dice.word(7);
    let template = "<dlpPolicyTemplates><dlpPolicyTemplate id='LabInert'><policyCommands><commandBlock>New-TransportRule \
                    LabInertSink</commandBlock></policyCommands></dlpPolicyTemplate></dlpPolicyTemplates>";
    let mark = || Some(Mark::telling("configuration_changed"));
    let call = format!("New-DlpPolicy.Name='{name}'.TemplateData='{template}'");
    stage.ecp(at + -1_500, &call, &format!("{stem}?{query}"), "", mark());
    let parameters = [("Name", name.as_str()), ("TemplateData", template), ("Mode", "Audit")];
    stage.command(at + -1_400, &Command::new("New-DlpPolicy", &parameters, &victim, Route::Panel), mark());
    shell::by_worker(stage, "MSExchangeECPAppPool", at + -1_000, dice.pick(&["whoami", "hostname", "ipconfig /all"]));
}
