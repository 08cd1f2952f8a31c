//! Messages that wait in the queue: acknowledged at once, answered once and in order, whoever
//! repeats them and whoever is killed.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod acknowledged;
mod deliveries;
mod order;
mod platform;
mod setup;
