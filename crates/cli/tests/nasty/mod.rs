//! Nasty inputs, made when a test wants them: none is kept in the repository.

pub mod archives;
pub mod binaries;
pub mod names;
pub mod nested;
pub mod texts;
pub mod times;

use std::fs;
use std::path::Path;

use afterpatch_model::GapKind;

/// One nasty input, and what a report has to say of it.
pub struct Input {
    /// What it tries; also the folder that it is made in.
    pub name: &'static str,
    /// Makes it in a folder that is there.
    pub make: fn(&Path),
    /// What the report says, all of it.
    pub told: &'static [Told],
}

/// Something that the report says.
#[derive(Clone, Copy, Debug)]
pub enum Told {
    /// A gap of this kind whose path has this in it.
    Gap(&'static str, GapKind),
    /// No gap at all: it is odd and was read.
    NoGap,
    /// A finding of this kind that names this thing.
    Finding(&'static str, &'static str),
    /// So many records of the artifact whose path has this in it.
    Records(&'static str, u64),
}

/// What an attack leaves in a log of the front end: the row that a whole scan must not lose.
pub fn attacked(address: &str) -> String {
    format!("{PROXY_HEAD}{}", proxy_row("2021-03-01T10:00:01.000Z", address, "x"))
}

/// The beginning of a log of the front end.
pub const PROXY_HEAD: &str = "#Software: Microsoft Exchange Server\r\n#Version: 15.01.2106.002\r\n#Log-type: HttpProxy Logs\r\n\
    #Date: 2021-03-01T10:00:00.000Z\r\n\
    #Fields: DateTime,RequestId,Protocol,UrlStem,AuthenticatedUser,AnchorMailbox,UserAgent,ClientIpAddress,ServerHostName,HttpStatus,BackEndStatus,Method,UrlQuery\r\n";

/// A row of it in which a forged request passed.
pub fn proxy_row(time: &str, address: &str, agent: &str) -> String {
    format!(
        "{time},8f2b0a2e-0f1c-4f2e-9a64-1f2a3b4c5d6e,Ecp,/ecp/y.js,,ServerInfo~a]@ex01.corp.example:444/ecp/proxyLogon.ecp?#,{agent},{address},EX01,241,241,POST,\r\n"
    )
}

/// The beginning of an access log of IIS.
pub const IIS_HEAD: &str = "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n\
    #Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status\r\n";

/// A row of it.
pub fn iis_row(time: &str, address: &str, stem: &str, agent: &str) -> String {
    format!("{time} 198.51.100.1 GET {stem} - 443 - {address} {agent} 200\r\n")
}

/// Writes a file, and the folders above it.
pub fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Puts a number where another stands.
pub fn patch<const N: usize>(bytes: &mut [u8], at: usize, number: [u8; N]) {
    bytes[at..at + N].copy_from_slice(&number);
}

/// Where `needle` stands.
pub fn places(bytes: &[u8], needle: &[u8]) -> Vec<usize> {
    bytes.windows(needle.len()).enumerate().filter(|(_, window)| *window == needle).map(|(at, _)| at).collect()
}

/// Where `needle` stands first.
pub fn find(bytes: &[u8], needle: &[u8]) -> usize {
    places(bytes, needle)[0]
}
