//! What became of deliveries.

use serde::Serialize;

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Answered with 2xx.
    Delivered,
    /// Answered with a status that trying again does not change.
    Refused,
    /// Tried as often as it is tried.
    GivenUp,
}

/// A delivery that has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Counts changes from 1.
    pub number: u64,
    /// Whose contact.
    pub tenant: String,
    /// The contact's id.
    pub contact: String,
    /// What was told.
    pub about: String,
    /// How it ended.
    pub ending: Ending,
    /// How often it was tried, those included that got lost on purpose.
    pub attempts: u32,
    /// The status of the latest answer, if there was any.
    pub status: Option<u16>,
}

/// The outbox as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OutboxSnapshot {
    /// How many deliveries have not ended.
    pub waiting: usize,
    /// Whether they are held back.
    pub paused: bool,
    /// How many were delivered.
    pub delivered: u64,
    /// How many were refused.
    pub refused: u64,
    /// How many were given up.
    pub given_up: u64,
    /// The latest that have ended, oldest first.
    pub recent: Vec<Delivery>,
}
