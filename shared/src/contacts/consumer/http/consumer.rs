//! The operations, by the requests of the configuration.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::address::Address;
use super::answer::{Answer, Rules};
use super::auth::Auth;
use super::config::Values;
use super::contact::{Shape, outgoing, unreadable};
use super::paging::Paging;
use super::request::RequestTemplate;
use super::transport::Transport;
use crate::contacts::consumer::{
    ConsumerError, Cursor, ExternalConsumer, ExternalContact, Operation, Page, Tenant, Unreadable,
};
use crate::contacts::path::FieldPath;
use crate::contacts::{ExternalId, Fields};
use crate::ground::fingerprint::Fingerprint;

/// A service that the configuration describes.
pub struct HttpConsumer {
    pub(super) base: Address,
    pub(super) auth: Auth,
    pub(super) transport: Transport,
    pub(super) rules: Rules,
    pub(super) values: Values,
    pub(super) requests: Requests,
}

/// One operation's request.
pub(super) struct Request {
    pub template: RequestTemplate,
    pub result: Option<FieldPath>,
    pub shape: Shape,
}

/// Every operation's request.
pub(super) struct Requests {
    pub create: Option<Request>,
    /// Whether a creation may be repeated with the same key.
    pub idempotent: bool,
    pub get: Option<Request>,
    pub find: Option<Request>,
    /// Whether what was found is only an id.
    pub then_get: bool,
    pub list: Option<(Request, Paging)>,
    pub update: Option<Request>,
    /// Fields whose change needs the contact as it is.
    pub read_first: Vec<String>,
    pub delete: Option<Request>,
}

impl Request {
    /// What the answer is about; none if there is no such place in it.
    fn result<'a>(&self, answer: &'a Answer) -> Option<&'a Value> {
        match &self.result {
            Some(path) => path.get(&answer.body),
            None => Some(&answer.body).filter(|body| !body.is_null()),
        }
    }

    /// The same, where it has to be an object.
    fn item<'a>(
        &self,
        operation: Operation,
        answer: &'a Answer,
    ) -> Result<&'a Value, ConsumerError> {
        let item = self.result(answer).filter(|item| item.is_object());
        item.ok_or_else(|| unreadable(operation, "a contact"))
    }
}

impl HttpConsumer {
    /// Asks, with these variables besides the settings.
    async fn ask(
        &self,
        tenant: &Tenant<'_>,
        operation: Operation,
        request: &Request,
        variables: Value,
    ) -> Result<Answer, ConsumerError> {
        let mut all = Map::new();
        all.insert("settings".to_owned(), Value::Object(tenant.settings.clone()));
        if let Value::Object(variables) = variables {
            all.extend(variables);
        }
        let prepared = request.template.prepare(&self.base, &Value::Object(all))?;
        self.call(tenant, operation, &prepared).await
    }

    /// The contact of this id, as it arrived.
    async fn fetch(
        &self,
        tenant: &Tenant<'_>,
        id: &ExternalId,
    ) -> Result<(&Request, Value), ConsumerError> {
        let operation = Operation::GetContact;
        let request = offered(self.requests.get.as_ref(), operation)?;
        let answer = self.ask(tenant, operation, request, json!({"id": id})).await?;
        Ok((request, request.item(operation, &answer)?.clone()))
    }
}

#[async_trait]
impl ExternalConsumer for HttpConsumer {
    fn offers(&self, operation: Operation) -> bool {
        let requests = &self.requests;
        match operation {
            Operation::CreateContact => requests.create.is_some(),
            Operation::GetContact => requests.get.is_some(),
            Operation::GetContactByEmail => requests.find.is_some(),
            Operation::ListContacts => requests.list.is_some(),
            Operation::UpdateContact => requests.update.is_some(),
            Operation::DeleteContact => requests.delete.is_some(),
        }
    }

    fn recognises_repetitions(&self) -> bool {
        self.requests.idempotent
    }

    async fn create_contact(
        &self,
        tenant: &Tenant<'_>,
        contact: &Fields,
        idempotency_key: &str,
    ) -> Result<ExternalId, ConsumerError> {
        let operation = Operation::CreateContact;
        let request = offered(self.requests.create.as_ref(), operation)?;
        let contact = outgoing(contact, self.values);
        let variables = json!({"contact": contact, "idempotency_key": idempotency_key});
        let answer = self.ask(tenant, operation, request, variables).await?;
        request.shape.id(operation, request.item(operation, &answer)?)
    }

    async fn get_contact(
        &self,
        tenant: &Tenant<'_>,
        id: &ExternalId,
    ) -> Result<ExternalContact, ConsumerError> {
        let (request, item) = self.fetch(tenant, id).await?;
        request.shape.read(Operation::GetContact, &item)
    }

    async fn get_contact_by_email(
        &self,
        tenant: &Tenant<'_>,
        email: &str,
    ) -> Result<ExternalContact, ConsumerError> {
        let operation = Operation::GetContactByEmail;
        let request = offered(self.requests.find.as_ref(), operation)?;
        let answer = self.ask(tenant, operation, request, json!({"email": email})).await?;
        let found = match request.result(&answer) {
            Some(Value::Array(items)) => items.as_slice(),
            Some(Value::Null) => &[],
            Some(item @ Value::Object(_)) => std::slice::from_ref(item),
            _ => return Err(unreadable(operation, "a contact or a list")),
        };
        let found: Vec<_> =
            found.iter().filter(|item| request.shape.has_email(item, email)).collect();
        match found.as_slice() {
            [] => Err(ConsumerError::NotFound),
            [item] if self.requests.then_get => {
                self.get_contact(tenant, &request.shape.id(operation, item)?).await
            }
            [item] => request.shape.read(operation, item),
            several => Err(ConsumerError::Ambiguous { matches: several.len() }),
        }
    }

    async fn list_contacts(
        &self,
        tenant: &Tenant<'_>,
        from: &Cursor,
        limit: u32,
    ) -> Result<Page, ConsumerError> {
        let operation = Operation::ListContacts;
        let (request, paging) = offered(self.requests.list.as_ref(), operation)?;
        let variables = Value::Object(paging.variables(from, limit)?);
        let answer = self.ask(tenant, operation, request, variables).await?;
        let items = request.result(&answer).and_then(Value::as_array);
        let items = items.ok_or_else(|| unreadable(operation, "a list of contacts"))?;
        let (mut contacts, mut unreadable) = (Vec::with_capacity(items.len()), Vec::new());
        for (index, item) in items.iter().enumerate() {
            match request.shape.read(operation, item) {
                Ok(contact) => contacts.push(contact),
                Err(ConsumerError::Unreadable { expected, .. }) => {
                    let place = format!("item {} of {}", index + 1, page_at(from));
                    let item = Some(Fingerprint::of_value(item));
                    unreadable.push(Unreadable { place, expected, item });
                }
                Err(error) => return Err(error),
            }
        }
        let next = paging.next(from, items.len(), &answer.body)?;
        Ok(Page { contacts, unreadable, next, total: paging.total(&answer.body) })
    }

    async fn update_contact(
        &self,
        tenant: &Tenant<'_>,
        id: &ExternalId,
        changes: &Fields,
    ) -> Result<(), ConsumerError> {
        let operation = Operation::UpdateContact;
        let request = offered(self.requests.update.as_ref(), operation)?;
        let mut variables = json!({"id": id, "contact": outgoing(changes, self.values)});
        if self.requests.read_first.iter().any(|name| changes.contains_key(name)) {
            variables["current"] = self.fetch(tenant, id).await?.1;
        }
        self.ask(tenant, operation, request, variables).await?;
        Ok(())
    }

    async fn delete_contact(
        &self,
        tenant: &Tenant<'_>,
        id: &ExternalId,
    ) -> Result<(), ConsumerError> {
        let operation = Operation::DeleteContact;
        let request = offered(self.requests.delete.as_ref(), operation)?;
        self.ask(tenant, operation, request, json!({"id": id})).await?;
        Ok(())
    }
}

/// What people call a page, and no other. A token may be of any length, and hold anything.
fn page_at(from: &Cursor) -> String {
    match from {
        Cursor::Start => "the first page".to_owned(),
        Cursor::Page(number) => format!("page {number}"),
        Cursor::Offset(offset) => format!("the page at {offset}"),
        Cursor::Token(token) => format!("the page {:016x}", Fingerprint::of(token).to_bits()),
    }
}

fn offered<T>(request: Option<&T>, operation: Operation) -> Result<&T, ConsumerError> {
    request.ok_or(ConsumerError::Unsupported(operation))
}
