//! One module for each platform. Adding one is adding its module here and its line in
//! [`registry`].

pub mod api;
pub mod auth;
pub mod meta;
pub mod registry;
pub mod rest;
pub mod signature;
