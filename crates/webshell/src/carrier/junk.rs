//! What a script is wrapped in: other formats' heads, long runs of one byte, the dump of a virtual directory.

use std::collections::BTreeSet;

/// What a file's first bytes say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    Image(&'static str),
    Document(&'static str),
    OutlookData,
    CertificateRequest,
}

const HEADS: &[(&[u8], Head)] = &[
    (b"GIF8", Head::Image("gif")),
    (b"\x89PNG", Head::Image("png")),
    (b"\xFF\xD8\xFF", Head::Image("jpeg")),
    (b"RIFF", Head::Image("webp")),
    (b"\0\0\x01\0", Head::Image("ico")),
    (b"II*\0", Head::Image("tiff")),
    (b"MM\0*", Head::Image("tiff")),
    (b"%PDF", Head::Document("pdf")),
    (b"PK\x03\x04", Head::Document("zip")),
    (b"Rar!", Head::Document("rar")),
    (b"7z\xBC\xAF\x27\x1C", Head::Document("7z")),
    (b"\x1F\x8B", Head::Document("gzip")),
    (b"\xD0\xCF\x11\xE0", Head::Document("ole")),
    (b"{\\rtf", Head::Document("rtf")),
    (b"\x7FELF", Head::Document("program")),
    (b"!BDN", Head::OutlookData),
    (&[0x30, 0x82], Head::CertificateRequest),
];

pub(super) fn head(bytes: &[u8]) -> Option<Head> {
    let known = HEADS.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, head)| *head);
    // Two letters are too few: a bitmap also has zeros in its head, a program its own mark further on.
    let is_bitmap = || bytes.starts_with(b"BM") && bytes.get(6..10).is_some_and(|reserved| reserved == [0; 4]);
    let is_program = || bytes.starts_with(b"MZ") && bytes.get(..128).is_some_and(|head| head.contains(&0));
    known.or_else(|| is_bitmap().then_some(Head::Image("bmp"))).or_else(|| is_program().then_some(Head::Document("program")))
}

/// Whether marks of two bytes may stand here by chance. Samples from the whole file decide.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    const SAMPLES: usize = 16;
    const SAMPLE: usize = 4096;
    let step = bytes.len().div_ceil(SAMPLES).max(SAMPLE);
    let (mut seen, mut controls) = (0_usize, 0_usize);
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let sample = rest.get(..SAMPLE).unwrap_or(rest);
        seen += sample.len();
        controls += sample.iter().filter(|byte| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f)).count();
        at += step;
    }
    controls * 100 > seen * 2
}

/// The longest run of one byte.
pub(super) fn longest_run(bytes: &[u8]) -> usize {
    let (mut longest, mut run) = (0_usize, 0_usize);
    let mut last = None;
    for byte in bytes {
        run = if last == Some(byte) { run + 1 } else { 1 };
        last = Some(byte);
        longest = longest.max(run);
    }
    longest
}

/// Properties of a virtual directory object (Microsoft Learn, `Get-OabVirtualDirectory` and its siblings), as resetting the
/// directory writes them: `Key : value` lines.
const DIRECTORY_KEYS: &[&[u8]] = &[
    b"Name",
    b"PollInterval",
    b"OfflineAddressBooks",
    b"RequireSSL",
    b"BasicAuthentication",
    b"WindowsAuthentication",
    b"OAuthAuthentication",
    b"MetabasePath",
    b"Path",
    b"ExtendedProtectionTokenChecking",
    b"Server",
    b"InternalUrl",
    b"InternalAuthenticationMethods",
    b"ExternalUrl",
    b"ExternalAuthenticationMethods",
    b"AdminDisplayName",
    b"DistinguishedName",
    b"Identity",
    b"Guid",
    b"ObjectCategory",
    b"WhenCreated",
    b"WhenChanged",
    b"Id",
    b"OriginatingServer",
    b"IsValid",
];

const LEAST_KEYS: usize = 5;
const LOOKED_AT: usize = 1 << 20;

pub(super) fn is_directory_dump(text: &[u8]) -> bool {
    let text = text.get(..LOOKED_AT).unwrap_or(text);
    let keys: BTreeSet<&[u8]> = text
        .split(|byte| *byte == b'\n')
        .filter_map(|line| {
            let line = line.get(..64).unwrap_or(line);
            let key = line.get(..memchr::memchr(b':', line)?)?.trim_ascii();
            DIRECTORY_KEYS.contains(&key).then_some(key)
        })
        .collect();
    keys.len() >= LEAST_KEYS
}
