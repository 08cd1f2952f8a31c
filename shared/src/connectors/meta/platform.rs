//! What Messenger and Instagram differ in.

use crate::chat::split::{TextLimit, TextUnit};

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Facebook's Messenger: a page talks to people.
    Messenger,
    /// Instagram's direct messages: a professional account talks to people.
    Instagram,
}

impl Platform {
    /// Its name in the configuration and in events.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Messenger => "messenger",
            Self::Instagram => "instagram",
        }
    }

    /// What Meta calls it in `object` of a webhook.
    pub(super) const fn object(self) -> &'static str {
        match self {
            Self::Messenger => "page",
            Self::Instagram => "instagram",
        }
    }

    /// Messenger: “UTF-8 and less than 2000 characters”
    /// (<https://developers.facebook.com/docs/messenger-platform/reference/send-api>); what a
    /// character is it does not say, and no usual meaning counts more than UTF-16. Instagram:
    /// “UTF-8 and be a 1000 bytes or less”
    /// (<https://developers.facebook.com/docs/messenger-platform/instagram/features/send-message>).
    pub(super) const fn text_limit(self) -> TextLimit {
        match self {
            Self::Messenger => TextLimit { length: 1_999, unit: TextUnit::Utf16 },
            Self::Instagram => TextLimit { length: 1_000, unit: TextUnit::Bytes },
        }
    }
}
