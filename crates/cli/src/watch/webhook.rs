//! Alerts by POST.

use std::path::Path;

use afterpatch_model::Alert;
use afterpatch_remote::{Hook, Posted};
use afterpatch_watch::{Outcome, Output};
use anyhow::Context;

/// Times that a receiver may refuse an alert before the next has its turn.
const MOST_REFUSALS: u32 = 5;

/// A receiver of alerts.
pub struct Webhook {
    hook: Hook,
    refusals: u32,
}

impl Webhook {
    pub fn new(url: &str, authority: Option<&Path>) -> anyhow::Result<Self> {
        let authority = match authority {
            Some(path) => Some(std::fs::read(path).with_context(|| path.display().to_string())?),
            None => None,
        };
        let agent = concat!("afterpatch/", env!("CARGO_PKG_VERSION"));
        Ok(Self { hook: Hook::new(url, authority.as_deref(), agent)?, refusals: 0 })
    }
}

impl Output for Webhook {
    fn name(&self) -> &'static str {
        "webhook"
    }

    fn deliver(&mut self, alert: &Alert) -> Outcome {
        let body = match afterpatch_report::alert_line(alert) {
            Ok(body) => body,
            Err(error) => return Outcome::Done(Some(error.to_string())),
        };
        match self.hook.post(&body, &alert.id) {
            Ok(Posted::Taken) => {
                self.refusals = 0;
                Outcome::Done(None)
            }
            Ok(Posted::Refused(status)) => {
                self.refusals += 1;
                let why = format!("the receiver answered {status}");
                if self.refusals < MOST_REFUSALS {
                    return Outcome::Again(why);
                }
                self.refusals = 0;
                Outcome::Done(Some(format!("{why}; alert {} was left out there", alert.id)))
            }
            Err(error) => Outcome::Again(error),
        }
    }
}
