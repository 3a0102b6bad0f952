//! Writes programs, as small as they can be.

/// The least program that has a version: DOS header, PE header of 32 or 64 bits, one section with the resources.
pub(super) fn program(wide: bool, version: [u16; 4]) -> Vec<u8> {
    let mut info = vec![0; 40];
    info[0..2].copy_from_slice(&92_u16.to_le_bytes());
    info[2..4].copy_from_slice(&52_u16.to_le_bytes());
    for (at, letter) in "VS_VERSION_INFO".encode_utf16().enumerate() {
        info[6 + at * 2..8 + at * 2].copy_from_slice(&letter.to_le_bytes());
    }
    info.extend(0xfeef_04bd_u32.to_le_bytes());
    info.extend(0x10000_u32.to_le_bytes());
    for at in [1, 0, 3, 2] {
        info.extend(version[at].to_le_bytes());
    }
    info.extend([0; 36]);

    // Resources at address 0x1000: kind, name, language, place, content.
    let table = |id: u32, offset: u32| {
        [vec![0; 14], 1_u16.to_le_bytes().to_vec(), id.to_le_bytes().to_vec(), offset.to_le_bytes().to_vec()].concat()
    };
    let mut resources = [table(16, 1 << 31 | 24), table(1, 1 << 31 | 48), table(1033, 72)].concat();
    resources.extend([0x1000 + 88, info.len() as u32, 0, 0].iter().flat_map(|number| number.to_le_bytes()));
    resources.extend(info);

    let mut bytes = b"MZ".to_vec();
    bytes.resize(0x3c, 0);
    bytes.extend(0x40_u32.to_le_bytes());
    bytes.extend(b"PE\0\0");
    let machine: u16 = if wide { 0x8664 } else { 0x14c };
    let optional: u16 = if wide { 112 + 128 } else { 96 + 128 };
    for number in [machine, 1, 0, 0, 0, 0, 0, 0, optional, 2].into_iter().enumerate().filter(|(at, _)| *at != 6 && *at != 7) {
        bytes.extend(number.1.to_le_bytes());
    }
    bytes.resize(0x40 + 4 + 20, 0);
    let header = 0x40 + 4;
    bytes[header + 16..header + 18].copy_from_slice(&optional.to_le_bytes());
    let start = bytes.len();
    bytes.resize(start + usize::from(optional), 0);
    let magic: u16 = if wide { 0x20b } else { 0x10b };
    bytes[start..start + 2].copy_from_slice(&magic.to_le_bytes());
    let directories = start + usize::from(optional) - 128;
    bytes[directories - 4..directories].copy_from_slice(&16_u32.to_le_bytes());
    bytes[directories + 16..directories + 20].copy_from_slice(&0x1000_u32.to_le_bytes());
    bytes[directories + 20..directories + 24].copy_from_slice(&(resources.len() as u32).to_le_bytes());
    let size = resources.len() as u32;
    bytes.extend(b".rsrc\0\0\0");
    for number in [size, 0x1000, size, 0x200, 0, 0, 0, 0] {
        bytes.extend(u32::to_le_bytes(number));
    }
    bytes.resize(0x200, 0);
    bytes.extend(resources);
    bytes
}
