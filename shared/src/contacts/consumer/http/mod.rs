//! An external service that speaks JSON over HTTP, as `patchcord.yaml` describes it: one request
//! template for each operation, and what the answers look like.

mod address;
mod answer;
mod auth;
mod call;
mod compile;
mod config;
mod consumer;
mod contact;
mod paging;
mod request;
mod template;
mod tokens;
mod transport;
mod tree;

pub use consumer::HttpConsumer;
pub use transport::MAX_ANSWER_BYTES;
