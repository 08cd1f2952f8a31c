//! An address book in memory: the smallest consumer that does something.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use patchcord::contacts::consumer::registry::ConsumerSettings;
use patchcord::contacts::consumer::{
    ConsumerError, Cursor, ExternalConsumer, ExternalContact, Operation, Page, Tenant,
};
use patchcord::contacts::{ExternalId, Fields};
use patchcord::ground::config::ConfigErrors;
use serde::Deserialize;
use serde_json::Value;

/// `type: address-book`, with the most contacts there may be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressBookConfig {
    most: usize,
}

/// The contacts of every tenant, by position.
pub struct AddressBook {
    config: AddressBookConfig,
    contacts: Mutex<Vec<(String, Option<Fields>)>>,
}

impl AddressBook {
    /// For `Consumers::built_in().with("address-book", AddressBook::from_settings)`.
    pub fn from_settings(settings: &ConsumerSettings) -> Result<Self, ConfigErrors> {
        Ok(Self { config: settings.read()?, contacts: Mutex::default() })
    }

    /// What `change` makes of the tenant's contact of this id.
    fn with<T>(
        &self,
        tenant: &Tenant<'_>,
        id: &ExternalId,
        change: impl FnOnce(&mut Option<Fields>) -> Option<T>,
    ) -> Result<T, ConsumerError> {
        let mut contacts = self.contacts.lock().unwrap_or_else(PoisonError::into_inner);
        let position = id.as_str().parse::<usize>().ok().and_then(|it| it.checked_sub(1));
        let found = position.and_then(|position| contacts.get_mut(position));
        let own = found.filter(|(integration, _)| integration == tenant.integration);
        own.and_then(|(_, fields)| change(fields)).ok_or(ConsumerError::NotFound)
    }
}

#[async_trait]
impl ExternalConsumer for AddressBook {
    fn offers(&self, operation: Operation) -> bool {
        operation != Operation::ListContacts
    }

    async fn create_contact(
        &self,
        tenant: &Tenant<'_>,
        contact: &Fields,
        _idempotency_key: &str,
    ) -> Result<ExternalId, ConsumerError> {
        let mut contacts = self.contacts.lock().unwrap_or_else(PoisonError::into_inner);
        if contacts.len() >= self.config.most {
            return Err(ConsumerError::Rejected { status: 507, code: Some("full".to_owned()) });
        }
        contacts.push((tenant.integration.to_owned(), Some(contact.clone())));
        ExternalId::from_value(&contacts.len().into()).map_err(|_| ConsumerError::NotFound)
    }

    async fn get_contact(
        &self,
        tenant: &Tenant<'_>,
        id: &ExternalId,
    ) -> Result<ExternalContact, ConsumerError> {
        let fields = self.with(tenant, id, |fields| fields.clone())?;
        Ok(ExternalContact { id: id.clone(), fields })
    }

    async fn get_contact_by_email(
        &self,
        tenant: &Tenant<'_>,
        email: &str,
    ) -> Result<ExternalContact, ConsumerError> {
        let count = self.contacts.lock().unwrap_or_else(PoisonError::into_inner).len();
        let mut found = Vec::new();
        for number in 1..=count {
            let Ok(id) = ExternalId::from_value(&number.into()) else { continue };
            match self.get_contact(tenant, &id).await {
                Ok(contact) if contact.fields.get("email") == Some(&Value::from(email)) => {
                    found.push(contact);
                }
                _ => {}
            }
        }
        let matches = found.len();
        let contact = found.pop().ok_or(ConsumerError::NotFound)?;
        if matches > 1 { Err(ConsumerError::Ambiguous { matches }) } else { Ok(contact) }
    }

    async fn list_contacts(
        &self,
        _tenant: &Tenant<'_>,
        _from: &Cursor,
        _limit: u32,
    ) -> Result<Page, ConsumerError> {
        Err(ConsumerError::Unsupported(Operation::ListContacts)) // so nothing can be imported
    }

    async fn update_contact(
        &self,
        tenant: &Tenant<'_>,
        id: &ExternalId,
        changes: &Fields,
    ) -> Result<(), ConsumerError> {
        self.with(tenant, id, |fields| {
            fields.as_mut()?.extend(changes.clone());
            Some(())
        })
    }

    async fn delete_contact(
        &self,
        tenant: &Tenant<'_>,
        id: &ExternalId,
    ) -> Result<(), ConsumerError> {
        self.with(tenant, id, |fields| fields.take().map(drop))
    }
}
