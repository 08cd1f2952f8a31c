//! What a caller of somebody else's server needs of the process it runs in.

use std::sync::Arc;
use std::time::Duration;

use crate::ground::clock::{Clock, Deadline};
use crate::ground::random::Random;
use crate::ground::retry::{RealSleep, Sleep};

/// Kept back of the time there is, so that the caller can still report what happened.
const MARGIN: Duration = Duration::from_millis(50);

/// The client and what it takes to try again; clones share everything.
#[derive(Clone)]
pub struct HttpParts {
    /// The HTTP client of the function.
    pub client: reqwest::Client,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Jitter.
    pub random: Arc<Random>,
    /// How pauses are made.
    pub sleep: Arc<dyn Sleep>,
}

impl HttpParts {
    /// The parts of a function.
    pub fn new(client: reqwest::Client, clock: Arc<dyn Clock>) -> Self {
        let random = Arc::new(Random::from_entropy());
        Self { client, clock, random, sleep: Arc::new(RealSleep) }
    }

    /// The time left for attempts and pauses.
    pub fn left(&self, deadline: Deadline) -> Duration {
        deadline.remaining(self.clock.now()).saturating_sub(MARGIN)
    }
}
