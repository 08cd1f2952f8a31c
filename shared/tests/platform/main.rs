//! Channels whose replies go through the platform's own API: what the platform hears, what a bot
//! can do there, and the worker. Time is paused: it moves on only when everybody waits.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

#[path = "../support/config.rs"]
mod config;
#[path = "../support/function.rs"]
mod function;
mod growing;
#[path = "../support/platform.rs"]
mod platform;
mod proactive;
mod queued;
#[path = "../support/server.rs"]
mod server;
mod webhook;
mod worker;
