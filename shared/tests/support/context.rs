//! Contexts of single events, without a session.

use std::sync::Arc;
use std::time::Duration;

use patchcord::chat::context::ContextParts;
use patchcord::chat::event::{Event, EventKind, Message, Payload};
use patchcord::chat::output::CollectingOutput;
use patchcord::chat::{Bot, BotResult, Context};
use patchcord::connectors::registry::{ChannelSettings, Stage};
use patchcord::connectors::rest::RestConnector;
use patchcord::ground::clock::{Clock as _, Deadline, SystemClock};
use patchcord::ground::http::client;
use serde_json::{Value, json};

/// What came of an event.
pub struct Ran {
    pub texts: Vec<String>,
    pub result: BotResult,
}

/// Lets `bot` answer `event`.
pub async fn run(bot: &dyn Bot, event: Event) -> Ran {
    let settings = ChannelSettings::new("rest", json!({}), Stage::Local, client().unwrap());
    let rest = RestConnector::from_settings(&settings).unwrap();
    let connector = Arc::new(rest);
    let output = Arc::new(CollectingOutput::new(connector.clone()));
    let context = Context::new(ContextParts {
        event,
        session: None,
        initial_state: bot.initial_state(),
        connector,
        output: output.clone(),
        clock: Arc::new(SystemClock),
        deadline: Deadline::after(Duration::from_mins(2), SystemClock.now()),
    });
    let result = bot.handle(context).await;
    let text = |reply: &Value| reply["text"].as_str().unwrap().to_owned();
    Ran { texts: output.said().iter().map(text).collect(), result }
}

/// Something happened to Ada on the channel `lab`.
pub fn event(kind: EventKind) -> Event {
    let mut event = Event::new("test", "ada", kind, Value::Null);
    "lab".clone_into(&mut event.channel);
    event
}

/// Ada wrote `text`.
pub fn text(text: &str) -> Event {
    event(EventKind::Message(Message::Text(text.to_owned())))
}

/// Ada pressed a button.
pub fn button(data: &str) -> Event {
    event(EventKind::Payload(Payload { data: data.to_owned(), title: None }))
}
