//! One event of HubSpot's: `contact.creation`, or `object.creation` with the type of the object
//! (<https://developers.hubspot.com/docs/apps/legacy-apps/public-apps/create-generic-webhook-subscriptions>).

use serde_json::Value;

use crate::contacts::push::{PushError, Pushed, json};
use crate::contacts::{ExternalId, Fields};

/// The type of contacts
/// (<https://developers.hubspot.com/changelog/public-beta-generic-webhook-subscriptions>).
const CONTACTS: &str = "0-1";
/// What stands in the place of a value that is classified as sensitive
/// (<https://developers.hubspot.com/docs/api-reference/legacy/crm/properties/sensitive-data>).
const REDACTED: &str = "REDACTED";

/// An event and where it stands in the list.
pub(super) struct Event<'a> {
    event: &'a Value,
    place: String,
}

impl<'a> Event<'a> {
    /// The event at `index`.
    pub fn new(event: &'a Value, index: usize) -> Self {
        Self { event, place: format!("{index}.") }
    }

    /// When it happened, in milliseconds.
    pub fn occurred_at(&self) -> Option<u64> {
        self.event.get("occurredAt")?.as_u64()
    }

    /// What happened to which contacts. `portal_id` is the account whose events are ours.
    pub fn read(&self, portal_id: Option<&str>) -> Result<Vec<Pushed>, PushError> {
        let Value::Object(event) = self.event else {
            let place = self.place.trim_end_matches('.');
            return Err(PushError::malformed(format!("an event at `{place}`")));
        };
        let kind = json::text(event, "subscriptionType", &self.place)?;
        let Some((object, action)) = kind.split_once('.') else { return Ok(vec![Pushed::Ignored]) };
        let of_contact = match object {
            "contact" => true,
            "object" => json::text(event, "objectTypeId", &self.place)? == CONTACTS,
            _ => false,
        };
        if !of_contact {
            return Ok(vec![Pushed::Ignored]);
        }
        if let Some(ours) = portal_id
            && json::id(event, "portalId", &self.place)?.as_str() != ours
        {
            return Ok(vec![Pushed::Ignored]);
        }
        let id = || json::id(event, "objectId", &self.place);
        Ok(match action {
            "creation" | "restore" => vec![Pushed::Created { id: id()?, fields: None }],
            "propertyChange" => vec![Pushed::Changed { id: id()?, fields: property(event) }],
            "deletion" | "privacyDeletion" => vec![Pushed::Deleted { id: id()? }],
            "merge" => self.merged(event)?,
            _ => vec![Pushed::Ignored],
        })
    }

    /// Of the contacts that were merged, one is left: a new one, or in older accounts the primary
    /// one. It has the others' addresses, so those have to go first
    /// (<https://developers.hubspot.com/changelog/updated-merge-functionality-for-contacts-and-companies>).
    fn merged(&self, event: &Fields) -> Result<Vec<Pushed>, PushError> {
        let primary = json::id(event, "primaryObjectId", &self.place)?;
        let left = match event.get("newObjectId") {
            None | Some(Value::Null) => primary.clone(),
            Some(_) => json::id(event, "newObjectId", &self.place)?,
        };
        let Some(Value::Array(merged)) = event.get("mergedObjectIds") else {
            let place = &self.place;
            return Err(PushError::malformed(format!("a list of ids at `{place}mergedObjectIds`")));
        };
        let merged = merged.iter().map(ExternalId::from_value).collect::<Result<Vec<_>, _>>();
        let merged = merged
            .map_err(|_| PushError::malformed(format!("ids at `{}mergedObjectIds`", self.place)))?;
        let is_new = left != primary;
        let gone = merged.into_iter().chain([primary]).filter(|id| *id != left);
        let mut pushed: Vec<_> = gone.map(|id| Pushed::Deleted { id }).collect();
        pushed.push(if is_new {
            Pushed::Created { id: left, fields: None }
        } else {
            Pushed::Changed { id: left, fields: None }
        });
        Ok(pushed)
    }
}

/// The property that changed, by the name and with the value that the API has. None if the value
/// is withheld, or may be old: a repetition can come hours later.
fn property(event: &Fields) -> Option<Fields> {
    let is_first = event.get("attemptNumber").and_then(Value::as_u64).is_none_or(|n| n == 0);
    let is_sensitive = event.get("isSensitive").and_then(Value::as_bool).unwrap_or_default();
    let name = event.get("propertyName")?.as_str()?;
    let value = event.get("propertyValue")?.as_str()?;
    let is_current = is_first && !is_sensitive && value != REDACTED;
    is_current.then(|| Fields::from_iter([(name.to_owned(), value.into())]))
}
