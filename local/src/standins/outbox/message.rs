//! A request to the other side.

use axum::http::Method;
use serde_json::Value;

/// A request to the other side.
pub(in crate::standins) struct Message {
    pub(in crate::standins) tenant: String,
    /// The contact it is about; messages about the same one stay in order.
    pub(in crate::standins) contact: String,
    /// What it tells, in a word.
    pub(in crate::standins) about: String,
    pub(in crate::standins) method: Method,
    pub(in crate::standins) url: String,
    pub(in crate::standins) bearer: String,
    pub(in crate::standins) body: Option<Value>,
}
