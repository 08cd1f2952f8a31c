//! Botmatic's API as the client uses it, against a server that remembers what it was asked.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod answers;
mod retries;
mod support {
    pub mod harness;
    #[path = "../../support/nobody.rs"]
    pub mod nobody;
    #[path = "../../support/pauses.rs"]
    pub mod pauses;
    #[path = "../../consumers/support/server.rs"]
    pub mod server;
}
mod wire;
