//! The system log: services (7036, 7045), and logs cleared (104).

use super::{Event, Provider};

const SERVICES: Provider = Provider {
    source: "Service Control Manager",
    guid: Some("{555908d1-a6d7-4695-8e1e-26931d2012f4}"),
    channel: "System",
    keywords: "0x8080000000000000",
};
const EVENT_LOG: Provider = Provider {
    source: "Microsoft-Windows-Eventlog",
    guid: Some("{FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148}"),
    channel: "System",
    keywords: "0x8000000000000000",
};

pub(crate) fn service_state(service: &str, state: &str) -> Event {
    let message = format!("The {service} service entered the {state} state.");
    let data = vec![("param1", service.to_owned()), ("param2", state.to_owned())];
    Event { provider: &SERVICES, id: 7036, level: 4, task: 0, message, data }
}

pub(crate) fn service_installed(name: &str, image: &str) -> Event {
    let message = format!(
        "A service was installed in the system.\r\n\r\nService Name:  {name}\r\nService File Name:  {image}\r\nService Type:  user \
         mode service\r\nService Start Type:  auto start\r\nService Account:  LocalSystem"
    );
    let data = vec![
        ("ServiceName", name.to_owned()),
        ("ImagePath", image.to_owned()),
        ("ServiceType", "user mode service".to_owned()),
        ("StartType", "auto start".to_owned()),
        ("AccountName", "LocalSystem".to_owned()),
    ];
    Event { provider: &SERVICES, id: 7045, level: 4, task: 0, message, data }
}

/// `log` is the channel that was cleared.
pub(crate) fn log_cleared(log: &str, user: &str, domain: &str) -> Event {
    let data = vec![("SubjectUserName", user.to_owned()), ("SubjectDomainName", domain.to_owned())];
    Event { provider: &EVENT_LOG, id: 104, level: 4, task: 104, message: format!("The {log} log file was cleared."), data }
}
