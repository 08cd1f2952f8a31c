//! Calls the Bot API (<https://core.telegram.org/bots/api#making-requests>). The bot's token is a
//! part of every URL, which therefore no error shows.

use std::time::Duration;

use bytes::Bytes;
use reqwest::multipart::{Form, Part};
use reqwest::{Body, RequestBuilder};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::calls::{Call, Upload, refused};
use super::errors::{Answer, Outcome, retry_after, wants_other_way};
use crate::chat::SendError;
use crate::connectors::api;
use crate::ground::http::percent_encode;
use crate::ground::secret::Secret;

/// How long Telegram may take to say where a file is.
const TIME_TO_FIND: Duration = Duration::from_secs(10);

/// The Bot API as one bot calls it.
#[derive(Clone)]
pub(super) struct Client {
    pub http: reqwest::Client,
    /// Without a slash at its end.
    pub api_url: String,
    pub token: Secret,
}

impl Client {
    /// Makes `call` once; once more if the group has become another chat, or in the other way that
    /// the call has for what Telegram cannot do. The result is what the method returns, and null
    /// where everything was already as it should be.
    pub async fn call(&self, call: &Call, remaining: Duration) -> Result<Value, SendError> {
        // It becomes a part of the URL, and bots give names of their own choice.
        let is_name = |method: &str| method.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if call.method.is_empty() || !is_name(&call.method) {
            return Err(refused("a method has a name of letters and digits"));
        }
        let begun = Instant::now();
        let mut call = call.clone();
        let mut has_moved = false;
        loop {
            let error = match self.attempt(&call, remaining.saturating_sub(begun.elapsed())).await?
            {
                Outcome::Done(result) => return Ok(result),
                Outcome::Migrated(chat) if !has_moved => {
                    has_moved = true;
                    move_to(&mut call, chat);
                    continue;
                }
                Outcome::Migrated(_) => return Err(refused("the group has become another chat")),
                Outcome::Failed(error) => error,
            };
            match call.otherwise.take() {
                Some(otherwise) if wants_other_way(&error) => call = *otherwise,
                _ => return Err(error),
            }
        }
    }

    async fn attempt(&self, call: &Call, remaining: Duration) -> Result<Outcome, SendError> {
        let answer = api::call_reading(self.request(call), remaining, retry_after).await?;
        let status = answer.status.as_u16();
        let answer: Answer = serde_json::from_slice(&answer.body)
            .map_err(|_| SendError::Failed(format!("no answer of Telegram's: {status}").into()))?;
        Ok(answer.outcome(status))
    }

    fn request(&self, call: &Call) -> RequestBuilder {
        let token = self.token.expose();
        let request = self.http.post(format!("{}/bot{token}/{}", self.api_url, call.method));
        if call.files.is_empty() {
            return request.json(&call.params);
        }
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let params = call
            .params
            .iter()
            .fold(Form::new(), |form, (name, value)| form.text(name.clone(), text(value)));
        let form =
            call.files.iter().fold(params, |form, file| form.part(file.field.clone(), part(file)));
        request.multipart(form)
    }

    /// The content of the file `id`: of 20 MB at most
    /// (<https://core.telegram.org/bots/api#getfile>).
    pub async fn download(&self, id: &str, limit: usize) -> Result<Bytes, SendError> {
        let found = self.call(&Call::new("getFile").with("file_id", id), TIME_TO_FIND).await?;
        let is_larger = |size: u64| usize::try_from(size).map_or(true, |size| size > limit);
        if found["file_size"].as_u64().is_some_and(is_larger) {
            return Err(refused(format!("the file has more than {limit} bytes")));
        }
        let path = found["file_path"].as_str().ok_or_else(|| refused("the file has no path"))?;
        let path = path.split('/').map(percent_encode).collect::<Vec<_>>().join("/");
        let url = format!("{}/file/bot{}/{path}", self.api_url, self.token.expose());
        Ok(api::download(self.http.get(url), limit).await?.body.into())
    }
}

fn part(file: &Upload) -> Part {
    let part = |file: &Upload| {
        let length = file.bytes.len() as u64;
        let body = Body::from(file.bytes.clone());
        Part::stream_with_length(body, length).file_name(file.name.clone())
    };
    let typed = file.mime_type.as_deref().and_then(|it| part(file).mime_str(it).ok());
    typed.unwrap_or_else(|| part(file))
}

fn move_to(call: &mut Call, chat: i64) {
    call.params.insert("chat_id".to_owned(), json!(chat));
    if let Some(otherwise) = &mut call.otherwise {
        move_to(otherwise, chat);
    }
}
