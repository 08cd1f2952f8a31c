//! Meters in front of everything that the function calls.

use super::{figures::Calls, services::Services};
use crate::bench::{
    BenchError,
    meter::{Meter, Reading},
};

/// One meter for each.
#[derive(Debug)]
pub(super) struct Meters {
    pub(super) dynamodb: Meter,
    pub(super) crm: Meter,
    pub(super) botmatic: Meter,
}

/// What they show.
#[derive(Debug, Clone, Copy)]
pub(super) struct Readings {
    pub(super) dynamodb: Reading,
    pub(super) crm: Reading,
    pub(super) botmatic: Reading,
}

impl Meters {
    pub(super) async fn start(services: &Services) -> Result<Self, BenchError> {
        Ok(Self {
            dynamodb: Meter::start(&services.dynamo.endpoint()).await?,
            crm: Meter::start(&services.crm.endpoint()).await?,
            botmatic: Meter::start(&services.botmatic.endpoint()).await?,
        })
    }

    /// Reads them and sets them to zero.
    pub(super) fn take(&self) -> Readings {
        Readings {
            dynamodb: self.dynamodb.take(),
            crm: self.crm.take(),
            botmatic: self.botmatic.take(),
        }
    }
}

impl Calls {
    pub(super) fn push(&mut self, readings: &Readings) {
        self.dynamodb.push(f64::from(readings.dynamodb.calls));
        self.crm.push(f64::from(readings.crm.calls));
        self.botmatic.push(f64::from(readings.botmatic.calls));
    }
}
