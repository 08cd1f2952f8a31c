//! Everything Patchcord's Lambda functions share.
//!
//! - [`chat`]: events, connectors, sessions, bots, replies, and the dispatcher that joins them;
//! - [`connectors`]: one module for each platform;
//! - [`bots`]: ready-made bots;
//! - [`app`]: the functions, put together from the configuration;
//! - [`ground`]: clock, randomness, configuration, secrets, AWS clients, telemetry.
//!
//! Imports run downwards only, in the order `app`, `connectors` and `bots`, `chat`, `ground`.

#![warn(missing_docs)]

/// The README's example is compiled with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

pub mod app;
pub mod bots;
pub mod chat;
pub mod connectors;
pub mod ground;
