//! The bot itself: asks the server, again if that may help, and says what it answers.

use std::error::Error as StdError;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::Response;
use tokio::time::sleep;

use super::config::{HttpBotConfig, SenderForm, Settings};
use super::error::HttpBotError;
use super::lines::Lines;
use super::wire::{RasaMessage, replies_of_answer, replies_of_line};
use crate::chat::{Bot, BotResult, Context, Reply};
use crate::ground::config::{ConfigError, Place};
use crate::ground::random::Random;
use crate::ground::retry::RetryPolicy;

/// The pause before the first retry; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Kept back of the bot's time, so that the bot can still say that it got no answer.
const MARGIN: Duration = Duration::from_millis(50);

/// A bot that lives on a Rasa-compatible server.
pub struct HttpBot {
    client: reqwest::Client,
    settings: Settings,
    random: Random,
}

impl HttpBot {
    /// A bot of these settings, which stand at `place` in the configuration.
    pub fn new(
        config: HttpBotConfig,
        client: reqwest::Client,
        place: &Place,
    ) -> Result<Self, ConfigError> {
        Ok(Self { client, settings: config.check(place)?, random: Random::from_entropy() })
    }

    /// Asks until there is an answer, or asking again cannot help. Once a part of an answer has
    /// arrived, the message has been handled and is not handed over again.
    async fn ask(&self, context: &Context, body: Bytes) -> Result<(), HttpBotError> {
        let policy = RetryPolicy {
            retries: self.settings.retries,
            first_pause: FIRST_PAUSE,
            longest_pause: Duration::MAX,
        };
        let mut retries = policy.start();
        loop {
            let mut heard = false;
            let Err(error) = self.attempt(context, body.clone(), &mut heard).await else {
                return Ok(());
            };
            if heard || !error.is_retryable() {
                return Err(error);
            }
            let left = context.remaining_time().saturating_sub(MARGIN);
            let Some(pause) = retries.next_pause(None, left, &self.random) else {
                return Err(error);
            };
            tracing::info!(error = &error as &dyn StdError, "asking the bot's server again");
            sleep(pause).await;
        }
    }

    async fn attempt(
        &self,
        context: &Context,
        body: Bytes,
        heard: &mut bool,
    ) -> Result<(), HttpBotError> {
        let Settings { endpoint, authorization, timeout, streams, .. } = &self.settings;
        let left = context.remaining_time().saturating_sub(MARGIN);
        if left.is_zero() {
            return Err(HttpBotError::Timeout);
        }
        let mut request = self.client.post(endpoint.clone()).timeout(left.min(*timeout));
        request = request.header(CONTENT_TYPE, "application/json").body(body);
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let response = request.send().await?;
        if !response.status().is_success() {
            return Err(HttpBotError::Status(response.status()));
        }
        if *streams {
            say_lines(context, response, heard).await
        } else {
            say_answer(context, response, heard).await
        }
    }
}

#[async_trait]
impl Bot for HttpBot {
    async fn handle(&self, context: Context) -> BotResult {
        let event = context.event();
        let Some(message) = event.text().or_else(|| event.payload()) else { return Ok(()) };
        let sender = match (self.settings.sender, context.session()) {
            (SenderForm::Id, _) => event.sender.id.clone(),
            (SenderForm::Session, Some(session)) => session.key.as_str().to_owned(),
            (SenderForm::Session, None) => format!("{}:{}", event.channel, event.sender.id),
        };
        let message = RasaMessage {
            sender: &sender,
            message,
            metadata: &event.metadata,
            input_channel: event.input_channel(),
        };
        let body = Bytes::from(serde_json::to_vec(&message)?);
        Ok(self.ask(&context, body).await?)
    }
}

/// Says everything, once the whole answer is there and can be read.
async fn say_answer(
    context: &Context,
    mut response: Response,
    heard: &mut bool,
) -> Result<(), HttpBotError> {
    let mut answer = Vec::new();
    while let Some(piece) = response.chunk().await? {
        *heard = true;
        answer.extend_from_slice(&piece);
        if answer.len() > super::MAX_ANSWER_BYTES {
            return Err(HttpBotError::TooLarge);
        }
    }
    say(context, replies_of_answer(&answer)?).await
}

/// Says each line the moment it arrives.
async fn say_lines(
    context: &Context,
    mut response: Response,
    heard: &mut bool,
) -> Result<(), HttpBotError> {
    let mut lines = Lines::default();
    while let Some(piece) = response.chunk().await? {
        for line in lines.push(&piece)? {
            *heard = true;
            say(context, replies_of_line(&line)?).await?;
        }
    }
    say(context, replies_of_line(&lines.finish())?).await
}

async fn say(context: &Context, replies: Vec<Reply>) -> Result<(), HttpBotError> {
    for reply in replies {
        context.send(reply).await?;
    }
    Ok(())
}
