//! Changes of reactions and of members, as Telegram sends them
//! (<https://core.telegram.org/bots/api#messagereactionupdated>,
//! <https://core.telegram.org/bots/api#chatmemberupdated>).

use serde::Deserialize;

use super::extras::{Chat, User};

/// A reaction was changed.
#[derive(Deserialize)]
pub(super) struct ReactionChange {
    pub chat: Chat,
    pub message_id: i64,
    pub user: Option<User>,
    pub actor_chat: Option<Chat>,
    #[serde(default)]
    pub date: u64,
    pub old_reaction: Vec<Reaction>,
    pub new_reaction: Vec<Reaction>,
}

#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Reaction {
    Emoji {
        emoji: String,
    },
    CustomEmoji {
        custom_emoji_id: String,
    },
    #[serde(other)]
    Paid,
}

/// Somebody's membership was changed.
#[derive(Deserialize)]
pub(super) struct MemberChange {
    pub chat: Chat,
    pub from: User,
    #[serde(default)]
    pub date: u64,
    pub old_chat_member: Member,
    pub new_chat_member: Member,
}

#[derive(Deserialize)]
pub(super) struct Member {
    pub user: User,
    pub status: String,
    /// Whether one who is `restricted` is in the chat.
    #[serde(default, rename = "is_member")]
    is_still_in: bool,
}

impl Member {
    /// Whether they are in the chat (<https://core.telegram.org/bots/api#chatmember>).
    pub fn is_in(&self) -> bool {
        match self.status.as_str() {
            "creator" | "administrator" | "member" => true,
            "restricted" => self.is_still_in,
            _ => false,
        }
    }
}
