//! Lets Windows run the watch, as a service.

use std::ffi::OsString;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Parser;
use windows_service::service::{
    ServiceAccess, ServiceControl, ServiceControlAccept, ServiceErrorControl, ServiceExitCode, ServiceInfo, ServiceStartType,
    ServiceState, ServiceStatus, ServiceType,
};
use windows_service::service_control_handler::{self, ServiceControlHandlerResult};
use windows_service::service_dispatcher;
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};

use crate::arguments::watch::{InstallArguments, RunArguments, UninstallArguments, WatchCommand};
use crate::arguments::{Arguments, Command};
use crate::exit::Exit;
use crate::output;
use afterpatch_watch::Stop;

const NAME: &str = "afterpatch-watch";

/// Registers the service with the arguments that it was installed with, and starts it.
pub fn install(arguments: &InstallArguments) -> anyhow::Result<Exit> {
    if arguments.unit.is_some() {
        bail!("units are for systemd");
    }
    let program = std::env::current_exe().context("the program's own place cannot be told")?;
    // What stands behind `watch install` is what the service gets.
    let own = std::env::args_os().skip_while(|word| word != "install").skip(1);
    let launch_arguments: Vec<OsString> = ["watch", "service"].map(OsString::from).into_iter().chain(own).collect();
    let access = ServiceManagerAccess::CONNECT | ServiceManagerAccess::CREATE_SERVICE;
    let manager = ServiceManager::local_computer(None::<&str>, access)?;
    let info = ServiceInfo {
        name: NAME.into(),
        display_name: "afterpatch watch".into(),
        service_type: ServiceType::OWN_PROCESS,
        start_type: ServiceStartType::AutoStart,
        error_control: ServiceErrorControl::Normal,
        executable_path: program,
        launch_arguments,
        dependencies: Vec::new(),
        // Security logs and Exchange's folders are closed to lesser accounts.
        account_name: None,
        account_password: None,
    };
    let service = manager.create_service(&info, ServiceAccess::CHANGE_CONFIG | ServiceAccess::START)?;
    service.set_description("Tells what changes in web roots and logs.")?;
    service.start::<&str>(&[])?;
    output::note(&format!("{NAME} runs"));
    Ok(Exit::Nothing)
}

/// Takes the service away.
pub fn uninstall(_arguments: &UninstallArguments) -> anyhow::Result<Exit> {
    let manager = ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT)?;
    let service = manager.open_service(NAME, ServiceAccess::STOP | ServiceAccess::DELETE)?;
    // It may not run.
    let _ = service.stop();
    service.delete()?;
    Ok(Exit::Nothing)
}

/// Called by Windows.
pub fn serve(_arguments: &RunArguments) -> anyhow::Result<Exit> {
    service_dispatcher::start(NAME, service_main).context("only Windows starts a watch this way")?;
    Ok(Exit::Nothing)
}

/// The arguments of the service are those of the process, which are read again: nothing is kept globally for it.
extern "system" fn service_main(_count: u32, _arguments: *mut *mut u16) {
    if let Err(error) = serve_until_stopped() {
        output::complain(&error, None);
    }
}

fn serve_until_stopped() -> anyhow::Result<()> {
    let Command::Watch(arguments) = Arguments::parse().command else { bail!("no watch") };
    let Some(WatchCommand::Service(run)) = arguments.command else { bail!("no service") };
    let stop = Stop::default();
    let on_control = stop.clone();
    let handle = service_control_handler::register(NAME, move |control| match control {
        ServiceControl::Stop | ServiceControl::Shutdown => {
            on_control.stop();
            ServiceControlHandlerResult::NoError
        }
        ServiceControl::Interrogate => ServiceControlHandlerResult::NoError,
        _ => ServiceControlHandlerResult::NotImplemented,
    })?;
    let status = |state, accepted, code| ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state: state,
        controls_accepted: accepted,
        exit_code: ServiceExitCode::Win32(code),
        checkpoint: 0,
        wait_hint: Duration::ZERO,
        process_id: None,
    };
    let accepted = ServiceControlAccept::STOP | ServiceControlAccept::SHUTDOWN;
    handle.set_service_status(status(ServiceState::Running, accepted, 0))?;
    let ended = super::until_stopped(&run, &stop);
    let code = u32::from(ended.is_err());
    handle.set_service_status(status(ServiceState::Stopped, ServiceControlAccept::empty(), code))?;
    ended.map(|_| ())
}
