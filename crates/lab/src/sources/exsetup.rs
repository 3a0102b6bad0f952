//! `Bin\ExSetup.exe`, of which only the version matters: the least Windows program that has one (PE/COFF specification and
//! `VS_VERSIONINFO`, Windows SDK).

use crate::LabBuild;

/// The program's bytes.
pub(crate) fn program(build: LabBuild) -> Vec<u8> {
    let version = version_info(build.0);
    // Three levels of directories (kind 16 = version, name 1, language 1033), the place of the content, the content.
    let mut resources = Vec::new();
    for (id, next) in [(16_u32, 0x8000_0018_u32), (1, 0x8000_0030), (1033, 0x48)] {
        resources.extend([0; 14]);
        resources.extend(1_u16.to_le_bytes());
        resources.extend(id.to_le_bytes());
        resources.extend(next.to_le_bytes());
    }
    let size = u32::try_from(version.len()).unwrap_or_default();
    for number in [SECTION_AT + 0x58, size, 0, 0] {
        resources.extend(number.to_le_bytes());
    }
    resources.extend(version);
    image(&resources)
}

/// Where the section lies in memory, and in the file.
const SECTION_AT: u32 = 0x1000;
const SECTION_IN_FILE: u32 = 0x200;

fn version_info(numbers: [u32; 4]) -> Vec<u8> {
    let mut info = Vec::new();
    for length in [92_u16, 52, 0] {
        info.extend(length.to_le_bytes());
    }
    info.extend("VS_VERSION_INFO\0".encode_utf16().flat_map(u16::to_le_bytes));
    info.extend([0; 2]);
    info.extend(0xfeef_04bd_u32.to_le_bytes());
    info.extend(0x0001_0000_u32.to_le_bytes());
    let [major, minor, build, revision] = numbers;
    for pair in [major << 16 | minor, build << 16 | revision] {
        info.extend(pair.to_le_bytes());
    }
    info.extend([0; 36]);
    info
}

fn image(resources: &[u8]) -> Vec<u8> {
    let size = u32::try_from(resources.len()).unwrap_or_default();
    let mut bytes = b"MZ".to_vec();
    bytes.resize(0x3c, 0);
    bytes.extend(0x40_u32.to_le_bytes());
    bytes.extend(b"PE\0\0");
    // Of 64 bits, one section, an optional header of 240 bytes.
    for number in [0x8664_u16, 1, 0, 0, 0, 0, 0, 0, 240, 0x22] {
        bytes.extend(number.to_le_bytes());
    }
    let start = bytes.len();
    bytes.extend(0x20b_u16.to_le_bytes());
    bytes.resize(start + 108, 0);
    bytes.extend(16_u32.to_le_bytes());
    // The third directory is that of the resources.
    bytes.resize(start + 112 + 2 * 8, 0);
    for number in [SECTION_AT, size] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.resize(start + 240, 0);
    bytes.extend(b".rsrc\0\0\0");
    for number in [size, SECTION_AT, size, SECTION_IN_FILE, 0, 0, 0, 0x4000_0040] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.resize(SECTION_IN_FILE as usize, 0);
    bytes.extend(resources);
    bytes
}
