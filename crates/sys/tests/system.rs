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
    use afterpatch_sys::registry::{Key, Root, Value};
    use afterpatch_sys::{computer, privilege, service};

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
    fn drives_services_and_variables_are_told() {
        assert!(computer::fixed_drives().contains(&'C'), "{:?}", computer::fixed_drives());
        assert_eq!(computer::expand(r"%SystemDrive%\inetpub").unwrap().to_lowercase(), r"c:\inetpub");
        let services = service::services().unwrap();
        assert!(services.iter().any(|service| service.command_line.is_some()), "{services:?}");
        // Whether it is there depends on the account; asking does no harm.
        privilege::enable(privilege::Privilege::Backup);
    }
}
