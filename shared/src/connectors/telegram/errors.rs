//! What Telegram's refusals mean. Their codes are those of HTTP; which of the reasons it is, only
//! the description tells (<https://core.telegram.org/bots/api#making-requests>). The descriptions
//! are those of <https://github.com/tdlib/telegram-bot-api>, which runs behind the API.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::calls::refused;
use crate::chat::SendError;

/// Parts of descriptions by which nobody is there to get anything.
const GONE: [&str; 9] = [
    "chat not found",
    "user not found",
    "group is deactivated",
    "group chat was deactivated",
    "message thread not found",
    "CHANNEL_PRIVATE",
    "INPUT_USER_DEACTIVATED",
    "PEER_ID_INVALID",
    "TOPIC_DELETED",
];
/// Parts of descriptions by which everything is already as it should be.
const ALREADY: [&str; 2] = ["message is not modified", "message to delete not found"];
/// Parts of descriptions by which the same can be said in another way: as a link to what Telegram
/// could not get at a URL, or does not take for a photo; with buttons below the message where there
/// is no keyboard.
const OTHER_WAY: [&str; 8] = [
    "failed to get HTTP URL content",
    "wrong type of the web page content",
    "wrong file identifier/HTTP URL specified",
    "wrong HTTP URL specified",
    "can't upload file by URL",
    "IMAGE_PROCESS_FAILED",
    "PHOTO_INVALID_DIMENSIONS",
    "inline keyboard expected",
];
/// Longer than any description that does not quote something.
const MAX_REASON: usize = 200;

/// An answer of the Bot API.
#[derive(Deserialize)]
pub(super) struct Answer {
    ok: bool,
    #[serde(default)]
    result: Value,
    error_code: Option<u16>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

/// What an answer says for programs.
#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

/// What becomes of a call.
pub(super) enum Outcome {
    /// It was done, or there was nothing left to do.
    Done(Value),
    /// The group has become another chat, which the call is to be repeated for.
    Migrated(i64),
    /// It was not done.
    Failed(SendError),
}

impl Answer {
    /// What it means; `status` counts where the answer has no code.
    pub fn outcome(self, status: u16) -> Outcome {
        if self.ok {
            return Outcome::Done(self.result);
        }
        let Parameters { retry_after, migrate_to_chat_id } = self.parameters;
        if let Some(chat) = migrate_to_chat_id {
            return Outcome::Migrated(chat);
        }
        let has = |parts: &[&str]| parts.iter().any(|part| self.description.contains(part));
        let reason = reason(&self.description);
        Outcome::Failed(match self.error_code.unwrap_or(status) {
            429 => SendError::rate_limited(Duration::from_secs(retry_after.unwrap_or(1))),
            code @ 500.. => SendError::Failed(format!("Telegram's error {code}").into()),
            // Blocked, deactivated, thrown out, never begun.
            403 => SendError::Unreachable { reason },
            400 if has(&ALREADY) => return Outcome::Done(Value::Null),
            400 if has(&GONE) => SendError::Unreachable { reason },
            401 | 404 => SendError::Unavailable {
                reason: "Telegram does not know the bot's token, or the method".to_owned(),
            },
            _ => refused(reason),
        })
    }
}

/// How long a body says that calls have to wait.
pub(super) fn retry_after(body: &[u8]) -> Option<Duration> {
    let answer: Answer = serde_json::from_slice(body).ok()?;
    answer.parameters.retry_after.map(Duration::from_secs)
}

/// Whether a call that has another way is to go it.
pub(super) fn wants_other_way(error: &SendError) -> bool {
    let SendError::Refused { reason } = error else { return false };
    OTHER_WAY.iter().any(|part| reason.contains(part))
}

/// The description up to where it quotes something, which may be a part of the message.
fn reason(description: &str) -> String {
    let end = ["\"", " '"].iter().filter_map(|quote| description.find(quote)).min();
    description[..end.unwrap_or(description.len())].trim_end().chars().take(MAX_REASON).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(answer: Value) -> String {
        let status = answer["error_code"].as_u64().unwrap_or(200);
        let answer: Answer = serde_json::from_value(answer).unwrap();
        match answer.outcome(u16::try_from(status).unwrap()) {
            Outcome::Done(result) => format!("done {result}"),
            Outcome::Migrated(chat) => format!("migrated {chat}"),
            Outcome::Failed(SendError::Unreachable { reason }) => format!("unreachable {reason}"),
            Outcome::Failed(SendError::Refused { reason }) => format!("refused {reason}"),
            Outcome::Failed(SendError::Unavailable { reason }) => format!("unavailable {reason}"),
            Outcome::Failed(error) => error.to_string(),
        }
    }

    /// Descriptions from <https://github.com/TelegramBotAPI/errors> and the API's source.
    #[test]
    fn refusals_mean_different_things() {
        for (code, description, expected) in [
            (403, "Forbidden: bot was blocked by the user", "unreachable Forbidden: bot was"),
            (403, "Forbidden: user is deactivated", "unreachable Forbidden: user is"),
            (403, "Forbidden: bot was kicked from the group chat", "unreachable Forbidden: bot"),
            (403, "Forbidden: bot can't initiate conversation with a user", "unreachable Forb"),
            (400, "Bad Request: chat not found", "unreachable Bad Request: chat not found"),
            (400, "Bad Request: message thread not found", "unreachable Bad Request: message"),
            (400, "Bad Request: message is too long", "refused Bad Request: message is too long"),
            (400, "Bad Request: not enough rights to send text messages to the chat", "refused B"),
            (400, "Bad Request: message can't be deleted", "refused Bad Request: message can't b"),
            (400, "Bad Request: message is not modified: specified new", "done null"),
            (400, "Bad Request: message to delete not found", "done null"),
            (401, "Unauthorized", "unavailable Telegram does not know the bot's token"),
            (404, "Not Found", "unavailable Telegram does not know the bot's token"),
            (502, "Bad Gateway", "the platform could not be reached"),
            (429, "Too Many Requests", "the platform asks to wait for 1s"),
        ] {
            let answer = json!({ "ok": false, "error_code": code, "description": description });
            let found = outcome(answer);
            assert!(found.starts_with(expected), "{description}: {found}");
        }
    }

    /// The API begins what comes after “Bad Request: ” with a small letter, unless the second one is
    /// a capital (`fail_query_with_error` in the API's source).
    #[test]
    fn every_name_is_written_as_the_api_writes_it() {
        let written = |name: &str| {
            let (first, second) = (&name[..1], &name.as_bytes()[1]);
            let is_code = *second == b'_' || second.is_ascii_uppercase();
            let first = if is_code { first.to_owned() } else { first.to_lowercase() };
            format!("Bad Request: {first}{}", &name[1..])
        };
        let refusal = |description: &str| {
            outcome(json!({ "ok": false, "error_code": 400, "description": description }))
        };
        for name in GONE {
            let found = refusal(&written(name));
            assert_eq!(found, format!("unreachable {}", written(name)), "{name}");
        }
        for name in ALREADY {
            assert_eq!(refusal(&written(name)), "done null", "{name}");
        }
        for name in OTHER_WAY {
            let error = refused(reason(&written(name)));
            assert!(wants_other_way(&error), "{name}");
        }
    }

    #[test]
    fn parameters_are_for_programs() {
        let answer = |parameters: Value| {
            json!({
                "ok": false, "error_code": 400, "description": "Bad Request: group chat was \
                upgraded to a supergroup chat", "parameters": parameters,
            })
        };
        assert_eq!(outcome(answer(json!({ "migrate_to_chat_id": -100_500 }))), "migrated -100500");
        let mut slow = answer(json!({ "retry_after": u64::MAX }));
        slow["error_code"] = json!(429);
        assert_eq!(outcome(slow), "the platform asks to wait for 86400s", "a day at most");
        let body = answer(json!({ "retry_after": 35 })).to_string();
        assert_eq!(retry_after(body.as_bytes()), Some(Duration::from_secs(35)));
        assert_eq!(retry_after(b"<html>"), None);
    }

    #[test]
    fn what_is_quoted_stays_out_of_the_reason() {
        for (description, expected) in [
            (
                r#"Bad Request: can't parse entities: Unsupported start tag "my secret" at byte 3"#,
                "Bad Request: can't parse entities: Unsupported start tag",
            ),
            (
                "Bad Request: inline keyboard button URL 'https://my.secret' is invalid",
                "Bad Request: inline keyboard button URL",
            ),
            ("Bad Request: message can't be edited", "Bad Request: message can't be edited"),
        ] {
            assert_eq!(reason(description), expected);
        }
    }
}
