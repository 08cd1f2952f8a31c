//! What is measured of `webhook`, and what it should be.

use crate::bench::{
    figures::{Figure, Of},
    statistics::Samples,
};

/// Everything that was measured, in the order of the table.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub(super) start: Samples,
    pub(super) first_message: Samples,
    pub(super) health: Samples,
    pub(super) one_session: Samples,
    pub(super) many_sessions: Samples,
    pub(super) large_states: Samples,
    pub(super) overhead: Samples,
    pub(super) store: Samples,
    pub(super) cpu: Samples,
    pub(super) per_second: Samples,
    pub(super) memory_after_start: Samples,
    pub(super) memory_under_load: Samples,
    pub(super) peak_memory: Samples,
    pub(super) peak_memory_large: Samples,
    pub(super) binary: Samples,
    pub(super) calls: Samples,
    pub(super) calls_of_duplicates: Samples,
    pub(super) acknowledged_cold: Samples,
    pub(super) acknowledged_warm: Samples,
}

impl Measured {
    /// The lines of the table.
    pub(super) fn figures(&self) -> Vec<Figure> {
        let figure = Figure::new;
        vec![
            figure("start: exec to first /next", "ms", &self.start).target(Of::P50, 10.0),
            figure("first message", "ms", &self.first_message),
            figure("health request, warm", "ms", &self.health),
            figure("message, warm, one session", "ms", &self.one_session),
            figure("message, warm, 500 sessions", "ms", &self.many_sessions),
            figure("message, warm, 100 KB states", "ms", &self.large_states),
            figure("  of a message: not in the store", "ms", &self.overhead).target(Of::P50, 0.3),
            figure("  of a message: in the store", "ms", &self.store),
            figure("CPU time of a message", "ms", &self.cpu),
            figure("messages per second, one instance", "1/s", &self.per_second),
            figure("memory after start", "MB", &self.memory_after_start),
            figure("memory under load", "MB", &self.memory_under_load),
            figure("memory under load, peak", "MB", &self.peak_memory).target(Of::Max, 16.0),
            figure("memory with 100 KB states, peak", "MB", &self.peak_memory_large),
            figure("binary, stripped", "MB", &self.binary).target(Of::Max, 6.0),
            figure("DynamoDB calls per message", "", &self.calls).target(Of::Each, 2.0),
            figure("DynamoDB calls per duplicate", "", &self.calls_of_duplicates)
                .target(Of::Each, 1.0),
            figure("queued: exec to acknowledgement", "ms", &self.acknowledged_cold)
                .target(Of::P99, 150.0),
            figure("queued: acknowledgement, warm", "ms", &self.acknowledged_warm),
        ]
    }
}
