//! Sending to a queue, against a server: what is sent, and what becomes of what is not accepted.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod answers;
mod fifo;
mod standard;
#[path = "../support"]
mod support {
    pub mod server;
}
