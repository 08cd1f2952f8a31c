//! What Telegram does with a call, and what it refuses. Descriptions are those of
//! <https://github.com/tdlib/telegram-bot-api> and <https://github.com/TelegramBotAPI/errors>;
//! limits those of <https://core.telegram.org/bots/api>.

use serde_json::{Value, json};

use super::state::{Asked, State};
use super::{BLOCKED, CHANNEL, FORUM, TOPIC, UPGRADED, USER};

/// A call that was refused.
pub struct Refusal {
    pub code: u16,
    pub description: String,
    pub parameters: Option<Value>,
}

type Done = Result<Value, Refusal>;

fn bad(description: &str) -> Refusal {
    Refusal { code: 400, description: format!("Bad Request: {description}"), parameters: None }
}

fn check(is_right: bool, description: &str) -> Result<(), Refusal> {
    if is_right { Ok(()) } else { Err(bad(description)) }
}

pub fn apply(asked: &Asked, state: &mut State) -> Done {
    let params = &asked.params;
    let text = |name: &str| params[name].as_str().unwrap_or_default();
    match asked.method.as_str() {
        "sendMessage" => {
            let chat = chat(params)?;
            words(text("text"), 4096, "message text is empty", "message is too long")?;
            keyboard(&params["reply_markup"])?;
            let is_below = params["reply_markup"]["keyboard"].is_null();
            check(chat != CHANNEL || is_below, "inline keyboard expected")?;
            message(state, chat, text("text"))
        }
        "sendPhoto" => file(asked, state, "photo"),
        "sendDocument" => file(asked, state, "document"),
        "sendVideo" => file(asked, state, "video"),
        "sendAudio" => file(asked, state, "audio"),
        "sendVoice" => file(asked, state, "voice"),
        "sendSticker" => file(asked, state, "sticker"),
        "sendAnimation" => file(asked, state, "animation"),
        "sendMediaGroup" => {
            let (chat, media) = (chat(params)?, params["media"].as_array());
            let media = media.filter(|all| (2..=10).contains(&all.len()));
            let media = media.ok_or_else(|| bad("there must be 2-10 media"))?;
            let is_there = |item: &Value| {
                let source = item["media"].as_str().unwrap_or_default();
                match source.strip_prefix("attach://") {
                    Some(name) => asked.files.iter().any(|it| it.field == name),
                    None => source.starts_with("https://") || state.files.contains_key(source),
                }
            };
            check(media.iter().all(is_there), "wrong file identifier/HTTP URL specified")?;
            let sent = media.iter().map(|_| message(state, chat, "album"));
            sent.collect::<Result<Vec<_>, _>>().map(Value::Array)
        }
        "sendDice" => message(state, chat(params)?, "dice"),
        "sendChatAction" => {
            chat(params)?;
            check(text("action") == "typing", "wrong parameter action in request")?;
            Ok(json!(true))
        }
        "setMessageReaction" => {
            existing(params, state, "message to react not found")?;
            let reactions = params["reaction"].as_array();
            let is_known = |it: &Value| ["👍", "❤"].iter().any(|emoji| it["emoji"] == *emoji);
            check(reactions.is_some_and(|all| all.iter().all(is_known)), "REACTION_INVALID")?;
            Ok(json!(true))
        }
        "editMessageText" => edit(params, state),
        "deleteMessage" => {
            let key = existing(params, state, "message to delete not found")?;
            state.messages.remove(&key);
            Ok(json!(true))
        }
        "answerCallbackQuery" => answered(state, text("callback_query_id")),
        "answerInlineQuery" => {
            check(
                params["results"].as_array().is_some_and(|all| all.len() <= 50),
                "RESULTS_TOO_MUCH",
            )?;
            answered(state, text("inline_query_id"))
        }
        "getFile" => {
            let found = state.files.get(text("file_id"));
            let (path, content) = found.ok_or_else(|| bad("invalid file_id"))?;
            Ok(json!({ "file_id": text("file_id"), "file_path": path, "file_size": content.len() }))
        }
        "setWebhook" => {
            check(
                text("url").starts_with("https://"),
                "bad webhook: An HTTPS URL must be provided for webhook",
            )?;
            check(!text("secret_token").is_empty(), "secret token is empty")?;
            state.webhook = params.clone();
            Ok(json!(true))
        }
        "deleteWebhook" => {
            state.webhook = Value::Null;
            Ok(json!(true))
        }
        "getWebhookInfo" => Ok(json!({
            "url": state.webhook["url"].as_str().unwrap_or_default(),
            "has_custom_certificate": false,
            "pending_update_count": 2,
            "last_error_date": 1_441_645_532,
            "last_error_message": "Wrong response from the webhook: 500 Internal Server Error",
            "allowed_updates": state.webhook["allowed_updates"],
        })),
        _ => Err(Refusal { code: 404, description: "Not Found".to_owned(), parameters: None }),
    }
}

/// A chat in which the bot may speak. A topic has to be one of that chat's.
fn chat(params: &Value) -> Result<i64, Refusal> {
    let topic = params["message_thread_id"].as_i64();
    match params["chat_id"].as_i64() {
        None if params["chat_id"] == "@news" => Ok(CHANNEL),
        None => Err(bad("chat_id is empty")),
        Some(BLOCKED) => Err(Refusal {
            code: 403,
            description: "Forbidden: bot was blocked by the user".to_owned(),
            parameters: None,
        }),
        Some(UPGRADED) => Err(Refusal {
            parameters: Some(json!({ "migrate_to_chat_id": FORUM })),
            ..bad("group chat was upgraded to a supergroup chat")
        }),
        Some(FORUM) if topic.is_none_or(|topic| topic == TOPIC) => Ok(FORUM),
        Some(chat @ (USER | CHANNEL)) if topic.is_none() => Ok(chat),
        Some(FORUM | USER | CHANNEL) => Err(bad("message thread not found")),
        Some(_) => Err(bad("chat not found")),
    }
}

/// Telegram says “characters”; code units of UTF-16 are the strictest reading.
fn words(text: &str, most: usize, empty: &str, long: &str) -> Result<(), Refusal> {
    check(!text.trim().is_empty(), empty)?;
    check(text.encode_utf16().count() <= most, long)
}

fn keyboard(markup: &Value) -> Result<(), Refusal> {
    let buttons = |name: &str| markup[name].as_array().cloned().unwrap_or_default();
    for row in buttons("inline_keyboard") {
        for button in row.as_array().ok_or_else(|| bad("can't parse inline keyboard"))? {
            let is_named = button["text"].as_str().is_some_and(|text| !text.is_empty());
            check(is_named, "text buttons are unallowed in the inline keyboard")?;
            let data = button["callback_data"].as_str();
            let is_short = data.is_none_or(|data| (1..=64).contains(&data.len()));
            check(is_short, "BUTTON_DATA_INVALID")?;
            check(data.is_some() != button["url"].is_string(), "BUTTON_TYPE_INVALID")?;
        }
    }
    let is_text = |row: &Value| row[0]["text"].is_string();
    check(buttons("keyboard").iter().all(is_text), "can't parse reply keyboard markup JSON object")
}

/// A file that is uploaded, or known, or at a URL from which Telegram takes such files.
fn file(asked: &Asked, state: &mut State, field: &str) -> Done {
    let (chat, params) = (chat(&asked.params)?, &asked.params);
    let caption = params["caption"].as_str().unwrap_or_default();
    check(caption.encode_utf16().count() <= 1024, "message caption is too long")?;
    keyboard(&params["reply_markup"])?;
    match params[field].as_str() {
        None => check(
            asked.files.iter().any(|it| it.field == field),
            &format!("there is no {field} in the request"),
        )?,
        Some(url) if url.starts_with("https://") => {
            let is_taken = field != "document" || ["pdf", "zip"].contains(&&url[url.len() - 3..]);
            check(is_taken, "wrong type of the web page content")?;
        }
        Some(id) => {
            check(state.files.contains_key(id), "wrong file identifier/HTTP URL specified")?;
        }
    }
    message(state, chat, &format!("{field}: {caption}"))
}

#[expect(clippy::unnecessary_wraps, reason = "one of many results")]
fn message(state: &mut State, chat: i64, text: &str) -> Done {
    let number = state.add(chat, text);
    Ok(json!({ "message_id": number, "date": 1_441_645_532, "chat": { "id": chat }, "text": text }))
}

fn existing(params: &Value, state: &State, missing: &str) -> Result<(i64, i64), Refusal> {
    let key = (chat(params)?, params["message_id"].as_i64().unwrap_or_default());
    check(state.messages.contains_key(&key), missing)?;
    Ok(key)
}

fn edit(params: &Value, state: &mut State) -> Done {
    let text = params["text"].as_str().unwrap_or_default();
    words(text, 4096, "message text is empty", "MESSAGE_TOO_LONG")?;
    if params["inline_message_id"].is_string() {
        return Ok(json!(true));
    }
    let key = existing(params, state, "message to edit not found")?;
    let same = "message is not modified: specified new message content and reply markup are exactly \
                the same as a current content and reply markup of the message";
    check(state.messages.get(&key).is_none_or(|before| before != text), same)?;
    state.messages.insert(key, text.to_owned());
    Ok(json!({ "message_id": key.1, "chat": { "id": key.0 }, "text": text }))
}

fn answered(state: &mut State, id: &str) -> Done {
    let old = "query is too old and response timeout expired or query ID is invalid";
    check(!id.is_empty() && !state.answered.iter().any(|it| it == id), old)?;
    state.answered.push(id.to_owned());
    Ok(json!(true))
}
