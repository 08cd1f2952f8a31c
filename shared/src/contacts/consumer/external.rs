//! What every external service can be asked, whatever it is.

use std::fmt;
use std::ops::ControlFlow;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::error::ConsumerError;
use crate::botmatic::integrations::Integration;
use crate::contacts::{ExternalId, Fields};
use crate::ground::clock::Deadline;
use crate::ground::fingerprint::Fingerprint;

/// On whose behalf a call is made, and how long it may take.
///
/// It has no `Debug`: settings hold credentials.
#[derive(Clone, Copy)]
pub struct Tenant<'a> {
    /// The integration's id, stable for as long as it is installed.
    pub integration: &'a str,
    /// What was entered on the integration's settings page.
    pub settings: &'a Fields,
    /// No attempt and no pause goes beyond it.
    pub deadline: Deadline,
}

impl<'a> Tenant<'a> {
    /// On behalf of `integration`, until `deadline`.
    pub fn of(integration: &'a Integration, deadline: Deadline) -> Self {
        let (id, settings) = (integration.id.as_str(), &integration.settings);
        Self { integration: id, settings, deadline }
    }
}

/// A contact as the external service has it. It has no `Debug`: fields never reach a log.
#[derive(Clone, PartialEq)]
pub struct ExternalContact {
    /// Its id there.
    pub id: ExternalId,
    /// Its fields, by the service's names.
    pub fields: Fields,
}

/// Where a list of contacts is continued. It can be stored, so that an import can be resumed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cursor {
    /// At the beginning.
    #[default]
    Start,
    /// At the page of this number.
    Page(u64),
    /// After this many contacts.
    Offset(u64),
    /// Where the service said.
    Token(String),
}

/// One page of a list. It has no `Debug`, as its contacts have none.
#[derive(Clone, PartialEq)]
pub struct Page {
    /// The contacts, in the service's order.
    pub contacts: Vec<ExternalContact>,
    /// What should be a contact and is none. The others are not lost for that.
    pub unreadable: Vec<Unreadable>,
    /// Where the next page is; none after the last one.
    pub next: Option<Cursor>,
    /// How many contacts there are on all pages, if the service says so.
    pub total: Option<u64>,
}

impl Page {
    /// How many items it has, whether they are contacts or not.
    pub fn items(&self) -> u64 {
        u64::try_from(self.contacts.len() + self.unreadable.len()).unwrap_or(u64::MAX)
    }
}

/// An item of a list that is no contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Which one: a line of a file, or the place on its page, and which page. None of two pages have
    /// the same.
    pub place: String,
    /// What was expected there. Nothing of the item is shown.
    pub expected: String,
    /// By what it is recognised where a list shows the same page again, if it is to be.
    pub item: Option<Fingerprint>,
}

/// The operations, for messages and metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// [`ExternalConsumer::create_contact`]
    CreateContact,
    /// [`ExternalConsumer::get_contact`]
    GetContact,
    /// [`ExternalConsumer::get_contact_by_email`]
    GetContactByEmail,
    /// [`ExternalConsumer::list_contacts`]
    ListContacts,
    /// [`ExternalConsumer::update_contact`]
    UpdateContact,
    /// [`ExternalConsumer::delete_contact`]
    DeleteContact,
}

impl Operation {
    /// Its name, as the configuration writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateContact => "create_contact",
            Self::GetContact => "get_contact",
            Self::GetContactByEmail => "get_contact_by_email",
            Self::ListContacts => "list_contacts",
            Self::UpdateContact => "update_contact",
            Self::DeleteContact => "delete_contact",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Gets the pages of [`ExternalConsumer::list_all_contacts`].
#[async_trait]
pub trait EachPage: Send {
    /// Takes one page, which is never empty. `Break` ends the list here.
    async fn page(&mut self, contacts: Vec<ExternalContact>) -> ControlFlow<()>;
}

/// An external service that holds contacts: a CRM, a newsletter tool, an own database.
///
/// An implementation repeats what can be repeated, within the tenant's deadline; an error it
/// returns is final for now.
#[async_trait]
pub trait ExternalConsumer: Send + Sync + 'static {
    /// Whether the operation is there. Asking for one that is not is [`ConsumerError::Unsupported`].
    fn offers(&self, operation: Operation) -> bool {
        let _ = operation;
        true
    }

    /// Whether a creation that is repeated with the same key is recognised, so that repeating one
    /// that is in doubt makes no second contact.
    fn recognises_repetitions(&self) -> bool {
        false
    }

    /// Creates a contact with these fields.
    ///
    /// `idempotency_key` is the same for every attempt to create the same contact. Where the
    /// service does not honour such a key, a creation whose answer was lost is not repeated: see
    /// [`ConsumerError::may_have_happened`].
    async fn create_contact(
        &self,
        tenant: &Tenant<'_>,
        contact: &Fields,
        idempotency_key: &str,
    ) -> Result<ExternalId, ConsumerError>;

    /// The contact of this id.
    async fn get_contact(
        &self,
        tenant: &Tenant<'_>,
        id: &ExternalId,
    ) -> Result<ExternalContact, ConsumerError>;

    /// The one contact with this address; several are [`ConsumerError::Ambiguous`].
    async fn get_contact_by_email(
        &self,
        tenant: &Tenant<'_>,
        email: &str,
    ) -> Result<ExternalContact, ConsumerError>;

    /// A page of at most `limit` contacts, or fewer where the service allows fewer.
    async fn list_contacts(
        &self,
        tenant: &Tenant<'_>,
        from: &Cursor,
        limit: u32,
    ) -> Result<Page, ConsumerError>;

    /// Every contact, page by page, until there is no further page. An item that is no contact ends it
    /// with [`ConsumerError::Unreadable`].
    async fn list_all_contacts(
        &self,
        tenant: &Tenant<'_>,
        page_size: u32,
        each: &mut dyn EachPage,
    ) -> Result<(), ConsumerError> {
        let mut next = Some(Cursor::Start);
        while let Some(from) = next {
            let page = self.list_contacts(tenant, &from, page_size).await?;
            if let Some(Unreadable { expected, .. }) = page.unreadable.into_iter().next() {
                let operation = Operation::ListContacts;
                return Err(ConsumerError::Unreadable { operation, expected });
            }
            if !page.contacts.is_empty() && each.page(page.contacts).await.is_break() {
                break;
            }
            next = page.next;
        }
        Ok(())
    }

    /// Changes these fields and leaves the others as they are. A field that is null is cleared.
    async fn update_contact(
        &self,
        tenant: &Tenant<'_>,
        id: &ExternalId,
        changes: &Fields,
    ) -> Result<(), ConsumerError>;

    /// Removes the contact.
    async fn delete_contact(
        &self,
        tenant: &Tenant<'_>,
        id: &ExternalId,
    ) -> Result<(), ConsumerError>;
}
