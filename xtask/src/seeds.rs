//! Inputs to begin fuzzing with (see `fuzz/README.md`): what the tests of the readers read, each behind the byte that
//! chooses its name.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::{env, fs};

use crate::say;

// The tests' own writers, of which some parts are not needed here.
#[allow(dead_code)]
#[path = "../../crates/artifacts/src/defender_history/tests/builder.rs"]
mod defender_history;
#[allow(dead_code)]
#[path = "../../crates/artifacts/src/evtx/tests/builder.rs"]
mod evtx;
#[allow(dead_code)]
#[path = "../../fuzz/src/inputs.rs"]
mod inputs;
#[allow(dead_code)]
#[path = "../../crates/artifacts/src/ntfs_usn/tests/builder.rs"]
mod ntfs_usn;
#[allow(dead_code)]
#[path = "../../crates/artifacts/src/pe_version/tests/builder.rs"]
mod pe_version;
#[allow(dead_code)]
#[path = "../../crates/artifacts/src/registry_hive/tests/builder.rs"]
mod registry_hive;

use inputs::{NAMES, fold, is_folded};

/// Longer inputs are slow; a log is worth no more than its first rows.
const LONGEST: usize = 60 << 10;
/// So many files of one name are taken from evidence, and so much of one is put into an archive.
const OF_A_NAME: usize = 4;
const BEGINNING: usize = 3 << 10;

/// Which names the test data of a format go by.
const FORMATS: &[(&str, &[&str])] = &[
    ("access_log", &["access.log", "access.log.bz2", "access.log.zst"]),
    ("aspnet_compiled", &["x.aspx.f5dba9b9.compiled"]),
    ("defender_log", &["MPLog-20210301-100000.log"]),
    ("event_json", &["events.json"]),
    ("event_xml", &["events.xml"]),
    ("exchange_audit", &["Audit/audit20210301-1.LOG"]),
    ("exchange_ecp", &["ECPServer20210301-1.LOG"]),
    ("exchange_ecp_activity", &["ECPActivity_2021030110-1.LOG"]),
    ("exchange_ews", &["Ews_2021030110-1.LOG"]),
    ("exchange_httpproxy", &["HttpProxy_2021030110-1.LOG"]),
    ("exchange_message_tracking", &["MSGTRK2021030110-1.LOG"]),
    ("exchange_oab_generator", &["OABGeneratorLog/OABGenerator.log"]),
    ("exchange_rps_cmdlet", &["Rps_Cmdlet_2021030110-1.LOG"]),
    ("exchange_rps_http", &["Rps_Http_2021030110-1.LOG"]),
    ("exchange_setup", &["ExchangeSetup.log"]),
    ("http_err", &["HTTPERR/httperr1.log"]),
    ("iis_config", &["C/Windows/System32/inetsrv/config/applicationHost.config", "C/inetpub/wwwroot/web.config"]),
    ("iis_w3c", &["u_ex210301.log", "u_ex210301.log.gz", "u_ex210301.log.xz"]),
    ("scheduled_task", &["C/Windows/System32/Tasks/task"]),
    ("served_script", &["C/inetpub/wwwroot/aspnet_client/x.aspx", "C/inetpub/wwwroot/x.php"]),
    ("transport_agents", &["agents.config"]),
];

/// Programs that pack what they are given on their input, by the ending of what they make.
const PACKERS: &[(&str, &str, &[&str])] =
    &[(".gz", "gzip", &["-c"]), (".bz2", "bzip2", &["-c"]), (".xz", "xz", &["-c"]), (".zst", "zstd", &["-qc"])];

/// Programs that print an archive of the files here.
const ARCHIVERS: &[(&str, &str, &[&str])] = &[
    ("case.tar", "tar", &["-c", "."]),
    ("case.tar.gz", "tar", &["-cz", "."]),
    ("case.tar.xz", "tar", &["-cJ", "."]),
    ("case.zip", "zip", &["-qr", "-", "."]),
    ("C/Users/a/b/c/logs.zip", "zip", &["-qr", "-", "."]),
    ("case.7z", "7z", &["a", "-so", "-t7z", "-an", "."]),
];

/// Where what in the corpus lies.
const IMAGES: &[(&str, &str)] = &[
    ("crates/evidence/tests/data/disk.raw.xz", "disk.dd"),
    ("crates/evidence/tests/data/fixed.vhd.xz", "disk.vhd"),
    ("crates/evidence/tests/data/dynamic.vhd.xz", "disk.vhd"),
    ("crates/evidence/tests/data/disk.vhdx.xz", "disk.vhdx"),
    ("crates/artifacts/src/ntfs_mft/testdata/mft.xz", "C/$MFT"),
];

const ACKNOWLEDGED: &str =
    "- finding: page-written\n  thing: health.aspx\n  server: EX01\n  why: ours\n  who: Jane\n  until: 2027-06-30\n";

/// Fills `fuzz/corpus`. Files of the archives of evidence are taken from `evidence`, when there is some.
///
/// # Errors
/// A file cannot be read or written. Programs that are not there are told.
pub(crate) fn write(evidence: Option<&Path>) -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut corpus = Corpus { folder: root.join("fuzz/corpus"), count: 0 };
    for (format, names) in FORMATS {
        for file in files_below(&root.join("crates/artifacts/src").join(format).join("testdata"))? {
            if file.extension().is_some_and(|extension| extension == "in") {
                let bytes = fs::read(file)?;
                names.iter().try_for_each(|name| corpus.scan(name, &bytes))?;
            }
        }
    }
    corpus.made()?;
    for (path, name) in IMAGES {
        if let Some(bytes) = output_of(Command::new("xz").arg("-dc").arg(root.join(path)), &[]) {
            corpus.scan(name, &bytes)?;
        }
    }
    if let Some(evidence) = evidence {
        corpus.evidence(evidence)?;
    }
    for file in files_below(&root.join("rules"))? {
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("yml") => corpus.add("user_files", 0, &fs::read(file)?)?,
            Some("yar") => corpus.add("user_files", 1, &fs::read(file)?)?,
            _ => {}
        }
    }
    corpus.add("user_files", 2, ACKNOWLEDGED.as_bytes())?;
    corpus.add("user_files", 7, POLICY.as_bytes())?;
    for (number, table) in [(5, "builds.csv"), (6, "cves.csv")] {
        let bytes = fs::read(root.join("crates/exposure/data").join(table))?;
        corpus.add("user_files", number, bytes.get(..LONGEST).unwrap_or(&bytes))?;
    }
    corpus.pages(&root)?;
    corpus.reports(&root)?;
    say(&format!("{} inputs in {}", corpus.count, corpus.folder.display()));
    Ok(())
}

/// Numbers of names as `fuzz/src/targets/webshell_page.rs` has them, and a page.
const PAGES: &[(u8, &str)] = &[
    (0, "<?php $a = strrev($_GET['a'] ?? ''); for ($i = 0; $i < 9; $i++) { $a .= chr($i ^ 65); } echo base64_encode($a);"),
    (0, "<?php class A { public $x = 'a'; function f($y) { return $this->x . $y; } } echo (new A)->f($_POST['b']);"),
    (
        1,
        "<%@ Page Language=\"C#\" %><% var a = Request[\"a\"] ?? \"\"; foreach (var c in a) { Response.Write((int)c + \",\"); } %>",
    ),
    (1, "<%@ Page Language=\"VB\" %><% Dim a = StrReverse(Request(\"a\")) : For i = 1 To 9 : a &= Chr(64 + i) : Next %>"),
    (
        1,
        "<%@ Page Language=\"JScript\" %><% var a = Request.Item[\"a\"]; a = a.split(\"\").reverse().join(\"\"); Response.Write(a); %>",
    ),
    (
        2,
        "<%@ WebHandler Language=\"C#\" Class=\"H\" %> public class H : IHttpHandler { public void ProcessRequest(HttpContext c) { } }",
    ),
    (4, "@{ var a = Request[\"a\"]; } <p>@a.Length @(a + 1)</p>"),
    (
        6,
        "<% Dim a, i : a = Request(\"a\") : For i = 1 To Len(a) : Response.Write Asc(Mid(a, i, 1)) : Next : a = Split(a, \",\") %>",
    ),
    (6, "<%@ language=\"JScript\" %><% var a = String(Request(\"a\")); Response.Write(unescape(a).length); %>"),
    (
        8,
        "<%@ page import=\"java.util.*\" %><% String a = request.getParameter(\"a\"); char[] c = a.toCharArray(); out.print(c.length); %>",
    ),
    (
        9,
        "<jsp:root xmlns:jsp=\"http://java.sun.com/JSP/Page\"><jsp:scriptlet>int a = 1 + 2;</jsp:scriptlet>${param.a}</jsp:root>",
    ),
    (10, "<cfset a = reverse(url.a)><cfloop index=\"i\" from=\"1\" to=\"9\"><cfoutput>#chr(i)##a#</cfoutput></cfloop>"),
    (12, "#!/usr/bin/perl\nuse CGI; my $q = CGI->new; my @a = map { ord } split //, $q->param('a'); print join(',', @a);"),
    (14, "import cgi\nf = cgi.FieldStorage()\na = ''.join(chr(ord(c) ^ 1) for c in f.getvalue('a', ''))\nprint(len(a))\n"),
    (18, "<Files \"*.txt\">\nSetHandler application/x-httpd-php\n</Files>\nRewriteRule ^a$ b [L]\n"),
    (19, "auto_prepend_file = a.txt\n"),
    (
        20,
        "<configuration><system.webServer><handlers><add name=\"a\" path=\"*.x\" verb=\"*\" type=\"A.B\" /></handlers></system.webServer></configuration>",
    ),
    (21, "GIF89a<?php echo 1; ?>"),
    (
        23,
        "<xsl:stylesheet version=\"1.0\" xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"><xsl:template match=\"/\">a</xsl:template></xsl:stylesheet>",
    ),
];
/// Decoders of `fuzz/src/targets/webshell_decode.rs`.
const DECODERS: u8 = 22;

const POLICY: &str =
    "quarantine:\n  - kinds: [web-shell-code]\n    confidence: high\n    folders: [/srv/www]\nmost_per_hour: 10\n";

struct Corpus {
    folder: PathBuf,
    count: u64,
}

impl Corpus {
    /// What the writers of the readers' tests make.
    fn made(&mut self) -> io::Result<()> {
        use registry_hive::{Lists, hive, software, system};
        for lists in [Lists::Lf, Lists::Lh, Lists::Li, Lists::Ri] {
            self.scan("C/Windows/System32/config/SYSTEM", &hive(&system(), lists))?;
            self.scan("C/Windows/System32/config/SOFTWARE", &hive(&software(), lists))?;
        }
        for wide in [true, false] {
            self.scan("C/Exchange/Bin/ExSetup.exe", &pe_version::program(wide, [15, 1, 2176, 9]))?;
        }
        let journal = ntfs_usn::story();
        let filled = journal.iter().position(|byte| *byte != 0).unwrap_or_default();
        self.scan("C/$Extend/$UsnJrnl$J", journal.get(filled..).unwrap_or_default())?;
        let detections = "C/ProgramData/Microsoft/Windows Defender/Scans/History/Service/DetectionHistory/01/x";
        for (version, kind, head) in [(true, 0, 24), (false, 0, 24), (true, 4, 24), (true, 0, 4)] {
            self.scan(detections, &defender_history::sample(version, kind, head))?;
        }
        let log = evtx::LogWriter::log(1, &[&[1, 2, 3]]);
        self.add("scan", number("Security.evtx"), &log)
    }

    /// Files of some evidence, each under the name that is likest its own, and archives of their beginnings.
    fn evidence(&mut self, evidence: &Path) -> io::Result<()> {
        let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
        let some = env::temp_dir().join(format!("afterpatch-seeds-{}", process::id()));
        for file in files_below(evidence)? {
            let Some(name) = file.to_str().and_then(likest) else { continue };
            let count = taken.entry(name).or_default();
            *count += 1;
            let bytes = fs::read(&file)?;
            if *count <= OF_A_NAME {
                self.scan(name, &bytes)?;
            }
            let path = some.join(file.strip_prefix(evidence).unwrap_or(&file));
            if let (1, Some(folder)) = (*count, path.parent()) {
                fs::create_dir_all(folder)?;
                fs::write(path, bytes.get(..BEGINNING).unwrap_or(&bytes))?;
            }
        }
        for (name, program, arguments) in ARCHIVERS {
            if let Some(bytes) = output_of(Command::new(program).args(*arguments).current_dir(&some), &[]) {
                self.scan(name, &bytes)?;
            }
        }
        fs::remove_dir_all(some)
    }

    /// Pages of each language that count, join and decode what they are sent, and do nothing with it; and data for the decoders.
    fn pages(&mut self, root: &Path) -> io::Result<()> {
        for (number, page) in PAGES {
            self.add("webshell_page", *number, page.as_bytes())?;
        }
        for file in files_below(&root.join("crates/artifacts/src/served_script/testdata"))? {
            if file.extension().is_some_and(|extension| extension == "in") {
                self.add("webshell_page", u8::from(!file.to_string_lossy().contains(".php")), &fs::read(file)?)?;
            }
        }
        for number in 0..DECODERS {
            for data in ["", "print(1);", "YTox", "x\u{9c}K\u{4}\u{0}", "a:1:{i:0;s:1:\"x\";}"] {
                self.add("webshell_decode", number, data.as_bytes())?;
            }
        }
        Ok(())
    }

    /// What the program says of the data of each reader's tests, and what it would do about it.
    fn reports(&mut self, root: &Path) -> io::Result<()> {
        let folder = env::temp_dir().join(format!("afterpatch-seeds-{}", process::id()));
        let disk = folder.join("disk");
        fs::create_dir_all(disk.join("C/Windows/System32"))?;
        let report = folder.join("report.json");
        let afterpatch = |arguments: &[&str], paths: &[&Path]| {
            let mut command = Command::new("cargo");
            command.args(["run", "--quiet", "--package", "afterpatch", "--"]).args(arguments).args(paths).current_dir(root);
            output_of(&mut command, &[])
        };
        for (format, _) in FORMATS {
            let data = root.join("crates/artifacts/src").join(format).join("testdata");
            let written = afterpatch(&["scan", "--quiet", "--exit-zero", "--output"], &[&report, &data]);
            let Some(bytes) = written.and_then(|_| fs::read(&report).ok()).filter(|bytes| bytes.len() <= LONGEST) else {
                continue;
            };
            self.whole("report", &bytes)?;
            let plan = folder.join("plan.yaml");
            let _ = fs::remove_file(&plan);
            let planned = afterpatch(&["clean", "--plan"], &[&report, Path::new("--root"), &disk, Path::new("-o"), &plan]);
            if let (Some(_), Ok(plan)) = (planned, fs::read(&plan)) {
                self.add("user_files", 3, &plan)?;
            }
        }
        fs::remove_dir_all(folder)
    }

    /// An input of the target `scan`.
    fn scan(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let number = number(name);
        if is_folded(name) {
            return self.add("scan", number, &fold(bytes, LONGEST));
        }
        let bytes = bytes.get(..LONGEST).unwrap_or(bytes);
        match PACKERS.iter().find(|(ending, ..)| name.ends_with(ending) && !name.contains(".tar")) {
            Some((_, program, arguments)) => match output_of(Command::new(program).args(*arguments), bytes) {
                Some(packed) => self.add("scan", number, &packed),
                None => Ok(()),
            },
            None => self.add("scan", number, bytes),
        }
    }

    fn add(&mut self, target: &str, first: u8, bytes: &[u8]) -> io::Result<()> {
        self.whole(target, &[&[first], bytes].concat())
    }

    fn whole(&mut self, target: &str, input: &[u8]) -> io::Result<()> {
        let folder = self.folder.join(target);
        fs::create_dir_all(&folder)?;
        self.count += 1;
        fs::write(folder.join(format!("seed-{:04}", self.count)), input)
    }
}

/// The byte that stands for a name.
fn number(name: &str) -> u8 {
    let at = NAMES.iter().position(|own| *own == name);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or_default()
}

/// The name that begins and ends as the file's own does.
fn likest(path: &str) -> Option<&'static str> {
    fn ends(path: &str) -> (String, String) {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
        let start = name.split(|letter: char| letter.is_ascii_digit() || letter == '.').next().unwrap_or_default();
        (start.to_owned(), name.rsplit('.').next().unwrap_or_default().to_owned())
    }
    let (start, end) = ends(path);
    let same = |name: &&&str| ends(name) == (start.clone(), end.clone());
    let alike = |name: &&&str| matches!(end.as_str(), "json" | "aspx" | "compiled" | "xml") && ends(name).1 == end;
    NAMES.iter().find(same).or_else(|| NAMES.iter().find(alike)).copied()
}

/// All files below a folder that is there, in order.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

/// What a program prints; what is missing is told.
fn output_of(command: &mut Command, input: &[u8]) -> Option<Vec<u8>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut run = || {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        // No input here is longer than a pipe holds.
        child.stdin.take().map(|mut stdin| stdin.write_all(input)).transpose()?;
        child.wait_with_output()
    };
    match run() {
        Ok(output) if output.status.success() => Some(output.stdout),
        Ok(output) => {
            say(&format!("{program}: {}", output.status));
            None
        }
        Err(error) => {
            say(&format!("{program}: {error}; its inputs are left out"));
            None
        }
    }
}
