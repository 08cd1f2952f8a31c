//! Where an event goes after a handler.

use std::sync::Arc;

use super::handler::Handler;

/// What comes after a handler. A handler that returns `()` is done.
pub enum Flow {
    /// Nothing: the event is answered.
    Done,
    /// The next route that matches.
    Next,
    /// Another handler, with the same context.
    To(Arc<dyn Handler>),
}

impl Flow {
    /// Hands over to `handler`.
    pub fn to(handler: impl Handler) -> Self {
        Self::To(Arc::new(handler))
    }
}

impl From<()> for Flow {
    fn from((): ()) -> Self {
        Self::Done
    }
}
