//! Contacts of both sides, kept in step.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod basics;
mod late_pairs;
mod month;
mod uninstall;
