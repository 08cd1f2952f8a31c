//! The connector for Telegram, between requests as Telegram sends them and a fake of its API.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod document;
mod errors;
mod events;
mod extras;
mod fake;
mod harness;
mod media;
mod own;
mod people;
mod replies;
mod said;
mod security;
mod shop;
mod updates;
mod webhook;
#[path = "../support"]
mod support {
    pub mod document;
    pub mod function;
    pub mod logs;
    pub mod worker;
}
