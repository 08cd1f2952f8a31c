//! What differs between the two stand-ins, and a change as both tell of it.

use serde_json::Value;

use patchcord::contacts::Fields;

use super::{Contact, Settings, outbox::Message};

/// A change of one contact.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change<'a> {
    Created(&'a Contact),
    Updated {
        contact: &'a Contact,
        /// What was asked for: null removes a field.
        patch: &'a Fields,
    },
    Deleted(&'a str),
}

/// Whose change it is, and where and how it is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Address<'a> {
    pub(super) tenant: &'a str,
    /// What the other side calls the tenant.
    pub(super) integration: &'a str,
    pub(super) url: &'a str,
    pub(super) bearer: &'a str,
    pub(super) settings: &'a Settings,
}

/// One of the two.
pub(super) trait Part: Send + Sync + 'static {
    /// The key that is valid from the start.
    fn default_key(&self) -> &'static str;

    /// A contact's id as a text.
    fn id(&self, number: u64) -> String;

    /// The number in an id, if it can be one.
    fn number(&self, id: &str) -> Option<u64>;

    /// An id as it is written in JSON.
    fn id_to_json(&self, id: &str) -> Value;

    /// A contact in JSON: its id, its fields, the time of its latest change.
    fn render(&self, contact: &Contact) -> Value {
        let mut json = contact.fields.clone();
        json.insert("id".to_owned(), self.id_to_json(&contact.id));
        json.insert("updated_at".to_owned(), Value::String(contact.updated_at.clone()));
        Value::Object(json)
    }

    /// The request that tells the other side.
    fn message(&self, address: Address<'_>, change: Change<'_>) -> Message;

    /// What it knows besides contacts, to look at.
    fn state(&self) -> Value;

    /// Forgets everything.
    fn reset(&self);
}
