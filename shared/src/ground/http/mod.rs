//! HTTP as a client: the process's one client, and what callers of other people's servers share.

mod client;
mod exchange;
mod parts;
mod percent;

pub use client::{HttpClientError, client};
pub use exchange::{Answer, ExchangeError, Outage, exchange};
pub use parts::HttpParts;
pub use percent::percent_encode;
