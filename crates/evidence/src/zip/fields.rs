//! Little-endian numbers one after another, and the extra fields made of them.

use afterpatch_model::{Timestamp, filetime};
use flate2::Crc;

/// Takes numbers off the front of bytes; `None` where the bytes end.
#[derive(Clone, Copy)]
pub(super) struct Fields<'b>(pub(super) &'b [u8]);

impl<'b> Fields<'b> {
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.bytes(2)?.try_into().ok()?))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes(4)?.try_into().ok()?))
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.bytes(8)?.try_into().ok()?))
    }
}

/// The extra fields of a header that matter here. A field that is cut short or makes no sense is passed over.
#[derive(Debug, Default)]
pub(super) struct Extra {
    /// The numbers that did not fit into 32 bits, in their order.
    pub(super) zip64: Vec<u64>,
    pub(super) modified: Option<Timestamp>,
    /// A name in UTF-8 and the checksum of the plain name that it stands for.
    unicode: Option<(u32, String)>,
}

impl Extra {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut extra = Self::default();
        let mut fields = Fields(bytes);
        while let (Some(kind), Some(length)) = (fields.u16(), fields.u16()) {
            let Some(field) = fields.bytes(length.into()) else { break };
            extra.take(kind, Fields(field));
        }
        extra
    }

    /// Kinds: APPNOTE 4.5 and 4.6, and Info-ZIP's list.
    fn take(&mut self, kind: u16, mut field: Fields<'_>) -> Option<()> {
        match kind {
            0x0001 => self.zip64.extend(std::iter::from_fn(|| field.u64())),
            0x5455 => {
                // Bit 0: the first time is the last change, seconds since 1970, UTC.
                let [flags] = *field.bytes(1)? else { return None };
                let time = (flags & 1 != 0).then(|| field.u32())??;
                let time = Timestamp::from_second(i64::from(time.cast_signed())).ok()?;
                self.modified = self.modified.or(Some(time));
            }
            0x000a => {
                field.u32()?;
                let (tag, _length) = (field.u16()?, field.u16()?);
                let time = (tag == 1).then(|| field.u64())??;
                // Finer than the other field, so it wins.
                self.modified = filetime(time).or(self.modified);
            }
            0x7075 => {
                let [1] = *field.bytes(1)? else { return None };
                self.unicode = Some((field.u32()?, String::from_utf8_lossy(field.0).into_owned()));
            }
            _ => {}
        }
        Some(())
    }

    /// The entry's name. Without the flag for UTF-8 it is in the code page of the writer's machine, which is not said:
    /// UTF-8 is taken where it is that, else code page 437, the format's default.
    pub(super) fn name(self, raw: &[u8], utf8: bool) -> String {
        if let Some((crc, name)) = self.unicode {
            let mut own = Crc::new();
            own.update(raw);
            if own.sum() == crc {
                return name;
            }
        }
        match std::str::from_utf8(raw) {
            Ok(name) => name.to_owned(),
            Err(_) if utf8 => String::from_utf8_lossy(raw).into_owned(),
            Err(_) => raw.iter().map(|byte| cp437(*byte)).collect(),
        }
    }
}

fn cp437(byte: u8) -> char {
    const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
    match byte.checked_sub(0x80) {
        None => char::from(byte),
        Some(upper) => UPPER.chars().nth(upper.into()).unwrap_or('\u{fffd}'),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times() {
        let unix = [0x55, 0x54, 5, 0, 1, 0x3c, 0xa8, 0x4d, 0x60];
        let extra = Extra::parse(&unix);
        assert_eq!(extra.modified.unwrap().to_string(), "2021-03-14T06:07:56Z");
        let mut both = unix.to_vec();
        both.extend([0x0a, 0, 32, 0, 0, 0, 0, 0, 1, 0, 24, 0]);
        both.extend(132_601_755_120_000_000_u64.to_le_bytes());
        both.extend([0; 16]);
        assert_eq!(Extra::parse(&both).modified.unwrap().to_string(), "2021-03-14T06:05:12Z");
    }

    #[test]
    fn names() {
        assert_eq!(Extra::default().name(b"M\x81ller", false), "Müller");
        assert_eq!(Extra::default().name("Müller".as_bytes(), false), "Müller");
        assert_eq!(Extra::default().name(b"M\x81ller", true), "M\u{fffd}ller");
        assert_eq!((cp437(0xff), cp437(0x80), cp437(0xe1)), ('\u{a0}', 'Ç', 'ß'));
        let mut crc = Crc::new();
        crc.update(b"M?ller");
        let mut field = vec![0x75, 0x70, 12, 0, 1];
        field.extend(crc.sum().to_le_bytes());
        field.extend("Müller".as_bytes());
        assert_eq!(Extra::parse(&field).name(b"M?ller", false), "Müller");
        assert_eq!(Extra::parse(&field).name(b"Other", false), "Other");
    }

    proptest! {
        #[test]
        fn extra_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = Extra::parse(&bytes).name(&bytes, false);
        }
    }
}
