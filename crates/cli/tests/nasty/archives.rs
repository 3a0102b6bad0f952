//! Archives that ask for more than they hold.

use std::io::{Cursor, Write};
use std::path::Path;

use afterpatch_model::GapKind;
use flate2::{Compress, Compression, Crc, FlushCompress};
use zip::CompressionMethod::{Deflated, Stored};
use zip::write::SimpleFileOptions;

use super::{IIS_HEAD, Input, Told, attacked, find, patch, places, write};

pub const INPUTS: &[Input] = &[
    Input { name: "zip bomb", make: zip_bomb, told: &[Told::Gap("u_ex210301.log", GapKind::Bomb)] },
    Input { name: "gz bomb", make: gz_bomb, told: &[Told::Gap("u_ex210301.log.gz", GapKind::Bomb)] },
    Input { name: "zst bomb", make: zst_bomb, told: &[Told::Gap("u_ex210301.log.zst", GapKind::Bomb)] },
    Input { name: "7z bomb", make: seven_zip_bomb, told: &[Told::Gap("case.7z", GapKind::Bomb)] },
    Input { name: "tar.gz bomb", make: tar_gz_bomb, told: &[Told::Gap("case.tar.gz", GapKind::Bomb)] },
    Input { name: "members that share their bytes", make: shared_members, told: &[Told::Gap("case.zip", GapKind::Bomb)] },
    Input { name: "many members that are no bomb alone", make: steep_members, told: &[Told::Gap("case.zip", GapKind::Bomb)] },
    Input { name: "archives in archives", make: zips_in_zips, told: &[Told::Gap(".zip", GapKind::NotRead)] },
    Input { name: "an archive in itself", make: zip_in_itself, told: &[Told::Gap("case.zip", GapKind::Truncated)] },
    Input {
        name: "a directory that lies about sizes",
        make: lying_sizes,
        told: &[Told::Gap("large.zip", GapKind::Truncated), Told::Gap("small.zip", GapKind::Truncated)],
    },
    Input {
        name: "a directory that counts what is not there",
        make: lying_count,
        told: &[Told::Gap("case.zip", GapKind::Truncated)],
    },
    Input { name: "a tar of eight exabytes", make: lying_tar, told: &[Told::Gap("case.tar", GapKind::Truncated)] },
    Input {
        name: "7z with a dictionary of 4 GiB",
        make: seven_zip_of_a_giant,
        told: &[Told::Gap("case.7z", GapKind::Truncated)],
    },
    Input { name: "links in a circle in a tar", make: tar_circle, told: &[Told::Gap("case.tar", GapKind::Unreadable)] },
    Input { name: "a folder a thousand deep in a zip", make: deep_zip, told: &[Told::Records("u_ex210301.log", 1)] },
    Input { name: "seventy thousand members", make: many_members, told: &[Told::NoGap] },
];

/// More than every bound of what may be unpacked out of next to nothing.
const BOMB: usize = 1100;
const MEGABYTE: usize = 1 << 20;

/// A stream of deflate that begins with a log's head and goes on with zeros for [`BOMB`] megabytes. Pieces that end in a full
/// flush depend on nothing before, so one is made and repeated.
fn deflated_zeros() -> Vec<u8> {
    let piece = |bytes: &[u8], flush| {
        let mut packed = Vec::with_capacity(MEGABYTE);
        Compress::new(Compression::best(), false).compress_vec(bytes, &mut packed, flush).unwrap();
        packed
    };
    let mut stream = piece(
        format!("{IIS_HEAD}{}", super::iis_row("2021-03-01 10:00:00", "192.0.2.9", "/a", "-")).as_bytes(),
        FlushCompress::Full,
    );
    stream.extend(piece(&vec![0; MEGABYTE], FlushCompress::Full).repeat(BOMB));
    stream.extend(piece(b"", FlushCompress::Finish));
    stream
}

/// A zip of one member whose packed bytes are given.
fn zip_of_packed(name: &str, packed: &[u8], size: u32) -> Vec<u8> {
    let mut bytes = zip_of(&[(name, packed)], Stored);
    let directory = find(&bytes, b"PK\x01\x02");
    for (at, sizes) in [(8, 22), (directory + 10, directory + 24)] {
        patch(&mut bytes, at, 8_u16.to_le_bytes());
        patch(&mut bytes, sizes, size.to_le_bytes());
    }
    bytes
}

pub fn zip_of(files: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn zip_bomb(folder: &Path) {
    write(folder, "case.zip", zip_of_packed("u_ex210301.log", &deflated_zeros(), (BOMB * MEGABYTE) as u32));
}

fn gz_bomb(folder: &Path) {
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    write(folder, "u_ex210301.log.gz", [head.as_slice(), &deflated_zeros(), &[0; 8]].concat());
}

fn zst_bomb(folder: &Path) {
    write(folder, "u_ex210301.log.zst", zst_of(BOMB));
}

/// A log's head and so many megabytes of one line: a frame whose blocks say "this byte 128 Ki times" (RFC 8878).
fn zst_of(megabytes: usize) -> Vec<u8> {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
    let block = |kind: u32, size: usize| u32::to_le_bytes((size as u32) << 3 | kind << 1)[..3].to_vec();
    frame.extend(block(0, IIS_HEAD.len()));
    frame.extend(IIS_HEAD.as_bytes());
    for _ in 0..megabytes * 8 {
        frame.extend(block(1, 128 << 10));
        frame.push(b'x');
    }
    frame.extend(block(1, 1)[..1].iter().map(|byte| byte | 1));
    frame.extend([0, 0, b'x']);
    frame
}

/// Two hundred logs of 900 MiB in seven megabytes; half of them claim to be small.
fn steep_members(folder: &Path) {
    let packed = zst_of(900);
    let names: Vec<String> = (0..200).map(|number| format!("{number}/u_ex210301.log")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), packed.as_slice())).collect();
    let mut bytes = zip_of(&files, Stored);
    for (number, at) in places(&bytes, b"PK\x01\x02").into_iter().enumerate() {
        let size = if number % 2 == 0 { 900 << 20 } else { packed.len() as u32 };
        patch(&mut bytes, at + 10, 93_u16.to_le_bytes());
        patch(&mut bytes, at + 24, size.to_le_bytes());
    }
    for at in places(&bytes, b"PK\x03\x04") {
        patch(&mut bytes, at + 8, 93_u16.to_le_bytes());
    }
    write(folder, "case.zip", bytes);
}

/// A 7z of one file whose packed bytes and size are given; `coder` is how it is packed.
fn seven_zip_of(name: &str, packed: &[u8], coder: &[u8], size: u64) -> Vec<u8> {
    let number = |number: u64| [vec![0xff], number.to_le_bytes().to_vec()].concat();
    let wide: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    let header = [
        &[0x01, 0x04, 0x06, 0x00, 0x01, 0x09][..],
        &number(packed.len() as u64),
        &[0x00, 0x07, 0x0b, 0x01, 0x00, 0x01],
        coder,
        &[0x0c],
        &number(size),
        &[0x00, 0x08, 0x00, 0x00, 0x05, 0x01, 0x11],
        &number(wide.len() as u64 + 1),
        &[0x00],
        &wide,
        &[0x00, 0x00],
    ]
    .concat();
    let sum = |bytes: &[u8]| {
        let mut crc = Crc::new();
        crc.update(bytes);
        crc.sum().to_le_bytes()
    };
    let start =
        [(packed.len() as u64).to_le_bytes().to_vec(), (header.len() as u64).to_le_bytes().to_vec(), sum(&header).to_vec()]
            .concat();
    [b"7z\xbc\xaf\x27\x1c\0\x04".as_slice(), &sum(&start), &start, packed, &header].concat()
}

/// LZMA2 with a dictionary of 1 MiB, and the chunk that unpacks to 64 KiB of zeros from nothing before.
fn seven_zip_bomb(folder: &Path) {
    let packed = [LZMA2_ZEROS.repeat(BOMB * 16), vec![0]].concat();
    write(folder, "case.7z", seven_zip_of("u_ex210301.log", &packed, &[0x21, 0x21, 1, 16], (BOMB * MEGABYTE) as u64));
}

/// A dictionary that nobody has the memory for: LZMA with four GiB, which the chunk does not need.
fn seven_zip_of_a_giant(folder: &Path) {
    let coder = [0x23, 0x03, 0x01, 0x01, 5, 0x5d, 0xff, 0xff, 0xff, 0xff];
    write(folder, "case.7z", seven_zip_of("u_ex210301.log", &[0; 64], &coder, 1 << 40));
}

fn tar_gz_bomb(folder: &Path) {
    let mut header = tar::Header::new_gnu();
    header.set_path("u_ex210301.log").unwrap();
    header.set_size((BOMB * MEGABYTE) as u64);
    header.set_cksum();
    let mut packed = Vec::with_capacity(4096);
    Compress::new(Compression::best(), false).compress_vec(header.as_bytes(), &mut packed, FlushCompress::Full).unwrap();
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    write(folder, "case.tar.gz", [head.as_slice(), &packed, &deflated_zeros(), &[0; 8]].concat());
}

/// A hundred thousand records of one member of a megabyte.
fn shared_members(folder: &Path) {
    let bytes = zip_of(&[("u_ex210301.log", &vec![b'x'; MEGABYTE])], Deflated);
    let (start, end) = (find(&bytes, b"PK\x01\x02"), find(&bytes, b"PK\x05\x06"));
    let directory = bytes[start..end].repeat(60_000);
    let mut tail = bytes[end..].to_vec();
    patch(&mut tail, 8, 60_000_u16.to_le_bytes());
    patch(&mut tail, 10, 60_000_u16.to_le_bytes());
    patch(&mut tail, 12, (directory.len() as u32).to_le_bytes());
    write(folder, "case.zip", [&bytes[..start], &directory, &tail].concat());
}

fn zips_in_zips(folder: &Path) {
    let mut bytes = zip_of(&[("u_ex210301.log", IIS_HEAD.as_bytes())], Deflated);
    for level in 0..100 {
        bytes = zip_of(&[(&format!("{level}.zip"), &bytes)], Stored);
    }
    write(folder, "case.zip", bytes);
}

/// The only member begins where the archive begins.
fn zip_in_itself(folder: &Path) {
    let mut bytes = zip_of(&[("case.zip", &[0; 200])], Stored);
    let directory = find(&bytes, b"PK\x01\x02");
    let length = bytes.len() as u32;
    for at in [20, 24] {
        patch(&mut bytes, directory + at, length.to_le_bytes());
    }
    write(folder, "outer.zip", bytes);
}

fn lying_sizes(folder: &Path) {
    let log = attacked("192.0.2.80");
    for (name, size) in [("large.zip", u32::MAX - 1), ("small.zip", 3)] {
        let mut bytes = zip_of(&[("HttpProxy_2021030111-1.LOG", log.as_bytes())], Deflated);
        let directory = find(&bytes, b"PK\x01\x02");
        for at in [directory + 20, directory + 24] {
            patch(&mut bytes, at, size.to_le_bytes());
        }
        write(folder, name, bytes);
    }
}

fn lying_count(folder: &Path) {
    let mut bytes = zip_of(&[("u_ex210301.log", IIS_HEAD.as_bytes())], Deflated);
    let end = find(&bytes, b"PK\x05\x06");
    for at in [8, 10] {
        patch(&mut bytes, end + at, 60_000_u16.to_le_bytes());
    }
    patch(&mut bytes, end + 12, u32::MAX.to_le_bytes());
    write(folder, "case.zip", bytes);
}

fn lying_tar(folder: &Path) {
    let mut header = tar::Header::new_gnu();
    header.set_path("u_ex210301.log").unwrap();
    header.set_size(i64::MAX as u64);
    header.set_cksum();
    write(folder, "case.tar", [header.as_bytes().as_slice(), IIS_HEAD.as_bytes(), &[0; 400]].concat());
}

fn tar_circle(folder: &Path) {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, target) in [("1.log", "2.log"), ("2.log", "3.log"), ("3.log", "1.log"), ("4.log", "4.log")] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Link);
        header.set_size(0);
        builder.append_link(&mut header, name, target).unwrap();
    }
    write(folder, "case.tar", builder.into_inner().unwrap());
}

fn deep_zip(folder: &Path) {
    let row = super::iis_row("2021-03-01 10:00:00", "192.0.2.9", "/a", "-");
    let name = format!("{}u_ex210301.log", "d/".repeat(1000));
    write(folder, "case.zip", zip_of(&[(&name, format!("{IIS_HEAD}{row}").as_bytes())], Deflated));
}

fn many_members(folder: &Path) {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..70_000 {
        writer.start_file(format!("{number}.txt"), SimpleFileOptions::default().compression_method(Stored)).unwrap();
    }
    write(folder, "case.zip", writer.finish().unwrap().into_inner());
}

/// A chunk that needs nothing before it and unpacks to 64 KiB of zeros.
#[rustfmt::skip]
const LZMA2_ZEROS: &[u8] = &[
    0xe0, 0xff, 0xff, 0x00, 0x4c, 0x5d, 0x00, 0x00, 0x6f, 0xfd, 0xff, 0xff, 0xa3, 0xb7, 0xff, 0x47, 0x3e, 0x48, 0x15, 0x72,
    0x39, 0x61, 0x51, 0xb8, 0x92, 0x28, 0xe6, 0xa3, 0x86, 0x07, 0xf9, 0xee, 0xe4, 0x1e, 0x82, 0xd3, 0x2f, 0xc5, 0x3a, 0x3c,
    0x01, 0x4b, 0xb1, 0x7e, 0xc9, 0x8a, 0x8a, 0x4d, 0x2f, 0xa3, 0x0d, 0xd9, 0x7f, 0xa6, 0xe3, 0x8c, 0x23, 0x11, 0x53, 0xe0,
    0x59, 0x18, 0xc5, 0x75, 0x8a, 0xe2, 0x77, 0xf8, 0xb6, 0x94, 0x7f, 0x0c, 0x6a, 0xc0, 0xde, 0x74, 0x49, 0x64, 0x5c, 0x9e,
    0x3a, 0xd1, 0x00,
];
