//! What a bot can do on Slack and nowhere else.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::SlackConnector;
use super::extras::{SlackEvent, begins_thread};
use super::text::escape;
use super::wire::text_at;
use crate::chat::{Context, SendError};

/// Something that only Slack has did not come to be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SlackError {
    /// The event came from another platform.
    #[error("this platform is not Slack")]
    NotSlack,
    /// The event has nothing that would allow it: `trigger_id` to open a modal, `response_url` to
    /// respond.
    #[error("the event has no {0}")]
    Missing(&'static str),
    /// Not a Web API method name: letters, digits, `.` and `_`, a letter first.
    #[error("expected the name of a method, such as chat.postMessage")]
    InvalidMethod,
    /// Slack did not do it.
    #[error("Slack did not do it")]
    Send(#[from] SendError),
}

/// Methods of a context for events of Slack. None of them is tried again.
#[async_trait]
pub trait SlackContext {
    /// Calls any method of the Web API (<https://docs.slack.dev/reference/methods>) with the bot's
    /// token, and gives its answer. The arguments are an object, as the method's page has them; those
    /// that are `null` are left out. After a method that shows something, call
    /// [`Context::note_said`].
    async fn call_slack(&self, method: &str, arguments: Value) -> Result<Value, SlackError>;

    /// Shows words to the sender only, in the conversation of the event. They vanish when the
    /// sender's Slack is started again.
    async fn send_ephemeral(&self, text: &str) -> Result<(), SlackError>;

    /// Posts `message` (`text`, `blocks`, `response_type`, `replace_original`, `delete_original`) to
    /// the event's `response_url`: five times within half an hour after a click or a command. Only
    /// the sender sees it, unless it has `"response_type": "in_channel"`.
    async fn respond(&self, message: Value) -> Result<(), SlackError>;

    /// Opens `view` as a modal, or on top of the one that the event came from, and gives its id. It
    /// has to be within three seconds after the click: a channel that is queued has little of them
    /// left. Not after a modal that was sent, which shows another view by
    /// [`SlackConnector::with_submission_answer`] alone.
    async fn open_view(&self, view: Value) -> Result<String, SlackError>;

    /// Shows `view` in the place of the one with this id, at any time.
    async fn update_view(&self, view_id: &str, view: Value) -> Result<(), SlackError>;

    /// Shows `view` in the app's home, to the sender.
    async fn publish_home(&self, view: Value) -> Result<(), SlackError>;
}

#[async_trait]
impl SlackContext for Context {
    async fn call_slack(&self, method: &str, arguments: Value) -> Result<Value, SlackError> {
        let slack = self.connector::<SlackConnector>().ok_or(SlackError::NotSlack)?;
        if !is_method(method) {
            return Err(SlackError::InvalidMethod);
        }
        let called = slack.client.call(method, &arguments, self.remaining_time()).await;
        Ok(called.map_err(SendError::from)?)
    }

    async fn send_ephemeral(&self, text: &str) -> Result<(), SlackError> {
        let event = self.event();
        let mut arguments = json!({
            "channel": event.target.room, "user": event.sender.id, "text": escape(text),
        });
        if let Some(thread) = event.target.thread.as_ref().filter(|_| !begins_thread(event)) {
            arguments["thread_ts"] = json!(thread);
        }
        self.call_slack("chat.postEphemeral", arguments).await?;
        self.note_said();
        Ok(())
    }

    async fn respond(&self, message: Value) -> Result<(), SlackError> {
        let slack = self.connector::<SlackConnector>().ok_or(SlackError::NotSlack)?;
        let url = extra(self).and_then(|slack| slack.response_url.as_ref());
        let url = url.ok_or(SlackError::Missing("response_url"))?;
        slack.client.respond(url, &message, self.remaining_time()).await?;
        self.note_said();
        Ok(())
    }

    async fn open_view(&self, view: Value) -> Result<String, SlackError> {
        let trigger = extra(self).and_then(|slack| slack.trigger_id.as_deref());
        let trigger = trigger.ok_or(SlackError::Missing("trigger_id"))?;
        let in_modal = text_at(&self.event().raw, "/view/type") == Some("modal");
        let method = if in_modal { "views.push" } else { "views.open" };
        let arguments = json!({ "trigger_id": trigger, "view": view });
        let opened = self.call_slack(method, arguments).await?;
        self.note_said();
        Ok(text_at(&opened, "/view/id").unwrap_or_default().to_owned())
    }

    async fn update_view(&self, view_id: &str, view: Value) -> Result<(), SlackError> {
        self.call_slack("views.update", json!({ "view_id": view_id, "view": view })).await?;
        self.note_said();
        Ok(())
    }

    async fn publish_home(&self, view: Value) -> Result<(), SlackError> {
        let user = &self.event().sender.id;
        self.call_slack("views.publish", json!({ "user_id": user, "view": view })).await?;
        self.note_said();
        Ok(())
    }
}

/// Whether `method` may become a part of a URL.
fn is_method(method: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_';
    method.starts_with(|first: char| first.is_ascii_alphabetic()) && method.bytes().all(is_plain)
}

fn extra(context: &Context) -> Option<&SlackEvent> {
    context.event().extensions.get()
}
