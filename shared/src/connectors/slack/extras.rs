//! What only Slack says of an event: extensions of it, by type.

use http::Extensions;
use serde_json::Value;

use super::events::{Rules, is_direct};
use super::interactions::value;
use super::text::mentions;
use super::wire::{first_text_at, team, text_at};
use crate::chat::event::Event;
use crate::ground::secret::Secret;

/// What every event of Slack has.
#[derive(Clone, Debug)]
pub struct SlackEvent {
    /// The workspace's id.
    pub team: String,
    /// The id (`ts`) of the message that the event is about: the one somebody wrote, or the one
    /// with the button or shortcut that somebody used. To edit it, delete it or react to it.
    pub message_ts: Option<String>,
    /// Whether somebody speaks to the bot: in direct messages, or by a mention.
    pub is_addressed: bool,
    /// What opens a modal, once, within three seconds after somebody's click: see
    /// [`SlackContext::open_view`](super::SlackContext::open_view).
    pub trigger_id: Option<String>,
    /// Where messages can be posted as an answer to a click or command, five times within half an
    /// hour, also in a conversation without the bot:
    /// see [`SlackContext::respond`](super::SlackContext::respond).
    pub response_url: Option<Secret>,
}

/// A slash command. Its text is also that of the event, behind the command.
#[derive(Clone, PartialEq, Eq)]
pub struct SlashCommand {
    /// The command: `/weather`.
    pub command: String,
    /// What somebody typed behind it.
    pub text: String,
}

/// A button or menu that somebody used.
#[derive(Clone, PartialEq, Eq)]
pub struct BlockAction {
    /// The component's id.
    pub action_id: String,
    /// The id of the block it is in.
    pub block_id: String,
    /// The component's type: `button`, `static_select`.
    pub kind: String,
    /// The view it is in; none in a message.
    pub view_id: Option<String>,
}

/// A shortcut that somebody chose.
#[derive(Clone, PartialEq)]
pub struct Shortcut {
    /// The shortcut's id in the app's settings.
    pub callback_id: String,
    /// The message in whose menu it was; none of a global shortcut.
    pub message: Option<Value>,
}

/// A modal that somebody filled in and sent.
#[derive(Clone, PartialEq)]
pub struct ViewSubmission(
    /// The modal, with what is in it.
    pub View,
);

/// A modal that somebody closed. Slack tells of it if the view has `notify_on_close`.
#[derive(Clone, PartialEq)]
pub struct ViewClosed(
    /// The modal.
    pub View,
);

/// A modal.
#[derive(Clone, PartialEq)]
pub struct View {
    /// Its id, for changing it.
    pub id: String,
    /// The id that the bot gave its kind.
    pub callback_id: String,
    /// What the bot put into it, such as the channel that it belongs to.
    pub private_metadata: String,
    /// `state.values` of the view: what is in it, by block and component.
    pub values: Value,
}

/// Somebody opened the app's home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeOpened {
    /// `home` or `messages`.
    pub tab: String,
}

/// Somebody opened a thread with an assistant, or looks at another channel beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssistantThread {
    /// Whether it has begun.
    pub is_new: bool,
    /// The channel that somebody looks at.
    pub channel: Option<String>,
}

/// A file was shared. The message with it is an event of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileShared {
    /// The file's id, for [`Context::download`](crate::chat::Context::download).
    pub file: String,
}

impl View {
    /// What somebody chose or typed in the component `action` of `block`, or the ids of the files:
    /// several are separated by commas. Rich text is only in `values`.
    pub fn value(&self, block: &str, action: &str) -> Option<String> {
        value(self.values.get(block)?.get(action)?)
    }

    pub(super) fn read(raw: &Value) -> Self {
        let text = |pointer| text_at(raw, pointer).unwrap_or_default().to_owned();
        let values = raw.pointer("/view/state/values").cloned().unwrap_or_default();
        Self {
            id: text("/view/id"),
            callback_id: text("/view/callback_id"),
            private_metadata: text("/view/private_metadata"),
            values,
        }
    }
}

/// Adds to the extensions what `raw` says.
pub(super) fn extend(extensions: &mut Extensions, raw: &Value, rules: &Rules) {
    extensions.insert(common(raw, rules));
    let text = |pointer| text_at(raw, pointer).unwrap_or_default().to_owned();
    if raw.get("command").is_some() {
        extensions.insert(SlashCommand { command: text("/command"), text: text("/text") });
    }
    match first_text_at(raw, &["/event/type", "/type"]).unwrap_or_default() {
        "block_actions" => {
            extensions.insert(BlockAction {
                action_id: text("/actions/0/action_id"),
                block_id: text("/actions/0/block_id"),
                kind: text("/actions/0/type"),
                view_id: text_at(raw, "/view/id").map(str::to_owned),
            });
        }
        "shortcut" | "message_action" => {
            let message = raw.get("message").cloned();
            extensions.insert(Shortcut { callback_id: text("/callback_id"), message });
        }
        "view_submission" => {
            extensions.insert(ViewSubmission(View::read(raw)));
        }
        "view_closed" => {
            extensions.insert(ViewClosed(View::read(raw)));
        }
        "app_home_opened" => {
            extensions.insert(HomeOpened { tab: text("/event/tab") });
        }
        name @ ("assistant_thread_started" | "assistant_thread_context_changed") => {
            let channel = text_at(raw, "/event/assistant_thread/context/channel_id");
            let is_new = name == "assistant_thread_started";
            extensions.insert(AssistantThread { is_new, channel: channel.map(str::to_owned) });
        }
        "file_shared" => {
            extensions.insert(FileShared { file: text("/event/file_id") });
        }
        _ => {}
    }
}

/// Whether an answer to `event` begins its thread. What one person alone is to see is not shown in a
/// thread that is not there yet (<https://docs.slack.dev/reference/methods/chat.postEphemeral>).
pub(super) fn begins_thread(event: &Event) -> bool {
    let thread = event.target.thread.as_deref();
    thread.is_some() && thread == message_ts(&event.raw)
}

/// The message that an event is about.
fn message_ts(raw: &Value) -> Option<&str> {
    let places = [
        "/event/message/ts",
        "/event/deleted_ts",
        "/event/item/message/ts",
        "/event/item/ts",
        "/event/ts",
        "/message/ts",
        "/container/message_ts",
    ];
    first_text_at(raw, &places)
}

fn common(raw: &Value, rules: &Rules) -> SlackEvent {
    let room =
        first_text_at(raw, &["/event/channel", "/channel_id", "/channel/id"]).unwrap_or_default();
    let is_mentioned = || {
        let text = first_text_at(raw, &["/event/text", "/event/message/text"]).unwrap_or_default();
        text_at(raw, "/event/type") == Some("app_mention")
            || rules.own(raw).is_some_and(|own| mentions(text, own))
    };
    SlackEvent {
        team: team(raw).to_owned(),
        message_ts: message_ts(raw).map(str::to_owned),
        is_addressed: is_direct(room) || is_mentioned(),
        trigger_id: text_at(raw, "/trigger_id").map(str::to_owned),
        response_url: response_url(raw),
    }
}

/// Where an answer can be posted, if Slack says.
pub(super) fn response_url(raw: &Value) -> Option<Secret> {
    Secret::try_from(text_at(raw, "/response_url")?.to_owned()).ok()
}
