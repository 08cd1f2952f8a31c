//! Files there and back (<https://docs.slack.dev/messaging/working-with-files>).

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use reqwest::Url;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::client::Client;
use super::wire::{first_text_at, text_at};
use crate::chat::SendError;
use crate::connectors::api;

/// What finding a file may take, before it is fetched.
const FIND: Duration = Duration::from_secs(5);

impl Client {
    /// Brings a file to Slack and shares it where `share` says. Slack shares it a little later, so
    /// the message has no id yet.
    pub async fn upload(
        &self,
        bytes: &Bytes,
        name: &str,
        share: &Map<String, Value>,
        remaining: Duration,
    ) -> Result<(), SendError> {
        let until = Instant::now() + remaining;
        let left = || until.saturating_duration_since(Instant::now());
        let announced = json!({ "filename": name, "length": bytes.len() });
        let ticket = self.call("files.getUploadURLExternal", &announced, left()).await?;
        let unreadable = || refused("expected upload_url and file_id");
        let url = text_at(&ticket, "/upload_url").ok_or_else(unreadable)?;
        let file = text_at(&ticket, "/file_id").ok_or_else(unreadable)?;
        let content = self.http().post(url).header(CONTENT_TYPE, "application/octet-stream");
        let uploaded = api::call(content.body(bytes.clone()), left()).await?;
        if !uploaded.status.is_success() {
            return Err(refused(format!("upload: {}", uploaded.status.as_u16())));
        }
        let mut arguments = share.clone();
        arguments.insert("files".to_owned(), json!([{ "id": file, "title": name }]));
        self.call("files.completeUploadExternal", &arguments.into(), left()).await?;
        Ok(())
    }

    /// What Slack knows of a file.
    pub async fn file(&self, id: &str, remaining: Duration) -> Result<Value, SendError> {
        let mut answer = self.call("files.info", &json!({ "file": id }), remaining).await?;
        Ok(answer["file"].take())
    }

    /// The content of a file, of `limit` bytes at most.
    pub async fn download(&self, id: &str, limit: usize) -> Result<Bytes, SendError> {
        let file = self.file(id, FIND).await?;
        if file.get("size").and_then(Value::as_u64).is_some_and(|size| size > limit as u64) {
            return Err(refused(format!("expected a file of at most {limit} bytes")));
        }
        let url = first_text_at(&file, &["/url_private_download", "/url_private"]);
        let url = url.ok_or_else(|| refused("the file has no url_private"))?;
        if !self.is_slacks(url) {
            return Err(refused("the file is not kept by Slack"));
        }
        let answer = api::ask_for_file(self.authorized(self.http().get(url)), limit).await?;
        let kind = answer.headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        let is_page = kind.is_some_and(|kind| kind.starts_with("text/html"))
            && text_at(&file, "/mimetype").is_some_and(|kind| kind != "text/html");
        // Whom Slack does not know, or who lacks the right, is shown where to sign in.
        if is_page || answer.status.is_redirection() {
            return Err(refused("the file was not given; the app needs files:read"));
        }
        Ok(api::given_file(answer)?.body.into())
    }

    /// Whether the bot's token may go to `url`: files may be kept by others, who must not have it.
    fn is_slacks(&self, url: &str) -> bool {
        let Ok(url) = Url::parse(url) else { return false };
        let is_slack = |host: &str| host == "slack.com" || host.ends_with(".slack.com");
        url.origin() == self.api_url().origin()
            || (url.scheme() == "https" && url.host_str().is_some_and(is_slack))
    }
}

fn refused(reason: impl Into<String>) -> SendError {
    SendError::Refused { reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::secret::Secret;

    #[test]
    fn the_token_goes_to_slack_only() {
        let http = crate::ground::http::client().unwrap();
        let token = Secret::try_from("xoxb-1".to_owned()).unwrap();
        let api_url = Url::parse("https://slack.example.com:8443/api").unwrap();
        let client = Client::new(http, api_url, &token).unwrap();
        for (url, expected) in [
            ("https://files.slack.com/files-pri/T1-F1/a.png", true),
            ("https://slack.com/files-pri/T1-F1/a.png", true),
            ("https://slack.example.com:8443/files/F1", true),
            ("http://files.slack.com/files-pri/T1-F1/a.png", false),
            ("https://slack.example.com/files/F1", false),
            ("https://evilslack.com/F1", false),
            ("https://slack.com.example.org/F1", false),
            ("https://slack.com@example.org/F1", false),
            ("https://drive.google.com/F1", false),
            ("files.slack.com/F1", false),
        ] {
            assert_eq!(client.is_slacks(url), expected, "{url}");
        }
    }
}
