//! Bots, as Botmatic writes them.

use http::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::client::BotmaticApi;
use super::error::ApiError;
use crate::ground::clock::Deadline;
use crate::ground::secret::Secret;

const BOTS: &str = "bots";

impl BotmaticApi {
    /// So many bots at most, in the answer as it is.
    pub async fn bots(
        &self,
        token: &Secret,
        deadline: Deadline,
        page_size: u32,
    ) -> Result<Value, ApiError> {
        let call = Call::new(Method::GET, BOTS).query("page_size", page_size).bulk();
        self.call(token, deadline, &call).await?.json()
    }

    /// One bot, in the answer as it is.
    pub async fn bot(
        &self,
        token: &Secret,
        deadline: Deadline,
        id: &str,
    ) -> Result<Value, ApiError> {
        let call = Call::about(Method::GET, BOTS, id)?.bulk();
        self.call(token, deadline, &call).await?.json()
    }

    /// Replaces a bot, or its draft.
    pub async fn update_bot(
        &self,
        token: &Secret,
        deadline: Deadline,
        id: &str,
        bot: &Value,
        is_draft: bool,
    ) -> Result<(), ApiError> {
        let call = Call::about(Method::PATCH, BOTS, id)?.bulk();
        // On the wire a bot is a text that is JSON.
        let call = call.json(&json!({ "bot": bot.to_string(), "is_draft": is_draft }));
        self.call(token, deadline, &call).await?.json_or_nothing()?;
        Ok(())
    }
}
