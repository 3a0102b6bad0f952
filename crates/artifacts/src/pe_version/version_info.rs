//! The version resource of a Windows program.

use afterpatch_model::Build;
use object::LittleEndian;
use object::read::pe::{ImageNtHeaders, PeFile, PeFile32, PeFile64, ResourceDirectoryTable};

/// Kind of the resource that tells versions (`RT_VERSION`).
const RT_VERSION: u16 = 16;
/// `VS_FIXEDFILEINFO` begins so.
const FIXED: u32 = 0xfeef_04bd;
/// Where it stands in the resource: behind three numbers of 16 bits and the name `VS_VERSION_INFO` with its end, at a multiple
/// of four.
const FIXED_AT: usize = 40;

/// The file version of a program's bytes, `None` when they tell none.
pub(super) fn file_version(bytes: &[u8]) -> Option<Build> {
    let resource = match PeFile64::parse(bytes) {
        Ok(file) => resource(&file, bytes),
        Err(_) => resource(&PeFile32::parse(bytes).ok()?, bytes),
    };
    fixed_version(resource?)
}

/// The version resource in the first language that it has.
fn resource<'b, Pe: ImageNtHeaders>(file: &PeFile<'b, Pe>, bytes: &'b [u8]) -> Option<&'b [u8]> {
    let directory = file.data_directories().resource_directory(bytes, &file.section_table()).ok()??;
    let by_name = below(directory.root().ok()?, Some(RT_VERSION))?.data(directory).ok()?.table()?;
    let by_language = below(by_name, None)?.data(directory).ok()?.table()?;
    let place = below(by_language, None)?.data(directory).ok()?.data()?;
    let content = file.section_table().pe_data_at(bytes, place.offset_to_data.get(LittleEndian))?;
    let size = usize::try_from(place.size.get(LittleEndian)).ok()?;
    content.get(..size.min(content.len()))
}

/// The first entry, or the one of that number.
fn below(table: ResourceDirectoryTable<'_>, number: Option<u16>) -> Option<&object::pe::ImageResourceDirectoryEntry> {
    table.entries.iter().find(|entry| number.is_none() || entry.name_or_id().id() == number)
}

fn fixed_version(resource: &[u8]) -> Option<Build> {
    let number = |at: usize| {
        let bytes = resource.get(FIXED_AT.checked_add(at)?..)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes))
    };
    let (upper, lower) = (number(8)?, number(12)?);
    let build = Build::new(upper >> 16, upper & 0xffff, lower >> 16, lower & 0xffff);
    (number(0)? == FIXED).then_some(build)
}
