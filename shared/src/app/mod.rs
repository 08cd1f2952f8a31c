//! The functions, put together: what `patchcord.yaml` says, the HTTP routes of the
//! functions, and the Lambda runtime around them.

mod answer;
mod batch_response;
mod botmatic;
mod channel;
mod config;
mod contacts;
mod environment;
mod import;
mod lambda;
mod problem;
mod routes;
mod setup;
mod webhook;
mod worker;

pub use answer::AnswerBody;
pub use batch_response::{BatchItemFailure, BatchResponse};
pub use botmatic::{
    Botmatic, BotmaticConfig, BotmaticParts, BotmaticSetup, ContactsConfig, Database, Extensions,
};
pub use channel::Channel;
pub use config::Config;
pub use import::{ContactImport, ImportSetup};
pub use setup::{Setup, StartError};
pub use webhook::{MAX_BODY_BYTES, Webhook};
pub use worker::{InvalidBatch, Worker};
