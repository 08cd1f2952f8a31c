//! Everything Patchcord's Lambda functions share.
//!
//! - [`chat`]: events, connectors, sessions, bots, replies, and the dispatcher that joins them;
//! - [`connectors`]: one module for each platform;
//! - [`bots`]: ready-made bots;
//! - [`botmatic`]: Botmatic's events, actions, settings page and API;
//! - [`contacts`]: mappings, id pairs and the two-way sync of a CRM's contacts with Botmatic's;
//! - [`app`]: the functions, put together from the configuration;
//! - [`ground`]: clock, randomness, configuration, secrets, AWS clients, telemetry.
//!
//! Imports run downwards only, in the order `app`; `connectors`, `bots`, `contacts`; `chat`,
//! `botmatic`; `ground`. `contacts` and `chat` know nothing of each other.

#![warn(missing_docs)]

/// The README's example is compiled with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// So is the one of the page about Botmatic's endpoint.
#[cfg(doctest)]
#[doc = include_str!("../../docs/botmatic.md")]
struct BotmaticEndpoint;

/// And the one of the page about the settings page.
#[cfg(doctest)]
#[doc = include_str!("../../docs/settings-page.md")]
struct SettingsPage;

pub mod app;
pub mod botmatic;
pub mod bots;
pub mod chat;
pub mod connectors;
pub mod contacts;
pub mod ground;
