//! Running `afterpatch.exe` under Wine, in a prefix of the tests' own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, dead_code, reason = "each test binary uses a part of it")]

use std::env;
use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use afterpatch_lab::Lab;

/// The exe, and a Windows that it believes in.
pub struct Wine {
    exe: PathBuf,
    prefix: PathBuf,
}

/// Whoever lays files out on drive C itself holds this meanwhile.
static DRIVE_C: Mutex<()> = Mutex::new(());

impl Wine {
    /// `None`, with a printed line, where there is no exe or no Wine: `cargo xtask windows` makes the one and installs the other.
    pub fn get() -> Option<&'static Self> {
        static WINE: OnceLock<Option<Wine>> = OnceLock::new();
        WINE.get_or_init(|| {
            let exe = env::var_os("AFTERPATCH_EXE").map(PathBuf::from);
            let Some(exe) = exe.filter(|exe| exe.is_file() && Path::new("/usr/bin/wine").is_file()) else {
                eprintln!("skipped: no afterpatch.exe to try under Wine (cargo xtask windows makes it)");
                return None;
            };
            let wine = Self { exe, prefix: Path::new(env!("CARGO_TARGET_TMPDIR")).join("wine") };
            // From the last run, which may have been stopped half way.
            let _ = fs::remove_dir_all(&wine.prefix);
            fs::create_dir_all(wine.prefix.join("home")).unwrap();
            let made = wine.command("wineboot", Path::new("/")).arg("-i").status().unwrap();
            assert!(made.success(), "wineboot: {made}");
            // It puts links to folders of this machine on drive C, which look like folders there and like links here.
            remove_links(&wine.prefix.join("drive_c/users"));
            Some(wine)
        })
        .as_ref()
    }

    /// Drive C as this machine sees it, for one test at a time.
    pub fn drive_c(&self) -> (PathBuf, MutexGuard<'static, ()>) {
        (self.prefix.join("drive_c"), DRIVE_C.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where a path of drive C lies on this machine; the lab's other drives are not told apart. Wine's own folders are there already, and are not called twice in another case.
    pub fn place(&self, windows_path: &str) -> PathBuf {
        let mut path = self.prefix.join("drive_c");
        for part in windows_path.split_at(3).1.split('\\') {
            let alike = |name: &String| name.to_lowercase() == part.to_lowercase();
            let names = fs::read_dir(&path).into_iter().flatten().map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let name = names.into_iter().find(alike).unwrap_or_else(|| part.to_owned());
            path.push(name);
        }
        path
    }

    /// Lays a server out on drive C, with the files' own times.
    pub fn lay_out(&self, lab: &Lab) {
        for file in &lab.files {
            let path = self.place(&file.windows_path);
            let since = Duration::from_nanos(file.modified.as_nanosecond().try_into().unwrap());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &file.bytes).unwrap();
            File::options().write(true).open(&path).unwrap().set_modified(UNIX_EPOCH + since).unwrap();
        }
    }

    /// Takes it away again.
    pub fn clear(&self, lab: &Lab) {
        for file in &lab.files {
            let _ = fs::remove_file(self.place(&file.windows_path));
        }
    }

    /// Runs the exe in a folder of this machine.
    pub fn run(&self, folder: &Path, arguments: &[&str]) -> Output {
        let mut output = self.run_once(folder, arguments);
        for _ in 0..3 {
            // Seen now and then, for a reason that we have not found: Wine's server drops a program while it begins ("wine
            // client error:0: recvmsg: Connection reset by peer"). Ours ends with 1, too, but never without a word.
            let said = String::from_utf8_lossy(&output.stderr);
            let is_wines = said.is_empty() || said.starts_with("wine client error");
            if output.status.code() != Some(1) || !output.stdout.is_empty() || !is_wines {
                break;
            }
            std::thread::sleep(Duration::from_secs(1));
            output = self.run_once(folder, arguments);
        }
        output
    }

    fn run_once(&self, folder: &Path, arguments: &[&str]) -> Output {
        // Into files: Wine's own services, which the first program starts, would keep pipes open for as long as they run.
        let (mut stdout, mut stderr) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        let mut command = self.afterpatch(folder, arguments);
        command.stdout(stdout.try_clone().unwrap()).stderr(stderr.try_clone().unwrap());
        let status = command.status().unwrap();
        let read = |file: &mut File| {
            let mut bytes = Vec::new();
            file.rewind().unwrap();
            file.read_to_end(&mut bytes).unwrap();
            bytes
        };
        Output { status, stdout: read(&mut stdout), stderr: read(&mut stderr) }
    }

    /// The exe with arguments, to be started.
    pub fn afterpatch(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = self.command(self.exe.to_str().unwrap(), folder);
        command.args(arguments);
        command
    }

    fn command(&self, program: &str, folder: &Path) -> Command {
        let mut command = Command::new("/usr/bin/wine");
        command.arg(program).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.env("WINEPREFIX", &self.prefix).env("WINEDEBUG", "-all").env("WINEARCH", "win64");
        command.env("HOME", self.prefix.join("home"));
        // Neither .NET nor a browser: it would ask to download them.
        command.env("WINEDLLOVERRIDES", "mscoree,mshtml,winemenubuilder.exe=");
        // Names of files are UTF-8; the language of the machine must not decide what a test sees.
        command.env("LC_ALL", "C.UTF-8").env_remove("LANG").env_remove("LC_MESSAGES").env_remove("DISPLAY");
        command
    }
}

fn remove_links(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_symlink() {
            fs::remove_file(entry.path()).unwrap();
        } else if kind.is_dir() {
            remove_links(&entry.path());
        }
    }
}

/// A path of this machine as Wine's programs see it: drive Z is its root.
pub fn windows_path(path: &Path) -> String {
    format!("Z:{}", path.to_str().unwrap().replace('/', "\\"))
}
