//! What a bot can do on Messenger and Instagram and nowhere else.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::connector::MetaConnector;
use super::platform::Platform;
use crate::chat::media::Source;
use crate::chat::{Context, Media, Reply, SendError};

/// Methods of a [`Context`] whose event came from Messenger or Instagram; elsewhere each of them
/// is refused.
///
/// ```
/// # use patchcord::chat::{BotResult, Context};
/// use patchcord::connectors::meta::MetaContext as _;
///
/// async fn to_a_human(context: Context) -> BotResult {
///     context.mark_seen().await?;
///     context.send_text("Somebody will answer you soon.").await?;
///     context.pass_thread_control("263902037430900", "wants a refund").await?;
///     Ok(())
/// }
/// ```
#[async_trait]
pub trait MetaContext {
    /// Shows that the message was seen.
    async fn mark_seen(&self) -> Result<(), SendError>;

    /// Lets the app `app_id` answer from now on
    /// (<https://developers.facebook.com/docs/messenger-platform/handover-protocol/take-thread-control>).
    async fn pass_thread_control(&self, app_id: &str, metadata: &str) -> Result<(), SendError>;

    /// Answers from now on, where nobody does or where our app comes first.
    async fn take_thread_control(&self, metadata: &str) -> Result<(), SendError>;

    /// Asks the app that answers to let us.
    async fn request_thread_control(&self, metadata: &str) -> Result<(), SendError>;

    /// Leaves the conversation to nobody, or to the page's default app.
    async fn release_thread_control(&self) -> Result<(), SendError>;

    /// Uploads a file for many messages: the id for [`Media::id`], which is good for 90 days.
    async fn upload(&self, kind: MediaKind, media: &Media) -> Result<String, SendError>;
}

#[async_trait]
impl MetaContext for Context {
    async fn mark_seen(&self) -> Result<(), SendError> {
        post(self, "me/messages", json!({ "sender_action": "mark_seen" })).await
    }

    async fn pass_thread_control(&self, app_id: &str, metadata: &str) -> Result<(), SendError> {
        let body = json!({ "target_app_id": app_id, "metadata": metadata });
        post(self, "me/pass_thread_control", body).await
    }

    async fn take_thread_control(&self, metadata: &str) -> Result<(), SendError> {
        post(self, "me/take_thread_control", json!({ "metadata": metadata })).await
    }

    async fn request_thread_control(&self, metadata: &str) -> Result<(), SendError> {
        post(self, "me/request_thread_control", json!({ "metadata": metadata })).await
    }

    async fn release_thread_control(&self) -> Result<(), SendError> {
        post(self, "me/release_thread_control", json!({})).await
    }

    async fn upload(&self, kind: MediaKind, media: &Media) -> Result<String, SendError> {
        connector(self)?.upload(kind, media, self.remaining_time()).await
    }
}

fn connector(context: &Context) -> Result<&MetaConnector, SendError> {
    let elsewhere = || SendError::Refused { reason: "this is not a channel of Meta".to_owned() };
    context.connector().ok_or_else(elsewhere)
}

async fn post(context: &Context, path: &str, mut body: Value) -> Result<(), SendError> {
    body["recipient"] = json!({ "id": context.event().target.room });
    let remaining: Duration = context.remaining_time();
    connector(context)?.graph.post(path, &body, remaining).await?;
    Ok(())
}

/// What Meta takes a file for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the variant of `Reply` of that name")]
pub enum MediaKind {
    Image,
    Video,
    Audio,
    File,
}

impl MediaKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::File => "file",
        }
    }

    /// A reply that shows it.
    pub(super) const fn reply(self, media: Media) -> Reply {
        match self {
            Self::Image => Reply::Image(media),
            Self::Video => Reply::Video(media),
            Self::Audio => Reply::Audio(media),
            Self::File => Reply::File(media),
        }
    }
}

/// The form that uploads a file: from here, or from a URL that Meta follows
/// (<https://developers.facebook.com/documentation/business-messaging/instagram-messaging/features/attachment-upload>).
pub(super) fn form(platform: Platform, kind: MediaKind, media: &Media) -> Result<Form, SendError> {
    let refused = |reason: &str| SendError::Refused { reason: reason.to_owned() };
    let mut payload = json!({ "is_reusable": true });
    let mut form = Form::new();
    if platform == Platform::Instagram {
        form = form.text("platform", platform.name());
    }
    match &media.source {
        Source::Url(url) => payload["url"] = json!(url),
        Source::Data(bytes) => {
            let length = bytes.len() as u64;
            let name = media.name.clone().unwrap_or_else(|| kind.name().to_owned());
            let part = Part::stream_with_length(bytes.clone(), length).file_name(name);
            let mime_type = media.mime_type.as_deref().unwrap_or("application/octet-stream");
            let part = part.mime_str(mime_type).map_err(|_| refused("expected a MIME type"))?;
            form = form.part("filedata", part);
        }
        Source::Id(_) => return Err(refused("it is uploaded already")),
    }
    let message = json!({ "attachment": { "type": kind.name(), "payload": payload } });
    Ok(form.text("message", message.to_string()))
}
