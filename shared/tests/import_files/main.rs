//! Contacts in files: what is read, from where it is resumed, and what servers may do meanwhile.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod changes;
mod csv;
mod document;
mod http;
mod lines;
mod property;
mod s3;
mod soak;
mod support {
    pub mod folder;
    #[path = "../../support/pauses.rs"]
    pub mod pauses;
    pub mod remote;
    #[path = "../../support/server.rs"]
    pub mod server;
    pub mod source;
}
