//! Contacts, one at a time.

use http::Method;
use serde_json::json;

use super::call::Call;
use super::client::BotmaticApi;
use super::error::ApiError;
use crate::botmatic::{BotmaticId, Fields};
use crate::ground::clock::Deadline;
use crate::ground::secret::Secret;

pub(super) const CONTACTS: &str = "contacts";

impl BotmaticApi {
    /// Creates a contact. Before trying again after an error that says
    /// [`may_have_happened`](ApiError::may_have_happened), look whether it is there.
    pub async fn create_contact(
        &self,
        token: &Secret,
        deadline: Deadline,
        contact: &Fields,
    ) -> Result<BotmaticId, ApiError> {
        let call = Call::new(Method::POST, CONTACTS).json(&json!({ "contact": contact })).making();
        let answer = self.call(token, deadline, &call).await?.json()?;
        let id = BotmaticId::from_value(&answer["id"]);
        id.map_err(|_| ApiError::Unreadable { expected: "the new contact's `id`" })
    }

    /// Changes these fields of a contact.
    pub async fn update_contact(
        &self,
        token: &Secret,
        deadline: Deadline,
        id: &BotmaticId,
        changes: &Fields,
    ) -> Result<(), ApiError> {
        let call = Call::about(Method::PATCH, CONTACTS, id.as_str())?;
        let call = call.json(&json!({ "contact_id": id, "contact": changes }));
        self.call(token, deadline, &call).await?.json_or_nothing()?;
        Ok(())
    }

    /// Deletes a contact. One that is not there is [`ApiError::NotFound`].
    pub async fn delete_contact(
        &self,
        token: &Secret,
        deadline: Deadline,
        id: &BotmaticId,
    ) -> Result<(), ApiError> {
        let call = Call::about(Method::DELETE, CONTACTS, id.as_str())?;
        self.call(token, deadline, &call).await?.json_or_nothing()?;
        Ok(())
    }
}
