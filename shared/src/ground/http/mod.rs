//! HTTP: the process's one client, what callers of other people's servers share, and who calls us.

mod authorization;
mod client;
mod exchange;
mod parts;
mod percent;
mod query;

pub use authorization::{bearer, credentials};
pub use client::{HttpClientError, client};
pub use exchange::{Answer, ExchangeError, Outage, exchange};
pub use parts::HttpParts;
pub use percent::percent_encode;
pub use query::{only_parameters, query_parameter};
