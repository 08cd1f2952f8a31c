//! Why Telegram was not told.

use std::io;
use std::path::PathBuf;

use patchcord::chat::SendError;
use patchcord::ground::aws::InvalidEndpoint;
use patchcord::ground::config::LoadError;
use patchcord::ground::http::HttpClientError;

/// Why Telegram was not told, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum TelegramError {
    /// There is no configuration.
    #[error("no configuration at {}; --config (or PATCHCORD_CONFIG) names another file", path.display())]
    NoConfig {
        /// Where it was expected.
        path: PathBuf,
    },
    /// The configuration is wrong.
    #[error(transparent)]
    Config(LoadError),
    /// There is no channel to set up.
    #[error("{}: expected a channel of `type: telegram`; docs/telegram.md says how to add one", path.display())]
    NoChannel {
        /// The configuration.
        path: PathBuf,
    },
    /// There is no such channel, or it is of another type.
    #[error("--channel: expected one of `type: telegram`: {}", names.join(", "))]
    OtherChannel {
        /// Those there are.
        names: Vec<String>,
    },
    /// There is no HTTP client.
    #[error(transparent)]
    Client(#[from] HttpClientError),
    /// A variable names no server.
    #[error(transparent)]
    Endpoint(#[from] InvalidEndpoint),
    /// The address is none.
    #[error("expected the function's public address, such as https://example.com")]
    Url,
    /// Telegram has refused, or does not answer.
    #[error("Telegram was asked in vain")]
    Telegram(#[from] SendError),
    /// The result could not be written.
    #[error("cannot write the result")]
    Write(#[source] io::Error),
}

impl From<LoadError> for TelegramError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Missing { path, .. } => Self::NoConfig { path },
            error => Self::Config(error),
        }
    }
}
