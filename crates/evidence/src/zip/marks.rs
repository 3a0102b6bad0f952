//! What zip headers of both kinds share: how they begin, and what their flags say.

/// Starts a record of the directory.
pub(super) const RECORD: &[u8] = b"PK\x01\x02";
/// Starts an entry's own header.
pub(super) const HEADER: &[u8] = b"PK\x03\x04";
/// Flag of a name in UTF-8.
pub(super) const UTF8: u16 = 1 << 11;

/// Flag bits 0 (encrypted), 6 (strongly) and 13 (directory masked); method 99 is AES.
pub(super) fn is_encrypted(flags: u16, method: u16) -> bool {
    flags & (1 | 1 << 6 | 1 << 13) != 0 || method == 99
}
