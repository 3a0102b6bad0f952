#![allow(clippy::print_stdout)]

use std::fs::File;
use std::path::Path;

use afterpatch_model::{FileAction, FileChange, Record, Timestamp, Unified};

use super::super::*;
use super::read_bytes;

/// The real set of a ProxyLogon attack (OTRF SDWIN-210314014019), beside the project's root.
#[test]
fn the_real_set_is_read_in_utc() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/evidence/otrf_proxylogon_ssrf_rce_poc.zip");
    let Ok(file) = File::open(&path) else {
        println!("the real set is not here, nothing was tested");
        return;
    };
    let mut bytes = Vec::new();
    zip::ZipArchive::new(file).unwrap().by_index(0).unwrap().read_to_end(&mut bytes).unwrap();
    assert!(looks_like_events(&bytes[..Input::HEAD_BYTES]));

    #[derive(Default)]
    struct Check {
        records: u64,
        checked: Vec<u64>,
        clock: Option<(i32, u64)>,
        pids: Vec<Option<u64>>,
    }
    impl Sink for Check {
        fn record(&mut self, record: &Record<'_>) -> Flow {
            self.records += 1;
            assert_eq!(record.place, Place::Line(self.records));
            let time = record.time.unwrap();
            let moment = |text: &str| format!("2021-03-14T06:40:{text}Z").parse::<Timestamp>().unwrap();
            assert!(("2021-03-14T06:39:00Z".parse().unwrap().."2021-03-14T06:42:00Z".parse().unwrap()).contains(&time), "{time}");
            assert_eq!(record.server.as_deref(), Some("MXS01.azsentinel.local"));
            match self.records {
                9909 => {
                    assert_eq!((time, &record.unified), (moment("11.940"), &Unified::Other));
                    assert!(record.fields.get("Message").unwrap().contains("/ecp/about.aspx?a=]:444/ecp/tpy.js"));
                    assert_eq!((record.fields.get("EventID"), &*record.source.service), (Some("4"), "application"));
                }
                10485 => {
                    assert_eq!(time, moment("12.987"));
                    let Unified::Cmdlet(cmdlet) = &record.unified else { panic!("{:?}", record.unified) };
                    assert_eq!((&*cmdlet.name, cmdlet.succeeded), ("Set-OabVirtualDirectory", Some(true)));
                    assert!(
                        cmdlet.parameters.starts_with("-ExternalUrl \"http://ffff/#<script")
                            && cmdlet.parameters.ends_with("-Identity \"OAB (Default Web Site)\"")
                    );
                }
                3733 => {
                    assert_eq!(time, moment("13.659"));
                    let path = r"C:\Program Files\Microsoft\Exchange Server\V15\FrontEnd\HttpProxy\owa\auth\ohyeah.aspx".into();
                    assert_eq!(
                        record.unified,
                        Unified::FileChange(FileChange {
                            action: FileAction::Created,
                            path,
                            image: "System".into(),
                            pid: Some(4)
                        })
                    );
                }
                4050 | 4966 => {
                    assert!((moment("15.338")..moment("15.360")).contains(&time), "{time}");
                    let Unified::ProcessStart(process) = &record.unified else { panic!("{:?}", record.unified) };
                    assert_eq!(
                        (&*process.command_line, &*process.parent_image),
                        ("cmd /c whoami", r"C:\Windows\System32\inetsrv\w3wp.exe")
                    );
                    assert_eq!(record.source.category, "process_creation");
                    self.pids.push(process.pid);
                }
                _ => return Flow::Continue,
            }
            self.checked.push(self.records);
            Flow::Continue
        }
        fn gap(&mut self, kind: GapKind, place: Place, detail: &str) {
            panic!("{kind:?} {place:?} {detail}");
        }
        fn clock_corrected(&mut self, offset_minutes: i32, proven_by: u64) {
            assert_eq!(self.records, 0);
            self.clock = Some((offset_minutes, proven_by));
        }
    }
    let mut check = Check::default();
    read_bytes(&bytes, &mut check);
    assert_eq!(check.records, 10_487);
    assert_eq!(check.clock.map(|(offset, _)| offset), Some(-300));
    assert_eq!(check.checked, [3733, 4050, 4966, 9909, 10485]);
    assert_eq!(check.pids, [Some(23392), Some(23392)]);
}
