//! The client as a function has it, and every call that it has.

use std::sync::Arc;
use std::time::Duration;

use patchcord::botmatic::api::{ApiError, BotmaticApi, ItemError, Property, PropertyType, Reason};
use patchcord::botmatic::{BotmaticId, Fields};
use patchcord::ground::clock::{Clock as _, Deadline, ManualClock};
use patchcord::ground::config::Place;
use patchcord::ground::secret::Secret;
use serde_json::{Value, json};

use super::pauses::{Pauses, parts};

pub const TOKEN: &str = "sesame+token &=%";

/// The client for a server.
pub struct Harness {
    pub api: BotmaticApi,
    pub clock: Arc<ManualClock>,
    pub pauses: Arc<Pauses>,
    pub token: Secret,
    /// What a call may take.
    pub time: Duration,
}

/// A call, with an id where it is about one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Validate,
    Create,
    /// So many.
    CreateMany(usize),
    Update(&'static str),
    UpdateMany(usize),
    Delete(&'static str),
    Property,
    Properties,
    Event,
    Bots,
    Bot(&'static str),
    UpdateBot(&'static str),
}

/// One of each.
pub const ALL: [Op; 12] = [
    Op::Validate,
    Op::Create,
    Op::CreateMany(2),
    Op::Update("1"),
    Op::UpdateMany(2),
    Op::Delete("1"),
    Op::Property,
    Op::Properties,
    Op::Event,
    Op::Bots,
    Op::Bot("1"),
    Op::UpdateBot("1"),
];

impl Op {
    /// Whether it makes something anew each time.
    pub fn makes(self) -> bool {
        matches!(
            self,
            Self::Create | Self::CreateMany(_) | Self::Property | Self::Properties | Self::Event
        )
    }
}

pub fn secret(text: &str) -> Secret {
    Secret::try_from(text.to_owned()).unwrap()
}

pub fn ada() -> Fields {
    json!({"email": "sesame@example.com"}).as_object().unwrap().clone()
}

fn id(text: &str) -> BotmaticId {
    BotmaticId::new(text).unwrap()
}

impl Harness {
    pub fn of(url: &str) -> Self {
        let (parts, clock, pauses) = parts();
        let api = BotmaticApi::new(parts, url, &Place::root()).unwrap();
        Self { api, clock, pauses, token: secret(TOKEN), time: Duration::from_mins(1) }
    }

    /// Makes the call; what it returns as JSON.
    pub async fn call(&self, op: Op) -> Result<Value, ApiError> {
        let (api, token) = (&self.api, &self.token);
        let until = Deadline::after(self.time, self.clock.now());
        Ok(match op {
            Op::Validate => json!(api.validate_token(token, until).await?),
            Op::Create => json!(api.create_contact(token, until, &ada()).await?),
            Op::CreateMany(count) => {
                let results = api.create_contacts(token, until, &vec![ada(); count]).await?;
                results.into_iter().map(|result| shown(result.map(|id| json!(id)))).collect()
            }
            Op::Update(of) => json!(api.update_contact(token, until, &id(of), &ada()).await?),
            Op::UpdateMany(count) => {
                let changes: Vec<_> =
                    (1..=count).map(|number| (id(&number.to_string()), ada())).collect();
                let results = api.update_contacts(token, until, &changes).await?;
                results.into_iter().map(|result| shown(result.map(|()| json!("done")))).collect()
            }
            Op::Delete(of) => json!(api.delete_contact(token, until, &id(of)).await?),
            Op::Property => {
                json!(
                    api.create_property(token, until, &property("n", PropertyType::Number)).await?
                )
            }
            Op::Properties => {
                let properties =
                    [property("city", PropertyType::Text), property("born", PropertyType::Date)];
                json!(api.create_properties(token, until, &properties).await?)
            }
            Op::Event => {
                let contacts = [id("1"), id("2")];
                json!(api.execute_campaign_event(token, until, "won", &contacts).await?)
            }
            Op::Bots => api.bots(token, until, 20).await?,
            Op::Bot(of) => api.bot(token, until, of).await?,
            Op::UpdateBot(of) => {
                json!(api.update_bot(token, until, of, &json!({"steps": []}), true).await?)
            }
        })
    }
}

fn property(name: &str, r#type: PropertyType) -> Property {
    Property { name: name.to_owned(), r#type }
}

fn shown(result: Result<Value, ItemError>) -> Value {
    match result {
        Ok(value) => value,
        Err(ItemError::Rejected { reason }) => {
            json!({"rejected": reason.as_ref().map(Reason::expose)})
        }
        Err(ItemError::Unreadable) => json!("unreadable"),
    }
}
