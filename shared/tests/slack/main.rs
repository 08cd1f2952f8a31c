//! Slack, driven from its requests to the calls of its Web API.
//!
//! The samples are those of the vendor's documents, shortened: of
//! <https://docs.slack.dev/reference/events>, <https://docs.slack.dev/reference/interaction-payloads>
//! and <https://docs.slack.dev/interactivity/implementing-slash-commands>. Where the documents leave
//! a part out (`...`), or show no sample, it is as their description says. Their signatures are made
//! with Python's hmac: `samples/sign.py`.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod asking;
mod changes;
#[path = "../support/config.rs"]
mod config;
mod document;
mod echoes;
mod events;
mod fake;
mod files;
#[path = "../support/function.rs"]
#[expect(dead_code, reason = "requests are made of samples here")]
mod function;
mod growing;
mod interactions;
mod limits;
#[path = "../support/logs.rs"]
mod logs;
mod methods;
mod modal;
mod only_slack;
mod said;
mod samples;
mod secrets;
mod sending;
mod signatures;
#[path = "../support/document.rs"]
mod support_document;
mod tables;
mod threads;
#[path = "../support/worker.rs"]
mod worker;
