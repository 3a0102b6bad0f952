//! What the bytes of an input mean: the first chooses a file's name, the rest is its content.
//!
//! Names decide what some files are taken for. `cargo xtask seeds` makes inputs by the same table.

/// Names, one at least for each kind of file. New ones go to the end: a corpus that was kept knows them by their number.
pub const NAMES: &[&str] = &[
    "u_ex210301.log",
    "HttpProxy_2021030110-1.LOG",
    "ECPServer20210301-1.LOG",
    "OABGeneratorLog/OABGenerator.log",
    "Security.evtx",
    "events.json",
    "x.aspx.f5dba9b9.compiled",
    "C/inetpub/wwwroot/aspnet_client/x.aspx",
    "case.zip",
    "case.tar",
    "case.tar.gz",
    "C/inetpub/wwwroot/web.config",
    "agents.config",
    "C/Windows/System32/Tasks/task",
    "MPLog-20210301-100000.log",
    "anything",
    "access.log",
    "ExchangeSetup.log",
    "events.xml",
    "case.7z",
    "disk.dd",
    "disk.vhd",
    "disk.vhdx",
    "u_ex210301.log.gz",
    "access.log.bz2",
    "u_ex210301.log.xz",
    "access.log.zst",
    "case.tar.xz",
    "C/Users/a/b/c/logs.zip",
    "C/Windows/System32/config/SYSTEM",
    "C/Windows/System32/config/SOFTWARE",
    "C/$MFT",
    "C/$Extend/$UsnJrnl$J",
    "C/ProgramData/Microsoft/Windows Defender/Scans/History/Service/DetectionHistory/01/x",
    "C/Windows/System32/inetsrv/config/applicationHost.config",
    "C/Exchange/Bin/ExSetup.exe",
    "HTTPERR/httperr1.log",
    "ECPActivity_2021030110-1.LOG",
    "Rps_Http_2021030110-1.LOG",
    "Rps_Cmdlet_2021030110-1.LOG",
    "Audit/audit20210301-1.LOG",
    "MSGTRK2021030110-1.LOG",
    "Ews_2021030110-1.LOG",
    "C/inetpub/wwwroot/x.php",
];

/// Endings of disk images. They are mostly zeros, so their content is kept as patches (see [`unfold`]).
const DISKS: &[&str] = &[".dd", ".vhd", ".vhdx"];

/// Patches begin before this.
const DISK: usize = 16 << 20;

/// Whether the content of a file of this name is kept as patches.
pub fn is_folded(name: &str) -> bool {
    DISKS.iter().any(|ending| name.ends_with(ending))
}

/// The file that patches on zeros make: each is its place in four bytes, its length in one, and the bytes.
pub fn unfold(folded: &[u8]) -> Vec<u8> {
    let end = patches(folded).map(|(at, patch)| at + patch.len()).max().unwrap_or_default();
    let mut bytes = vec![0; end];
    for (at, patch) in patches(folded) {
        bytes[at..at + patch.len()].copy_from_slice(patch);
    }
    bytes
}

fn patches(mut folded: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    std::iter::from_fn(move || {
        let ([a, b, c, d, length], rest) = folded.split_first_chunk()?;
        let (patch, rest) = rest.split_at(rest.len().min(usize::from(*length)));
        folded = rest;
        Some((u32::from_le_bytes([*a, *b, *c, *d]) as usize % DISK, patch))
    })
}

/// Patches that make the file again, as many as are not longer than `most`. The end comes first: some images say there what
/// they are.
pub fn fold(bytes: &[u8], most: usize) -> Vec<u8> {
    const BLOCK: usize = 128;
    let mut folded = Vec::new();
    let last = bytes.len().saturating_sub(512) / BLOCK;
    let blocks = bytes.chunks(BLOCK).enumerate();
    let (before, behind): (Vec<_>, Vec<_>) = blocks.partition(|(number, _)| *number < last);
    for (number, block) in behind.into_iter().chain(before) {
        let Some(first) = block.iter().position(|byte| *byte != 0) else { continue };
        let end = block.iter().rposition(|byte| *byte != 0).map_or(first, |last| last + 1);
        let patch = &block[first..end];
        if folded.len() + 5 + patch.len() <= most {
            folded.extend(((number * BLOCK + first) as u32).to_le_bytes());
            folded.push(patch.len() as u8);
            folded.extend(patch);
        }
    }
    folded
}
