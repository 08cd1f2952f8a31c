//! What only Telegram tells: extensions of its events, each found by its type.

use serde::Deserialize;
use serde_json::Value;

use super::updates::UpdateKind;
use super::wire;
use crate::chat::Event;

/// A chat of Telegram: where an event happened, or who spoke in its name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Chat {
    /// Its id.
    pub id: i64,
    /// What it is.
    #[serde(default, rename = "type")]
    pub kind: ChatKind,
    /// The title of a group or channel.
    pub title: Option<String>,
    /// Its public name, without `@`.
    pub username: Option<String>,
    /// Whether it has topics.
    #[serde(default)]
    pub is_forum: bool,
}

/// What a chat is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChatKind {
    /// With one person.
    Private,
    /// A group of the simple kind.
    Group,
    /// A group that may be large, public, or have topics.
    Supergroup,
    /// Where few speak and many read.
    Channel,
    /// One this version does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A person or a bot: who caused an event. None for what is said in the name of a chat.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct User {
    /// Their id.
    pub id: i64,
    /// Whether it is a bot.
    #[serde(default)]
    pub is_bot: bool,
    /// Their first name.
    #[serde(default)]
    pub first_name: String,
    /// Their last name.
    pub last_name: Option<String>,
    /// Their public name, without `@`.
    pub username: Option<String>,
    /// The language of their app, an IETF tag such as `en`.
    pub language_code: Option<String>,
}

/// The id of the message that the event is, or is about: to react to it, to delete it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageId(pub String);

/// A command at the beginning of a message: `/find@MyBot red shoes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// `find`.
    pub name: String,
    /// `MyBot`, where the command names a bot.
    pub bot: Option<String>,
    /// `red shoes`.
    pub arguments: String,
}

/// The parameter of the link by which somebody came, `https://t.me/MyBot?start=spring-sale`: 1 to
/// 64 letters, digits, `_` and `-` (<https://core.telegram.org/bots/features#deep-linking>).
/// Anybody can write such a link, or the same `/start spring-sale` by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeepLink(pub String);

/// Somebody shared a contact, perhaps their own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Contact {
    /// The phone number.
    pub phone_number: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: Option<String>,
    /// The contact on Telegram. It is the sender's own only if this is the sender's id.
    pub user_id: Option<i64>,
}

/// A pressed button of an inline keyboard.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CallbackQuery {
    /// By this it is answered, once.
    #[serde(deserialize_with = "wire::id")]
    pub id: String,
    /// The message with the button, if it was sent by way of inline mode: an id for
    /// [`Context::edit`](crate::chat::Context::edit).
    pub inline_message_id: Option<String>,
}

/// Somebody types the bot's name and a query in some chat
/// (<https://core.telegram.org/bots/inline>).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct InlineQuery {
    /// By this it is answered, once.
    #[serde(deserialize_with = "wire::id")]
    pub id: String,
    /// What they have typed so far.
    pub query: String,
    /// Where the next results begin, as the bot has said; empty at first.
    #[serde(default)]
    pub offset: String,
    /// What the chat is they type in: `sender` is the one with the bot.
    pub chat_type: Option<String>,
}

/// Adds what there is to the event.
pub(super) fn extend(event: &mut Event) {
    let Some((kind, _, content)) = UpdateKind::of(&event.raw) else { return };
    let message = match kind {
        _ if kind.is_message() => content,
        UpdateKind::CallbackQuery => &content["message"],
        _ => &Value::Null,
    };
    let id = message["message_id"].as_i64().or_else(|| content["message_id"].as_i64());
    let user = ["from", "user"].map(|field| User::deserialize(&content[field]).ok());
    let user = user.into_iter().flatten().next().filter(|_| content["sender_chat"].is_null());
    let chat = [&content["chat"], &message["chat"]].map(|chat| Chat::deserialize(chat).ok());
    let extensions = &mut event.extensions;
    id.map(|id| extensions.insert(MessageId(id.to_string())));
    user.map(|user| extensions.insert(user));
    chat.into_iter().flatten().next().map(|chat| extensions.insert(chat));
    match kind {
        UpdateKind::CallbackQuery => {
            CallbackQuery::deserialize(content).ok().map(|query| extensions.insert(query));
        }
        UpdateKind::InlineQuery => {
            InlineQuery::deserialize(content).ok().map(|query| extensions.insert(query));
        }
        _ if kind.is_message() => {
            let command = command(content);
            command.as_ref().and_then(deep_link).map(|link| extensions.insert(link));
            command.map(|command| extensions.insert(command));
            Contact::deserialize(&content["contact"]).ok().map(|it| extensions.insert(it));
        }
        _ => {}
    }
}

/// The command that Telegram has found at the very beginning of a message.
pub(super) fn command(message: &Value) -> Option<Command> {
    let is_command = |entity: &&Value| entity["type"] == "bot_command" && entity["offset"] == 0;
    let found = |text: &str, entities: &str| {
        let text = message[text].as_str()?;
        let entity = message[entities].as_array()?.iter().find(is_command)?;
        // In UTF-16; a command is made of ASCII.
        let length = usize::try_from(entity["length"].as_u64()?).ok()?;
        let command = text.get(..length)?.strip_prefix('/')?;
        let (name, bot) = command.split_once('@').map_or((command, None), |(n, b)| (n, Some(b)));
        Some(Command {
            name: name.to_owned(),
            bot: bot.map(str::to_owned),
            arguments: text[length..].trim().to_owned(),
        })
    };
    found("text", "entities").or_else(|| found("caption", "caption_entities"))
}

fn deep_link(command: &Command) -> Option<DeepLink> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let parameter = Some(&command.arguments).filter(|_| command.name == "start")?;
    let is_one = (1..=64).contains(&parameter.len()) && parameter.chars().all(is_plain);
    is_one.then(|| DeepLink(parameter.clone()))
}
