//! A reply as calls of the Bot API. Nothing here calls anybody.

use serde_json::{Map, Value, json};

use super::calls::{Call, number_or_text, refused, topic};
use super::media;
use crate::chat::reply::{Button, ButtonAction, Card};
use crate::chat::split::{TextLimit, TextUnit};
use crate::chat::{Reply, SendError, Target};

/// The longest text (<https://core.telegram.org/bots/api#sendmessage>). Which characters are counted
/// is not said; code units of UTF-16, in which all other lengths are given
/// (<https://core.telegram.org/api/entities#entity-length>), are the strictest reading.
pub(super) const TEXT: TextLimit = TextLimit { length: 4096, unit: TextUnit::Utf16 };
/// The longest caption (<https://core.telegram.org/bots/api#sendphoto>).
pub(super) const CAPTION: TextLimit = TextLimit { length: 1024, unit: TextUnit::Utf16 };
/// The most a button can carry (<https://core.telegram.org/bots/api#inlinekeyboardbutton>).
const MAX_PAYLOAD_BYTES: usize = 64;

/// How the methods begin that say something, and so may say it in a topic.
const TAKE_TOPICS: [&str; 3] = ["send", "copyMessage", "forwardMessage"];

/// The calls that say `reply`, in order; none for what Telegram has nothing for.
pub(super) fn calls(target: &Target, reply: &Reply) -> Result<Vec<Call>, SendError> {
    Ok(match reply {
        Reply::Text { text } => vec![text_call(target, text)?],
        Reply::Image(_) | Reply::File(_) | Reply::Video(_) | Reply::Audio(_) => {
            media::calls(target, reply)?
        }
        Reply::Buttons { text, buttons } => {
            vec![text_call(target, text)?.with_some("reply_markup", inline_keyboard(buttons)?)]
        }
        Reply::QuickReplies { text, buttons } => vec![suggestions(target, text, buttons)?],
        Reply::Cards { cards } => cards
            .iter()
            .map(|card| card_calls(target, card))
            .collect::<Result<Vec<_>, _>>()?
            .concat(),
        // It ends by itself, after five seconds or with the next message.
        Reply::Typing { on: false } => Vec::new(),
        Reply::Typing { on: true } => {
            vec![Call::to("sendChatAction", target)?.with("action", "typing")]
        }
        Reply::Reaction { message_id, emoji, removed } => {
            let reaction = if *removed { json!([]) } else { json!([reaction(emoji)]) };
            vec![Call::about("setMessageReaction", target, message_id)?.with("reaction", reaction)]
        }
        Reply::Edit { message_id, text, buttons } => {
            let call = Call::about("editMessageText", target, message_id)?;
            vec![call.with("text", &**text).with_some("reply_markup", inline_keyboard(buttons)?)]
        }
        Reply::Delete { message_id } => vec![Call::about("deleteMessage", target, message_id)?],
        Reply::Custom { json } => vec![custom(target, json)?],
    })
}

/// Words.
pub(super) fn text_call(target: &Target, text: &str) -> Result<Call, SendError> {
    Ok(Call::to("sendMessage", target)?.with("text", text))
}

/// A card is its picture with its words and buttons below, or the words alone.
fn card_calls(target: &Target, card: &Card) -> Result<Vec<Call>, SendError> {
    let text = match &card.subtitle {
        Some(subtitle) => format!("{}\n{subtitle}", card.title),
        None => card.title.clone(),
    };
    let keyboard = inline_keyboard(&card.buttons)?;
    let Some(url) = &card.image_url else {
        return Ok(vec![text_call(target, &text)?.with_some("reply_markup", keyboard)]);
    };
    let picture = |link: Call| {
        let call = Call::to("sendPhoto", target)?.with("photo", &**url);
        Ok::<_, SendError>(Call { otherwise: Some(Box::new(link)), ..call })
    };
    if !CAPTION.fits(&text) {
        let words = text_call(target, &text)?.with_some("reply_markup", keyboard);
        return Ok(vec![picture(text_call(target, url)?)?, words]);
    }
    let link = text_call(target, &format!("{text}\n{url}"))?;
    let picture = picture(link.with_some("reply_markup", keyboard.clone()))?;
    Ok(vec![picture.with("caption", text).with_some("reply_markup", keyboard)])
}

/// Buttons below a message, one a row; none if there are none.
fn inline_keyboard(buttons: &[Button]) -> Result<Option<Value>, SendError> {
    let rows = buttons.iter().map(|button| Ok(json!([inline_button(button)?])));
    let rows = rows.collect::<Result<Vec<_>, SendError>>()?;
    Ok((!rows.is_empty()).then(|| json!({ "inline_keyboard": rows })))
}

fn inline_button(button: &Button) -> Result<Value, SendError> {
    match &button.action {
        ButtonAction::Url(url) => Ok(json!({ "text": button.title, "url": url })),
        ButtonAction::Payload(data) if (1..=MAX_PAYLOAD_BYTES).contains(&data.len()) => {
            Ok(json!({ "text": button.title, "callback_data": data }))
        }
        ButtonAction::Payload(data) => Err(refused(format!(
            "a button's payload has {} bytes, and 1 to {MAX_PAYLOAD_BYTES} are taken",
            data.len()
        ))),
    }
}

/// Suggestions in the place of the keyboard. What is chosen there comes back as a message with what
/// was written on it; where a bot expects something else, buttons below the message carry it. So they
/// do in channels, which have no keyboard (<https://core.telegram.org/bots/api#replykeyboardmarkup>).
fn suggestions(target: &Target, text: &str, buttons: &[Button]) -> Result<Call, SendError> {
    let call = text_call(target, text)?;
    let below = inline_keyboard(buttons).map(|it| call.clone().with_some("reply_markup", it));
    let says_itself =
        |it: &Button| matches!(&it.action, ButtonAction::Payload(p) if *p == it.title);
    if buttons.is_empty() || !buttons.iter().all(says_itself) {
        return below;
    }
    let rows: Vec<_> = buttons.iter().map(|button| json!([{ "text": button.title }])).collect();
    let keys = json!({ "keyboard": rows, "one_time_keyboard": true, "resize_keyboard": true });
    // A title may be longer than what a button below can carry.
    let otherwise = below.ok().map(Box::new);
    Ok(Call { otherwise, ..call.with("reply_markup", keys) })
}

/// An emoji, or the id of a custom one, which is a number. Telegram knows emoji without the sign that
/// makes ❤ red, and no others (<https://core.telegram.org/bots/api#reactiontypeemoji>).
fn reaction(emoji: &str) -> Value {
    if !emoji.is_empty() && emoji.bytes().all(|byte| byte.is_ascii_digit()) {
        return json!({ "type": "custom_emoji", "custom_emoji_id": emoji });
    }
    json!({ "type": "emoji", "emoji": emoji.replace('\u{fe0f}', "") })
}

/// `{"method": "sendDice", "emoji": "🎲"}`: any method with its parameters. The chat is that of the
/// reply, unless the parameters name one.
fn custom(target: &Target, json: &Value) -> Result<Call, SendError> {
    let expected = || refused(r#"expected {"method": "sendDice", …}, a method and its parameters"#);
    let mut params: Map<String, Value> = json.as_object().ok_or_else(expected)?.clone();
    let Some(Value::String(method)) = params.remove("method") else { return Err(expected()) };
    let names_a_place = ["chat_id", "inline_message_id"].iter().any(|it| params.contains_key(*it));
    if !names_a_place && !target.room.is_empty() {
        params.insert("chat_id".to_owned(), number_or_text(&target.room));
        if let Some((name, topic)) = topic(target)?
            && TAKE_TOPICS.iter().any(|start| method.starts_with(start))
        {
            params.entry(name).or_insert_with(|| json!(topic));
        }
    }
    Ok(Call { params, ..Call::new(&method) })
}
