//! One module for each platform. Adding one is adding its module here and its line in
//! [`registry`].

pub mod api;
pub mod auth;
pub mod callback;
pub mod meta;
pub mod receiver;
pub mod registry;
pub mod rest;
pub mod signature;
pub mod slack;
pub mod standard_webhook;
pub mod telegram;
