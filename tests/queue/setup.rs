//! The local queue by a clock that the test sets, and a mapping that hands its messages to a
//! function.

use std::sync::Arc;
use std::time::Duration;

use patchcord::ground::clock::{ManualClock, Timestamp};
use patchcord::ground::random::Random;
use patchcord_local::queue::{
    EventSourceMapping, MappingOptions, NewMessage, QueueAttributes, Queues,
};

use crate::function::Function;

pub const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);
/// The default visibility timeout.
pub const TIMEOUT: Duration = Duration::from_secs(30);
/// A millisecond less.
pub const NEARLY: Duration = Duration::from_millis(29_999);
pub const MILLISECOND: Duration = Duration::from_millis(1);

/// A queue with these attributes, one of the same kind for its dead letters, and their clock.
pub fn queues(
    queue: &str,
    dead: &str,
    attributes: QueueAttributes,
) -> (Arc<Queues>, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let queues = Queues::new("eu-west-1", Arc::clone(&clock) as _, Random::seeded(7));
    let is_fifo = attributes.fifo.is_some();
    let of_dead = if is_fifo { QueueAttributes::fifo() } else { QueueAttributes::default() };
    queues.create(dead, of_dead).unwrap();
    queues.create(queue, attributes).unwrap();
    (queues, clock)
}

/// Sends messages whose first letter is their group.
pub fn send_in_groups(queues: &Queues, queue: &str, bodies: &[&str]) {
    for body in bodies {
        queues.send(queue, NewMessage::in_group(*body, &body[..1], *body)).unwrap();
    }
}

/// A mapping, and what is on both its sides.
pub struct Setup {
    pub queues: Arc<Queues>,
    pub clock: Arc<ManualClock>,
    pub function: Arc<Function>,
    pub mapping: EventSourceMapping,
}

impl Setup {
    pub fn start(
        (queues, clock): (Arc<Queues>, Arc<ManualClock>),
        function: Function,
        options: MappingOptions,
    ) -> Self {
        let function = Arc::new(function);
        let mapping =
            EventSourceMapping::start(Arc::clone(&queues), Arc::clone(&function), options);
        Self { queues, clock, function, mapping: mapping.unwrap() }
    }

    /// Once so many events were answered, and what came of the answers is done.
    pub async fn stop(self, events: usize) -> (Arc<Queues>, Arc<Function>) {
        self.function.answered(events).await;
        self.mapping.stop().await;
        (self.queues, self.function)
    }
}
