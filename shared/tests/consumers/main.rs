//! Consumers that the configuration describes, against stand-ins of the services they describe.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod answers;
mod auth;
mod configuration;
mod document;
mod hubspot;
mod injection;
mod own_type;
mod paging;
mod pipedrive;
mod rest;
mod retries;
mod support {
    #[path = "../../support/document.rs"]
    pub mod document;
    pub mod harness;
    #[path = "../../support/nobody.rs"]
    pub mod nobody;
    #[path = "../../support/pauses.rs"]
    pub mod pauses;
    pub mod server;
}
mod vendors {
    pub mod hubspot;
    pub mod pipedrive;
    pub mod rest;
}
