//! The section `operations`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::ContactConfig;

/// The requests by operation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct OperationsConfig {
    pub create_contact: Option<RequestConfig>,
    pub get_contact: Option<RequestConfig>,
    pub get_contact_by_email: Option<RequestConfig>,
    pub list_contacts: Option<RequestConfig>,
    pub update_contact: Option<RequestConfig>,
    pub delete_contact: Option<RequestConfig>,
}

/// A request, and what its answer looks like.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct RequestConfig {
    pub method: String,
    pub path: String,
    #[serde(default)]
    pub query: Map<String, Value>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub json: Option<Value>,
    #[serde(default)]
    pub form: Option<Map<String, Value>>,
    /// Where the contact or the list is in the answer; by default it is the answer.
    #[serde(default)]
    pub result: Option<String>,
    /// What a contact looks like in this answer, if not as in the others.
    #[serde(default)]
    pub contact: Option<ContactConfig>,
    /// `create_contact`: the service makes one contact of several requests with the same key.
    #[serde(default)]
    pub idempotent: Option<bool>,
    /// `get_contact_by_email`: the answer has the id only; the contact is asked for by it.
    #[serde(default)]
    pub then_get: Option<bool>,
    /// `update_contact`: where one of these fields changes, the contact is read first.
    #[serde(default)]
    pub read_first: Option<Vec<String>>,
    /// `list_contacts`: how to get the next page.
    #[serde(default)]
    pub paging: Option<PagingConfig>,
}

/// How a list is continued.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct PagingConfig {
    #[serde(rename = "type")]
    pub kind: PagingKind,
    /// `page`: the number of the first page.
    #[serde(default)]
    pub first: Option<u64>,
    /// `cursor`: where the answer has the next one.
    #[serde(default)]
    pub next: Option<String>,
    /// Where the answer says whether there are more.
    #[serde(default)]
    pub more: Option<String>,
    /// Where the answer says how many contacts there are.
    #[serde(default)]
    pub total: Option<String>,
    /// The most contacts a page may have.
    #[serde(default)]
    pub max_limit: Option<u32>,
}

/// What a list is continued by.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in super::super) enum PagingKind {
    /// The number of the page.
    Page,
    /// The number of contacts before it.
    Offset,
    /// Something the last answer said.
    Cursor,
}
