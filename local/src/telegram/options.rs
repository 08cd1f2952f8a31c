//! What can be chosen on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Which channel, and what is done about it.
#[derive(Debug, Clone, Args)]
pub struct TelegramOptions {
    /// What is done.
    #[command(subcommand)]
    pub action: Action,

    /// The channel's name in the configuration. May be left out where one is of `type: telegram`.
    #[arg(long, global = true, value_name = "NAME")]
    pub channel: Option<String>,

    /// The configuration. Only this channel is read, with the secrets it refers to.
    #[arg(long, global = true, env = "PATCHCORD_CONFIG", default_value = "patchcord.yaml")]
    pub config: PathBuf,
}

/// What is done about the webhook.
#[derive(Debug, Clone, Subcommand)]
pub enum Action {
    /// Has updates sent to the function `webhook`, with the channel's secret and its kinds.
    SetWebhook {
        /// The function's public address, such as `https://….lambda-url.eu-west-1.on.aws`, or that
        /// of any of its channels.
        #[arg(value_name = "URL")]
        url: String,

        /// Forget the updates that wait.
        #[arg(long)]
        drop_pending: bool,
    },
    /// Shows where updates go, how many wait, and what went wrong last.
    WebhookInfo,
    /// Has no updates sent any more. They wait for a day.
    DeleteWebhook,
}
