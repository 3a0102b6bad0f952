//! Writes journals, from the same facts as the reader but the other way round.

/// 2021-03-03T04:00:00Z
const TIME: u64 = 132_592_176_000_000_000;

pub(super) fn record(version: u16, file: u64, folder: u64, reasons: u32, attributes: u32, name: &str) -> Vec<u8> {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = |number: u64| {
        if version == 3 { [number.to_le_bytes().to_vec(), vec![0; 8]].concat() } else { number.to_le_bytes().to_vec() }
    };
    let head: u16 = if version == 3 { 76 } else { 60 };
    let length = (usize::from(head) + name.len()).next_multiple_of(8);
    let mut bytes = (length as u32).to_le_bytes().to_vec();
    bytes.extend(version.to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend(wide(file));
    bytes.extend(wide(folder));
    bytes.extend(4096_u64.to_le_bytes());
    bytes.extend(TIME.to_le_bytes());
    for number in [reasons, 0, 0, attributes] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend((name.len() as u16).to_le_bytes());
    bytes.extend(head.to_le_bytes());
    bytes.extend(name);
    bytes.resize(length, 0);
    bytes
}

const AUTH: u64 = 0x1_0000_0000_0064;
const OWA: u64 = 0x1_0000_0000_0065;
const ROOT: u64 = 0x5_0000_0000_0005;
const CLOSE: u32 = 0x8000_0000;

pub(super) fn story() -> Vec<u8> {
    let folder = |file, above, name: &str| record(2, file, above, CLOSE | 0x100, 0x10, name);
    [
        vec![0; 70_000],
        folder(OWA, ROOT, "inetpub"),
        folder(AUTH, OWA, "aspnet_client"),
        // Created, written, closed: one change.
        record(2, 900, AUTH, 0x100, 0x20, "x.aspx"),
        record(2, 900, AUTH, 0x102, 0x20, "x.aspx"),
        record(2, 900, AUTH, 0x102 | CLOSE, 0x20, "x.aspx"),
        vec![0; 4096],
        record(3, 901, 0x77, 0x100, 0x20, "note.txt"),
        record(3, 901, 0x77, 0x100 | 0x1000, 0x20, "note.txt"),
        record(3, 901, AUTH, 0x100 | 0x2000, 0x20, "shell.ashx"),
        record(3, 901, AUTH, 0x100 | 0x2000 | CLOSE, 0x20, "shell.ashx"),
        // Stretches of version 4 name no file.
        [80_u32.to_le_bytes().to_vec(), vec![4, 0, 0, 0], vec![1; 72]].concat(),
        record(2, 901, 0x77, 0x200 | CLOSE, 0x20, "shell.ashx"),
        record(2, 902, 0x77, 2, 0x20, "ex210303.log"),
        record(2, 903, ROOT, 1, 0x20, "web.config"),
        record(2, 903, ROOT, 1 | CLOSE, 0x20, "web.config"),
    ]
    .concat()
}
