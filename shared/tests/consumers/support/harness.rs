//! A consumer as a function has it, but for its clock: that moves when the consumer waits.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use patchcord::contacts::consumer::registry::Consumers;
use patchcord::contacts::consumer::{
    ConsumerError, Cursor, ExternalConsumer, ExternalContact, Page, Tenant,
};
use patchcord::contacts::{ExternalId, Fields};
use patchcord::ground::clock::{Clock as _, Deadline, ManualClock};
use patchcord::ground::config::{ConfigErrors, Place};
use serde_json::{Value, json};

pub use super::pauses::logged;
use super::pauses::{Pauses, parts};

/// What an operation may take.
pub const TIME: Duration = Duration::from_mins(1);

/// A consumer and the tenant it is asked for.
pub struct Harness {
    pub consumer: Arc<dyn ExternalConsumer>,
    pub clock: Arc<ManualClock>,
    pub integration: String,
    pub settings: Fields,
    pub time: Duration,
    pauses: Arc<Pauses>,
}

/// The section `contacts.consumer` in YAML, where `URL` stands for a server's address.
pub fn consumer(yaml: &str, url: &str) -> Harness {
    let consumers = Consumers::built_in();
    make(&consumers, yaml, url).unwrap_or_else(|errors| panic!("{errors}\n{yaml}"))
}

pub fn make(consumers: &Consumers, yaml: &str, url: &str) -> Result<Harness, ConfigErrors> {
    let value: Value = yaml_serde::from_str(&yaml.replace("URL", url)).unwrap();
    let (parts, clock, pauses) = parts();
    let place = Place::root().key("contacts").key("consumer");
    let consumer = consumers.make(value, parts, &place)?;
    let (integration, settings) = ("i-1".to_owned(), Fields::new());
    Ok(Harness { consumer, clock, integration, settings, time: TIME, pauses })
}

impl Harness {
    /// The same consumer for another tenant.
    pub fn tenant_of(&self, integration: &str, settings: Value) -> Self {
        Self {
            consumer: Arc::clone(&self.consumer),
            clock: Arc::clone(&self.clock),
            integration: integration.to_owned(),
            settings: fields(settings),
            time: self.time,
            pauses: Arc::clone(&self.pauses),
        }
    }

    /// The same with the settings that were entered.
    pub fn with_settings(self, settings: Value) -> Self {
        Self { settings: fields(settings), ..self }
    }

    /// How long the consumer has waited, each time.
    pub fn pauses(&self) -> Vec<Duration> {
        self.pauses.taken()
    }

    fn tenant(&self) -> Tenant<'_> {
        let deadline = Deadline::after(self.time, self.clock.now());
        Tenant { integration: &self.integration, settings: &self.settings, deadline }
    }

    pub async fn create(&self, contact: Value) -> Result<String, ConsumerError> {
        let created = self.consumer.create_contact(&self.tenant(), &fields(contact), "key-1").await;
        created.map(|id| id.to_string())
    }

    pub async fn get(&self, id: &str) -> Result<Value, ConsumerError> {
        self.consumer.get_contact(&self.tenant(), &external(id)).await.map(|it| shown(&it))
    }

    pub async fn find(&self, email: &str) -> Result<Value, ConsumerError> {
        self.consumer.get_contact_by_email(&self.tenant(), email).await.map(|it| shown(&it))
    }

    pub async fn list(&self, from: &Cursor, limit: u32) -> Result<Page, ConsumerError> {
        self.consumer.list_contacts(&self.tenant(), from, limit).await
    }

    /// The ids of every contact, page by page.
    pub async fn list_all(&self, size: u32) -> Result<Vec<Vec<String>>, ConsumerError> {
        let mut pages = Pages::default();
        self.consumer.list_all_contacts(&self.tenant(), size, &mut pages).await?;
        Ok(pages.0)
    }

    pub async fn update(&self, id: &str, changes: Value) -> Result<(), ConsumerError> {
        self.consumer.update_contact(&self.tenant(), &external(id), &fields(changes)).await
    }

    pub async fn delete(&self, id: &str) -> Result<(), ConsumerError> {
        self.consumer.delete_contact(&self.tenant(), &external(id)).await
    }
}

#[derive(Default)]
struct Pages(Vec<Vec<String>>);

#[async_trait]
impl patchcord::contacts::consumer::EachPage for Pages {
    async fn page(&mut self, contacts: Vec<ExternalContact>) -> std::ops::ControlFlow<()> {
        self.0.push(contacts.iter().map(|contact| contact.id.to_string()).collect());
        std::ops::ControlFlow::Continue(())
    }
}

pub fn external(id: &str) -> ExternalId {
    ExternalId::new(id).unwrap()
}

pub fn fields(value: Value) -> Fields {
    let Value::Object(fields) = value else { panic!("expected an object") };
    fields
}

fn shown(contact: &ExternalContact) -> Value {
    json!({"id": contact.id, "fields": contact.fields})
}
