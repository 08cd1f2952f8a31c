//! Many contacts in one call: each has a result of its own, in the order of the request.

use http::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::client::BotmaticApi;
use super::contacts::CONTACTS;
use super::error::ApiError;
use super::reason::Reason;
use crate::botmatic::{BotmaticId, Fields};
use crate::ground::clock::Deadline;
use crate::ground::secret::Secret;

/// One contact of many failed. The others did not for that reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ItemError {
    /// Botmatic refuses it, and would again.
    #[error("Botmatic refused the contact")]
    Rejected {
        /// Why, for the one who asked.
        reason: Option<Reason>,
    },
    /// The result says neither that it was done nor that it was not. It may have been.
    #[error("Botmatic's result for the contact is not as described")]
    Unreadable,
}

impl BotmaticApi {
    /// Creates contacts: a result for each of them, in their order. After an error, as after one
    /// of [`create_contact`](Self::create_contact), each of them may be there.
    pub async fn create_contacts(
        &self,
        token: &Secret,
        deadline: Deadline,
        contacts: &[Fields],
    ) -> Result<Vec<Result<BotmaticId, ItemError>>, ApiError> {
        if contacts.is_empty() {
            return Ok(Vec::new());
        }
        let call = Call::new(Method::POST, CONTACTS).json(&json!({ "contacts": contacts }));
        let answer = self.call(token, deadline, &call.making().bulk()).await?.json()?;
        let results = results(&answer, contacts.len())?.iter();
        Ok(results
            .map(|result| {
                check(result)?;
                BotmaticId::from_value(&result["id"]).map_err(|_| ItemError::Unreadable)
            })
            .collect())
    }

    /// Changes contacts: a result for each of them, in their order.
    pub async fn update_contacts(
        &self,
        token: &Secret,
        deadline: Deadline,
        changes: &[(BotmaticId, Fields)],
    ) -> Result<Vec<Result<(), ItemError>>, ApiError> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let contacts: Vec<_> = changes
            .iter()
            .map(|(id, fields)| json!({ "contact_id": id, "contact_props": fields }))
            .collect();
        let call = Call::new(Method::PATCH, CONTACTS).json(&json!({ "contacts": contacts }));
        let answer = self.call(token, deadline, &call.bulk()).await?.json_or_nothing()?;
        // Botmatic need not answer one by one; then all are done.
        if answer["contacts"].is_null() {
            return Ok(vec![Ok(()); changes.len()]);
        }
        Ok(results(&answer, changes.len())?.iter().map(check).collect())
    }
}

/// The results, of which there have to be as many as there were contacts.
fn results(answer: &Value, expected: usize) -> Result<&Vec<Value>, ApiError> {
    let results = answer["contacts"].as_array().filter(|results| results.len() == expected);
    results.ok_or(ApiError::Unreadable { expected: "a result for each of the `contacts`" })
}

fn check(result: &Value) -> Result<(), ItemError> {
    match result["success"].as_bool() {
        Some(true) => Ok(()),
        Some(false) => Err(ItemError::Rejected { reason: Reason::of(result) }),
        None => Err(ItemError::Unreadable),
    }
}
