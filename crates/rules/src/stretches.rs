//! A search for many literals at once that costs little where there is none.
//!
//! The search steps through a text four bytes at a time. Of each literal a stretch of seven bytes is chosen, the least usual
//! one; wherever it stands in a text, it holds one of the steps whole. So each of the four groups of four bytes in it is
//! remembered, and a step that is none of those, as nearly all are, costs one look at a table of bits that fits the
//! processor's nearest memory.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use afterpatch_model::Fields;

/// Bytes of a step.
const STEP: usize = 4;
/// Bytes that hold a whole step wherever they stand.
pub(crate) const STRETCH: usize = 2 * STEP - 1;

/// Stretches that are searched for, without regard to ASCII case. The table of bits has so many words, a power of two.
pub(crate) struct Stretches<const WORDS: usize> {
    /// One bit for each hash of four bytes.
    bits: Box<[u64; WORDS]>,
    /// By the four bytes, in lower case: the stretches in which they stand.
    groups: HashMap<u32, Vec<Spot>>,
    /// The number of each stretch, in lower case.
    numbers: HashMap<[u8; STRETCH], usize>,
}

/// Where four bytes stand in a stretch.
struct Spot {
    stretch: [u8; STRETCH],
    offset: usize,
    number: usize,
}

impl Spot {
    /// Whether the stretch stands around this step.
    fn is_at(&self, text: &[u8], at: usize) -> bool {
        let from = at.checked_sub(self.offset);
        let stands = from.and_then(|from| text.get(from..from + STRETCH));
        stands.is_some_and(|stands| stands.eq_ignore_ascii_case(&self.stretch))
    }
}

impl<const WORDS: usize> Stretches<WORDS> {
    /// How far a hash is shifted to be an index of the bits.
    const SHIFT: u32 = {
        assert!(WORDS.is_power_of_two() && WORDS <= 1 << 20, "indices are cut out of 32 bits");
        32 - 6 - WORDS.trailing_zeros()
    };

    /// None yet.
    pub(crate) fn new() -> Self {
        Self { bits: Box::new([0; WORDS]), groups: HashMap::new(), numbers: HashMap::new() }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The number of a stretch, which is searched for from now on.
    pub(crate) fn number(&mut self, stretch: [u8; STRETCH]) -> usize {
        let new = self.numbers.len();
        let number = *self.numbers.entry(stretch).or_insert(new);
        if number == new {
            for (offset, group) in stretch.windows(STEP).enumerate() {
                let Ok(group) = <[u8; STEP]>::try_from(group) else { continue };
                let group = folded(group);
                let (word, bit) = Self::slot(group);
                if let Some(word) = self.bits.get_mut(word) {
                    *word |= bit;
                }
                self.groups.entry(group).or_default().push(Spot { stretch, offset, number });
            }
        }
        number
    }

    /// Pushes the number of each stretch that stands in a text, once.
    pub(crate) fn find(&self, text: &[u8], found: &mut Vec<usize>) {
        for (step, bytes) in text.as_chunks::<STEP>().0.iter().enumerate() {
            let group = folded(*bytes);
            if self.may_have(group) {
                self.look(group, text, step * STEP, found);
            }
        }
    }

    /// Whether one stands in a text.
    pub(crate) fn stand_in(&self, text: &[u8]) -> bool {
        text.as_chunks::<STEP>().0.iter().enumerate().any(|(step, bytes)| {
            let group = folded(*bytes);
            self.may_have(group) && self.stands(group, text, step * STEP)
        })
    }

    fn may_have(&self, group: u32) -> bool {
        let (word, bit) = Self::slot(group);
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Where the table has the bit of four bytes.
    fn slot(group: u32) -> (usize, u64) {
        // Knuth's multiplicative hash: the upper bits depend on all bytes.
        let hash = group.wrapping_mul(2_654_435_769) >> Self::SHIFT;
        ((hash / 64) as usize, 1 << (hash % 64))
    }

    #[cold]
    fn look(&self, group: u32, text: &[u8], at: usize, found: &mut Vec<usize>) {
        for spot in self.groups.get(&group).into_iter().flatten() {
            if spot.is_at(text, at) && !found.contains(&spot.number) {
                found.push(spot.number);
            }
        }
    }

    #[cold]
    fn stands(&self, group: u32, text: &[u8], at: usize) -> bool {
        self.groups.get(&group).into_iter().flatten().any(|spot| spot.is_at(text, at))
    }
}

/// Four bytes as a number, whatever their case. Some characters that are no letters become the same, too.
fn folded(bytes: [u8; STEP]) -> u32 {
    u32::from_le_bytes(bytes) | 0x2020_2020
}

/// Words that many requests to a healthy server have. Four bytes of them tell little.
const USUAL: &str = "get post options /autodiscover/autodiscover.xml /owa/auth/logon.aspx /owa/service.svc /ecp/ddi/ddiservice.svc/getlist \
    /ews/exchange.asmx /mapi/emsmdb/ /mapi/nspi/ /microsoft-server-activesync/default.eas /rpc/rpcproxy.dll /powershell \
    /owa/auth/15.1.2375/themes/resources/ /ecp/ruleseditor/ correlationid=<empty> &cafereqid= healthmailbox mozilla/5.0 \
    windows nt 10.0 win64 x64 applewebkit/537.36 khtml like gecko chrome safari edge microsoft office outlook python-requests \
    httpproxy mailboxdatabase serverinfo windowsidentity beginrequest endrequest sharedcacheguard anonymous database~ sid~s-1-5-21";

/// Whether many requests to a healthy server have this short word.
pub(crate) fn is_usual(word: &str) -> bool {
    word.len() < 12 && USUAL.contains(&word.to_ascii_lowercase())
}

/// The least usual stretch of a literal, in lower case; `None` when it has none without the characters that may stand
/// otherwise in a line than in its values.
pub(crate) fn stretch_of(literal: &str) -> Option<[u8; STRETCH]> {
    static GROUPS: LazyLock<HashSet<&'static [u8]>> = LazyLock::new(|| USUAL.as_bytes().windows(STEP).collect());
    let literal = literal.to_ascii_lowercase();
    let stands_as_it_is = |byte: &u8| byte.is_ascii_graphic() && !Fields::CHANGED_IN_LINE.contains(byte);
    let unusual = |stretch: &&[u8]| stretch.windows(STEP).filter(|group| !GROUPS.contains(group)).count();
    let stretches = literal.as_bytes().windows(STRETCH).filter(|stretch| stretch.iter().all(stands_as_it_is));
    // The first of those that are alike.
    stretches.rev().max_by_key(unusual).and_then(|stretch| stretch.try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_usual_stretch_is_chosen_and_none_that_readers_change() {
        for (literal, stretch) in [
            ("/owa/auth/webcccsd/", Some("th/webc")),
            ("/Autodiscover", Some("/autodi")),
            ("Go http client", None),
            ("a?b c\"d+e\\f", None),
            ("GET /abcdefgh?x", Some("/abcdef")),
            ("sixsix", None),
        ] {
            let found = stretch_of(literal);
            assert_eq!(found.as_ref().and_then(|found| str::from_utf8(found).ok()), stretch, "{literal}");
        }
    }
}
