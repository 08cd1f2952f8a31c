//! The bot `http` on the channel `rest`, and what it failed with.

use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::poll_fn;
use patchcord::bots::http::HttpBot;
use patchcord::chat::{Bot, BotResult, Context};
use patchcord::ground::config::{Place, read};
use patchcord::ground::http::client;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::function::Function;
use super::rest::rest;

/// A function whose bot is on a server, and the errors of that bot.
pub struct Asked {
    pub function: Function,
    pub errors: Arc<Mutex<Vec<String>>>,
}

/// Notes the errors of a bot, with their causes, as a log would show them.
struct Watched {
    bot: HttpBot,
    errors: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl Bot for Watched {
    async fn handle(&self, context: Context) -> BotResult {
        let result = self.bot.handle(context).await;
        if let Err(error) = &result {
            let first: &(dyn Error + 'static) = error.as_ref();
            let chain = std::iter::successors(Some(first), |error| (*error).source());
            let lines: Vec<_> = chain.map(|error| format!("{error} {error:?}")).collect();
            self.errors.lock().unwrap().push(lines.join(" <- "));
        }
        result
    }
}

pub fn bot(url: &str, mut settings: Value) -> HttpBot {
    settings["url"] = json!(url);
    let place = Place::root();
    HttpBot::new(read(settings, &place).unwrap(), client().unwrap(), &place).unwrap()
}

pub async fn ask(url: &str, settings: Value) -> Asked {
    let errors: Arc<Mutex<Vec<String>>> = Arc::default();
    let watched = Watched { bot: bot(url, settings), errors: Arc::clone(&errors) };
    Asked { function: rest(watched).await, errors }
}

impl Asked {
    /// Says something secret, and expects the bot to fail with `expected`, without telling.
    pub async fn fails_with(&self, expected: &str) {
        let answer = self.function.say("open sesame").await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "[]"));
        assert_eq!(answer.header("patchcord-failure"), "bot-failed");
        let error = self.errors.lock().unwrap().pop().expect("an error");
        assert!(error.starts_with(expected), "{error}");
        for hidden in ["sesame", "webhooks", "http:"] {
            assert!(!error.contains(hidden), "{hidden}: {error}");
        }
    }
}

/// A body that consists of what is sent into the channel, and ends with it.
pub fn written_by_hand() -> (UnboundedSender<io::Result<Bytes>>, Body) {
    let (sender, mut pieces) = unbounded_channel();
    (sender, Body::from_stream(poll_fn(move |context| pieces.poll_recv(context))))
}
