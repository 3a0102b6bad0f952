//! Rules at rest: packed so that neither a virus scanner nor a search for text finds in the program what the rules look for.
//!
//! This hides nothing from a reader (the texts lie in the repository); it keeps a program that *names* attacks from being taken
//! for one. The build script seals, the program unseals in memory, and nothing is ever unpacked to disk.

use std::io::{self, Read, Write};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};

/// Our own rules are some hundred kilobytes; what grows beyond this was not sealed by us.
const MAX_UNSEALED: u64 = 64 << 20;

/// Compresses and masks. The same bytes always give the same bytes.
///
/// # Errors
/// None in practice: the compressor writes to memory.
#[allow(dead_code, reason = "the build script seals, the program unseals")]
pub fn seal(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(mask(&encoder.finish()?))
}

/// Undoes [`seal`].
///
/// # Errors
/// The bytes were not made by [`seal`].
#[allow(dead_code, reason = "the build script seals, the program unseals")]
pub fn unseal(sealed: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    DeflateDecoder::new(mask(sealed).as_slice()).take(MAX_UNSEALED).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Masks or unmasks: compressed text alone would still be opened by every scanner that knows the format.
pub fn mask(bytes: &[u8]) -> Vec<u8> {
    let mut key = 91_u8;
    bytes
        .iter()
        .map(|byte| {
            let masked = byte ^ key;
            key = key.wrapping_add(167);
            masked
        })
        .collect()
}
