//! The local queue: what it has in common with AWS's as AWS's own SDK sees both it and moto, and
//! what invokes a function with its messages.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod contract;
mod fifo;
mod function;
mod functions;
mod mapping;
mod moto;
mod refusals;
mod servers;
mod setup;
mod sqs;
mod times;
mod wire;
