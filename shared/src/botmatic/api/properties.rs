//! Properties of contacts, and the events of campaigns.

use http::Method;
use serde::Serialize;
use serde_json::json;

use super::call::Call;
use super::client::BotmaticApi;
use super::error::ApiError;
use crate::botmatic::BotmaticId;
use crate::ground::clock::Deadline;
use crate::ground::secret::Secret;

/// A field that contacts may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub r#type: PropertyType,
}

/// The types that properties have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PropertyType {
    /// Everything else.
    #[default]
    Text,
    /// A day.
    Date,
    /// A number.
    Number,
}

impl BotmaticApi {
    /// Creates a property.
    pub async fn create_property(
        &self,
        token: &Secret,
        deadline: Deadline,
        property: &Property,
    ) -> Result<(), ApiError> {
        self.create_properties(token, deadline, std::slice::from_ref(property)).await
    }

    /// Creates properties.
    pub async fn create_properties(
        &self,
        token: &Secret,
        deadline: Deadline,
        properties: &[Property],
    ) -> Result<(), ApiError> {
        if properties.is_empty() {
            return Ok(());
        }
        let body = json!({ "properties": properties });
        let call = Call::new(Method::POST, "properties").json(&body).making();
        self.call(token, deadline, &call).await?.json_or_nothing()?;
        Ok(())
    }

    /// Executes a campaign's event for these contacts.
    pub async fn execute_campaign_event(
        &self,
        token: &Secret,
        deadline: Deadline,
        name: &str,
        contacts: &[BotmaticId],
    ) -> Result<(), ApiError> {
        let body = json!({ "event_name": name, "contacts": contacts });
        let call = Call::new(Method::POST, "campaigns/execute-event").json(&body).making();
        self.call(token, deadline, &call).await?.json_or_nothing()?;
        Ok(())
    }
}
