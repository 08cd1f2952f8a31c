//! The function with a channel on the fake Slack, and bots that do one thing.

use std::sync::{Arc, Mutex};

use patchcord::app::Config;
use patchcord::chat::{Bot, BotResult, Context, Event, Reply};
use patchcord::connectors::registry::{Connectors, Stage};

use crate::config::config_at;
use crate::fake::{Fake, TOKEN};
use crate::function::Function;
use crate::samples::SECRET;

/// The configuration of a channel `team` on `fake`, with these settings beside the usual ones.
pub async fn team(fake: &Fake, settings: &str) -> Config {
    let yaml = format!(
        "channels: {{team: {{type: slack, delivery: inline, signing_secret: {SECRET}, \
         bot_token: {TOKEN}, api_url: '{}/api/', {settings}}}}}",
        fake.url,
    );
    config_at(Stage::Local, &yaml, &Connectors::built_in()).await.unwrap()
}

pub async fn function(fake: &Fake, settings: &str, bot: impl Bot) -> Function {
    Function::start_with(team(fake, settings).await, |setup| setup.bot(bot)).await
}

/// Every event that a bot has heard.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<Event>>>);

impl Heard {
    pub fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap().clone()
    }

    /// The bot that hears them, and is silent.
    pub fn bot(&self) -> impl Bot + use<> {
        let heard = self.clone();
        move |context: Context| {
            heard.0.lock().unwrap().push(context.event().clone());
            async { BotResult::Ok(()) }
        }
    }
}

/// A bot that says these replies one after another to every event, whatever becomes of the others,
/// and fails as the last of them fails.
pub fn says(replies: Vec<Reply>) -> impl Bot {
    move |context: Context| {
        let replies = replies.clone();
        async move {
            let mut result = Ok(());
            for reply in replies {
                result = context.send(reply).await.map(|_| ());
            }
            Ok::<_, patchcord::chat::BotError>(result?)
        }
    }
}
