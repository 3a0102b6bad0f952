//! What the system says is what can be known otherwise. On Windows run by `cargo xtask windows`, under Wine.
#![allow(clippy::unwrap_used, missing_docs)]

use afterpatch_sys::{computer, priority, process, streams};

#[test]
fn this_process_is_among_the_processes_with_its_parent_and_command_line() {
    let all = process::processes().unwrap();
    let own = all.iter().find(|process| process.id == std::process::id()).unwrap();
    // Under Wine the first program has no parent that Windows knows.
    assert!(cfg!(windows) || own.parent != 0);
    let file = std::env::current_exe().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
    assert!(own.program.as_ref().unwrap().ends_with(&file), "{own:?}");
    // Wine 8 does not tell command lines.
    assert!(own.command_line.as_ref().is_none_or(|line| line.contains("system")), "{own:?}");
    assert!(cfg!(windows) || own.command_line.is_some());
}

#[test]
fn the_computer_has_a_name_and_stands_back() {
    assert!(!computer::name().unwrap().is_empty());
    computer::is_elevated();
    assert!(priority::stand_back().processor);
}

#[test]
fn an_ordinary_file_has_no_streams() {
    let file = std::fs::File::open(std::env::current_exe().unwrap()).unwrap();
    assert_eq!(streams::streams(&file).unwrap(), []);
}

#[cfg(windows)]
mod windows {
    use std::io::ErrorKind;
    use std::process::Command;

    use afterpatch_sys::registry::{Key, Root, Value};
    use afterpatch_sys::service::Start;
    use afterpatch_sys::{computer, privilege, process, service, task};

    #[test]
    fn the_registry_is_read() {
        let key = Key::open(Root::LocalMachine, r"SOFTWARE\Microsoft\Windows NT\CurrentVersion").unwrap().unwrap();
        assert!(matches!(key.value("CurrentVersion").unwrap(), Some(Value::Text(text)) if text.contains('.')));
        assert_eq!(key.value("there is no such value").unwrap(), None);
        assert!(key.values().unwrap().iter().any(|(name, _)| name == "CurrentBuild"));
        assert!(Key::open(Root::LocalMachine, "no such key").unwrap().is_none());
        let control = Key::open(Root::LocalMachine, r"SYSTEM\CurrentControlSet\Control").unwrap().unwrap();
        assert!(control.keys().unwrap().iter().any(|name| name.eq_ignore_ascii_case("Session Manager")));
        assert!(control.below("Session Manager").unwrap().is_some());
    }

    #[test]
    fn a_process_has_loaded_its_program_and_the_kernels_library() {
        let modules = process::modules(std::process::id()).unwrap();
        let own = std::env::current_exe().unwrap();
        assert!(modules[0].eq_ignore_ascii_case(own.to_str().unwrap()), "{modules:?}");
        assert!(modules.iter().any(|module| module.to_lowercase().ends_with(r"\kernel32.dll")), "{modules:?}");
        assert!(process::modules(u32::MAX).is_err());
    }

    #[test]
    fn drives_services_and_variables_are_told() {
        assert!(computer::fixed_drives().contains(&'C'), "{:?}", computer::fixed_drives());
        assert_eq!(computer::expand(r"%SystemDrive%\inetpub").unwrap().to_lowercase(), r"c:\inetpub");
        // Wine has none.
        assert!(computer::shadow_copies().iter().all(|(number, letter)| *number > 0 && letter.is_ascii_uppercase()));
        let services = service::services().unwrap();
        assert!(services.iter().any(|service| service.command_line.is_some()), "{services:?}");
        // Whether it is there depends on the account; asking does no harm.
        privilege::enable(privilege::Privilege::Backup);
    }

    fn run(program: &str, arguments: &[&str]) {
        let status = Command::new(program).args(arguments).status().unwrap();
        assert!(status.success(), "{program} {arguments:?}: {status}");
    }

    #[test]
    fn a_service_starts_as_it_is_told_and_stays_as_it_is_otherwise() {
        const NAME: &str = "afterpatch test service";
        run("sc", &["create", NAME, "binpath=", r"C:\no such program.exe -k", "start=", "auto"]);
        let key = || Key::open(Root::LocalMachine, &format!(r"SYSTEM\CurrentControlSet\Services\{NAME}")).unwrap().unwrap();
        let others = || {
            let mut values = key().values().unwrap();
            values.retain(|(name, _)| name != "Start");
            values
        };
        let before = others();
        assert_eq!(service::start(NAME).unwrap(), Some(Start::Automatic));
        assert_eq!(service::command_line(NAME).unwrap().as_deref(), Some(r"C:\no such program.exe -k"));
        for (start, number) in [(Start::Disabled, 4), (Start::Manual, 3), (Start::Automatic, 2)] {
            service::set_start(NAME, start).unwrap();
            assert_eq!(service::start(NAME).unwrap(), Some(start));
            assert_eq!(key().value("Start").unwrap(), Some(Value::Number(number)));
        }
        assert_eq!(others(), before);
        assert!(!service::stop(NAME).unwrap(), "it does not run");
        run("sc", &["delete", NAME]);
        assert_eq!(service::start(NAME).unwrap(), None);
        assert_eq!(service::command_line(NAME).unwrap(), None);
        assert_eq!(service::set_start(NAME, Start::Disabled).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(service::stop(NAME).unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[test]
    fn a_task_is_found_and_may_be_told_to_be_off_and_on() {
        const NAME: &str = r"\afterpatch test task";
        let folder = std::env::temp_dir();
        let definition = folder.join("afterpatch-task.xml");
        let xml = r#"<?xml version="1.0"?><Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
<RegistrationInfo/><Triggers/><Settings><Enabled>true</Enabled></Settings>
<Actions><Exec><Command>C:\no such program.exe</Command><Arguments>-q</Arguments></Exec></Actions></Task>"#;
        std::fs::write(&definition, xml).unwrap();
        assert_eq!(task::task(NAME).unwrap(), None);
        assert_eq!(task::enable(NAME, false).unwrap_err().kind(), ErrorKind::NotFound);
        run("schtasks", &["/create", "/tn", NAME, "/xml", definition.to_str().unwrap()]);
        let made = task::task(NAME).unwrap().unwrap();
        // Wine 8 forgets what a task starts.
        assert!(made.enabled && made.xml.contains("<Exec"), "{made:?}");
        for enabled in [false, true] {
            // Wine 8 takes the call and does nothing; the vault looks afterwards.
            task::enable(NAME, enabled).unwrap();
            assert!(task::task(NAME).unwrap().is_some());
        }
        run("schtasks", &["/delete", "/tn", NAME, "/f"]);
        assert_eq!(task::task(NAME).unwrap(), None);
    }
}
