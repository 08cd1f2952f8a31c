//! The ground floor: clock, randomness, configuration, secrets, AWS clients and telemetry.
//! It knows nothing of chat, connectors or contacts.

pub mod aws;
pub mod clock;
pub mod config;
pub mod expression;
pub mod fingerprint;
pub mod hex;
pub mod http;
pub mod metrics;
pub mod random;
pub mod retry;
pub mod seal;
pub mod secret;
pub mod standard_webhook;
pub mod telemetry;
