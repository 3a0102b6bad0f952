//! Mail: what users send and get.

use crate::{
    clock::{DAY, HOUR},
    dice::Dice,
    sources::tracking::Mail,
    stage::Stage,
};

const SUBJECTS: [&str; 8] =
    ["Minutes of Monday", "RE: offer", "Invoice 20417", "Lunch?", "FW: project plan", "Holiday", "RE: RE: contract", "Question"];

pub(super) fn play(stage: &mut Stage, dice: &mut Dice, requests_per_day: u32) {
    let mails = i64::from(requests_per_day) / 6 + 8;
    let mut day = stage.world.start;
    while day < stage.world.end {
        for _ in 0..mails {
            let at = day + dice.between(6 * HOUR, 20 * HOUR);
            let [one, other] = [0, 0].map(|_| dice.index(stage.world.users.len()));
            let [one, other] = [one, other].map(|position| stage.world.address_of(&stage.world.users[position].name));
            let outside = format!("{}@{}.example", dice.word(6), dice.pick(&["litware", "proseware", "treyresearch"]));
            let relay = format!("192.0.2.{}", dice.between(251, 254));
            let comes = dice.chance(45);
            let mail = Mail {
                sender: if comes { &outside } else { &one },
                recipient: &other,
                subject: dice.pick(&SUBJECTS),
                bytes: dice.between(3_000, 900_000),
                client: if comes { &relay } else { "" },
            };
            stage.mail(at, &mail, None);
        }
        day = day + DAY;
    }
}
