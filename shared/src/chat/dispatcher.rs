//! Joins connector, session, bot and output: claim, run, commit.

mod begin;
mod claim;
mod error;
mod finish;
mod platform;
mod time;

use std::sync::Arc;
use std::time::Duration;

pub use begin::{Begun, Turn};
pub use error::DispatchError;
pub use finish::{AfterFailure, Failed};
pub use platform::{OnFailure, Outcome};

use super::bot::Bot;
use super::sessions::SessionStore;
use crate::ground::clock::Clock;
use crate::ground::metrics::{self, Metric};
use crate::ground::random::Random;

/// Answers events with a bot, one at a time for each session.
pub struct Dispatcher {
    bot: Arc<dyn Bot>,
    sessions: Arc<dyn SessionStore>,
    clock: Arc<dyn Clock>,
    random: Random,
    settings: DispatchSettings,
}

/// What can be set about dispatching.
#[derive(Clone, Debug)]
pub struct DispatchSettings {
    /// The function's name, a dimension of its metrics.
    pub service: String,
    /// How long a session is kept after its last event; none keeps it for ever.
    pub session_lifetime: Option<Duration>,
}

impl Dispatcher {
    /// A dispatcher for `bot`.
    pub fn new(
        bot: Arc<dyn Bot>,
        sessions: Arc<dyn SessionStore>,
        clock: Arc<dyn Clock>,
        random: Random,
        settings: DispatchSettings,
    ) -> Self {
        Self { bot, sessions, clock, random, settings }
    }

    /// Counts what has happened so many times on a channel.
    pub fn count(&self, metric: Metric, channel: &str, times: u64) {
        metrics::measure(&[(metric, times)], &self.settings.service, channel, self.clock.now());
    }
}
