//! The kinds of updates (<https://core.telegram.org/bots/api#update>).

use serde::de::IntoDeserializer as _;
use serde::de::value::{Error, StrDeserializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A kind of update, as Telegram names it. Those of business accounts are not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the kind of that name, which Telegram describes")]
pub enum UpdateKind {
    Message,
    EditedMessage,
    ChannelPost,
    EditedChannelPost,
    MessageReaction,
    MessageReactionCount,
    InlineQuery,
    ChosenInlineResult,
    CallbackQuery,
    ShippingQuery,
    PreCheckoutQuery,
    PurchasedPaidMedia,
    Poll,
    PollAnswer,
    MyChatMember,
    ChatMember,
    ChatJoinRequest,
    ChatBoost,
    RemovedChatBoost,
}

impl UpdateKind {
    /// What a bot is told of unless the configuration says otherwise: everything but what only
    /// administrators get (`chat_member`, boosts), and numbers of anonymous reactions.
    pub const DEFAULT: [Self; 14] = [
        Self::Message,
        Self::EditedMessage,
        Self::ChannelPost,
        Self::EditedChannelPost,
        Self::MessageReaction,
        Self::InlineQuery,
        Self::ChosenInlineResult,
        Self::CallbackQuery,
        Self::ShippingQuery,
        Self::PreCheckoutQuery,
        Self::Poll,
        Self::PollAnswer,
        Self::MyChatMember,
        Self::ChatJoinRequest,
    ];

    /// The kind of an update, its name and its content; none of one that is not known.
    pub(super) fn of(update: &Value) -> Option<(Self, &str, &Value)> {
        update.as_object()?.iter().find_map(|(name, content)| {
            let known: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
            Some((Self::deserialize(known).ok()?, name.as_str(), content))
        })
    }

    /// Whether its content is a message.
    pub(super) const fn is_message(self) -> bool {
        matches!(
            self,
            Self::Message | Self::EditedMessage | Self::ChannelPost | Self::EditedChannelPost
        )
    }
}
