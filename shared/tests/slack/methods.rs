//! The methods of the fake Slack's Web API (<https://docs.slack.dev/reference/methods>).

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::limits;

/// What it remembers.
#[derive(Default)]
pub struct Methods {
    /// Channel and `ts`.
    messages: HashSet<(String, String)>,
    /// Channel, `ts` and name.
    reactions: HashSet<(String, String, String)>,
    /// Of the files that are to be uploaded.
    pub lengths: HashMap<String, usize>,
    /// How often a `response_url` was used.
    pub responses: u32,
}

pub fn error(code: &str) -> Value {
    json!({"ok": false, "error": code})
}

impl Methods {
    /// The answer to a call of `method` that the bot's token came with.
    pub fn call(&mut self, url: &str, method: &str, kind: &str, arguments: &Value) -> Value {
        // Methods that read have no arguments but those of a form
        // (<https://docs.slack.dev/apis/web-api/#basics>).
        let is_read = matches!(method, "files.getUploadURLExternal" | "files.info" | "users.info");
        let arguments = match kind {
            "application/x-www-form-urlencoded" => arguments,
            _ if is_read => &Value::Null,
            _ => arguments,
        };
        let text = |name: &str| arguments[name].as_str().unwrap_or_default().to_owned();
        let room = match method {
            "files.completeUploadExternal" => [text("channel_id"), text("channels")].concat(),
            "assistant.threads.setStatus" => text("channel_id"),
            _ => text("channel"),
        };
        let message = (room.clone(), [text("ts"), text("timestamp")].concat());
        let exists = self.messages.contains(&message);
        match method {
            "chat.postMessage" | "chat.postEphemeral" => self.post(method, &room, arguments),
            "chat.update" if !exists => error("message_not_found"),
            // <https://docs.slack.dev/reference/methods/chat.update> says 4,000 characters; bytes it
            // is that are counted (<https://github.com/openclaw/openclaw/pull/115027>).
            "chat.update" if text("text").len() > 4_000 => error("msg_too_long"),
            "chat.update" => limits::refusal(arguments)
                .map_or_else(|| json!({"ok": true, "channel": room, "ts": message.1}), error),
            "chat.delete" if !self.messages.remove(&message) => error("message_not_found"),
            "chat.delete" => json!({"ok": true, "channel": room, "ts": message.1}),
            "reactions.add" | "reactions.remove" => {
                let name = text("name");
                let is_name = |it: char| {
                    it.is_ascii_lowercase() || it.is_ascii_digit() || "_+-'".contains(it)
                };
                let reaction = (message.0, message.1, name.clone());
                match method {
                    _ if name.is_empty() || !name.chars().all(is_name) => error("invalid_name"),
                    _ if !exists => error("message_not_found"),
                    "reactions.add" if !self.reactions.insert(reaction.clone()) => {
                        error("already_reacted")
                    }
                    "reactions.remove" if !self.reactions.remove(&reaction) => error("no_reaction"),
                    _ => json!({"ok": true}),
                }
            }
            // It is for assistants' threads, which are direct messages.
            "assistant.threads.setStatus" if !room.starts_with('D') => error("invalid_thread_ts"),
            "files.getUploadURLExternal" => match text("length").parse() {
                Ok(length) if length > 0 && !text("filename").is_empty() => {
                    let file = format!("F{}", self.lengths.len() + 1);
                    self.lengths.insert(file.clone(), length);
                    json!({"ok": true, "upload_url": format!("{url}/upload/{file}"), "file_id": file})
                }
                _ => error("missing_argument"),
            },
            "files.completeUploadExternal" => {
                let file = arguments["files"][0]["id"].as_str().unwrap_or_default();
                match place(&room) {
                    _ if !self.lengths.contains_key(file) => error("file_not_found"),
                    Err(_) => error("invalid_channel"),
                    Ok(_) => json!({"ok": true, "files": [{"id": file, "title": "x"}]}),
                }
            }
            "files.info" => info(url, &text("file")),
            "users.info" if text("user") != "U1" => error("user_not_found"),
            "users.info" => json!({"ok": true, "user": {"id": "U1", "tz": "Europe/Rome"}}),
            "views.open" | "views.push" => match text("trigger_id").as_str() {
                "" => error("invalid_arguments"),
                _ if arguments["view"]["type"] != "modal" => error("invalid_arguments"),
                _ => json!({"ok": true, "view": {"id": "VMHU10V25"}}),
            },
            "assistant.threads.setStatus" | "views.update" | "views.publish" => json!({"ok": true}),
            _ => error("unknown_method"),
        }
    }

    fn post(&mut self, method: &str, room: &str, arguments: &Value) -> Value {
        let channel = match place(room) {
            Ok(channel) => channel,
            Err(code) => return error(code),
        };
        if let Some(code) = limits::refusal(arguments) {
            return error(code);
        }
        let ts = format!("1503435956.{:06}", self.messages.len() + 1);
        if method == "chat.postEphemeral" {
            return match arguments["user"].as_str() {
                Some("") | None => error("user_not_in_channel"),
                Some(_) => json!({"ok": true, "message_ts": ts}),
            };
        }
        self.messages.insert((channel.clone(), ts.clone()));
        json!({"ok": true, "channel": channel, "ts": ts})
    }
}

/// The channel that `room` is; for a user the direct messages with them.
fn place(room: &str) -> Result<String, &'static str> {
    match room {
        "CARCHIVED" => Err("is_archived"),
        "CELSEWHERE" => Err("not_in_channel"),
        "UGONE" => Err("user_disabled"),
        _ if room.starts_with('U') => Ok(format!("D{room}")),
        _ if room.starts_with(['C', 'D', 'G']) => Ok(room.to_owned()),
        _ => Err("channel_not_found"),
    }
}

fn info(url: &str, file: &str) -> Value {
    let kept = match file {
        "F1PNG" | "F2SECRET" => format!("{url}/files/{file}"),
        "F3ELSEWHERE" => "https://drive.example.com/F3".to_owned(),
        _ => return error("file_not_found"),
    };
    json!({"ok": true, "file": {
        "id": file, "mimetype": "image/png", "size": 9, "url_private": kept,
        "permalink": format!("https://team.slack.com/files/U1/{file}/cat.png"),
    }})
}
