//! What is measured of `botmatic`, and what it should be.

use crate::bench::{
    figures::{Figure, Of},
    statistics::Samples,
};

/// Taking the contact, and saving what both sides hold of it or giving it back.
const PER_EVENT: f64 = 2.0;
/// Before them two reads that find the integration by its token, unless that is remembered.
const PER_FIRST_EVENT: f64 = 4.0;
/// Before them a read that finds the integration by its id, and one that finds the pair.
const PER_PUSH: f64 = 4.0;

/// Everything that was measured, in the order of the table.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub(super) start: Samples,
    pub(super) first_update: Samples,
    pub(super) health: Samples,
    pub(super) update: Samples,
    pub(super) overhead: Samples,
    pub(super) store: Samples,
    pub(super) crm: Samples,
    pub(super) cpu: Samples,
    pub(super) memory_after_start: Samples,
    pub(super) peak_memory: Samples,
    pub(super) binary: Samples,
    pub(super) calls_of_first: Calls,
    pub(super) calls_of_updates: Calls,
    pub(super) calls_of_echoes: Calls,
    pub(super) calls_of_pushes: Calls,
}

/// How often the function called, for one event.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) dynamodb: Samples,
    pub(super) crm: Samples,
    pub(super) botmatic: Samples,
}

impl Measured {
    /// The lines of the table.
    pub(super) fn figures(&self) -> Vec<Figure> {
        let figure = Figure::new;
        let each = |name, samples, calls| figure(name, "", samples).target(Of::Each, calls);
        let (first, update) = (&self.calls_of_first, &self.calls_of_updates);
        let (echo, push) = (&self.calls_of_echoes, &self.calls_of_pushes);
        vec![
            figure("start: exec to first /next", "ms", &self.start),
            figure("first update", "ms", &self.first_update),
            figure("health request, warm", "ms", &self.health),
            figure("update, warm", "ms", &self.update),
            figure("  of an update: not in store or CRM", "ms", &self.overhead)
                .target(Of::P50, 0.5),
            figure("  of an update: in the store", "ms", &self.store),
            figure("  of an update: in the CRM", "ms", &self.crm),
            figure("CPU time of an update", "ms", &self.cpu),
            figure("memory after start", "MB", &self.memory_after_start),
            figure("memory under load, peak", "MB", &self.peak_memory),
            figure("binary, stripped", "MB", &self.binary),
            each("DynamoDB calls per update", &update.dynamodb, PER_EVENT),
            each("DynamoDB calls per first update", &first.dynamodb, PER_FIRST_EVENT),
            each("DynamoDB calls per echo", &echo.dynamodb, PER_EVENT),
            each("DynamoDB calls per push", &push.dynamodb, PER_PUSH),
            each("CRM calls per update", &update.crm, 1.0),
            each("CRM calls per echo", &echo.crm, 0.0),
            each("CRM calls per push", &push.crm, 1.0),
            each("Botmatic calls per update", &update.botmatic, 0.0),
            each("Botmatic calls per echo", &echo.botmatic, 0.0),
            each("Botmatic calls per push", &push.botmatic, 1.0),
        ]
    }
}
