//! The functions, put together: what `patchcord.yaml` says, the HTTP routes of the webhook
//! function, and the Lambda runtime around them.

mod answer;
mod config;
mod lambda;
mod problem;
mod routes;
mod setup;
mod webhook;

pub use answer::AnswerBody;
pub use config::Config;
pub use setup::{Setup, StartError};
pub use webhook::{MAX_BODY_BYTES, Webhook};
