//! The one HTTP client of the process: HTTP/1.1, TLS by ring, used for AWS, connectors and bots
//! alike. HTTP/2 is left out; DynamoDB does not speak it and it would double the client.

use std::time::Duration;

/// Opening a connection inside a region takes a few milliseconds, over an ocean a second.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Below the idle time after which DynamoDB and load balancers close a connection.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// The process could not set up TLS.
#[derive(Debug, thiserror::Error)]
#[error("cannot set up the HTTP client")]
pub struct HttpClientError(#[from] reqwest::Error);

/// A client; clones share its connections.
///
/// It has no overall timeout: every caller sets the one that fits, below the time that is left.
pub fn client() -> Result<reqwest::Client, HttpClientError> {
    // An error means that a provider is installed, which can only be this one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("patchcord/", env!("CARGO_PKG_VERSION")))
        .build()?;
    Ok(client)
}
