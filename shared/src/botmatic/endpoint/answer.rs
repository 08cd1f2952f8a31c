//! The form in which Botmatic expects an answer.

use serde_json::{Value, json};

use super::handlers::HandlerError;

/// What an event or an action is answered. There is one truth about whether it succeeded.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    is_success: bool,
    data: Value,
}

impl Answer {
    /// It was done; `data` is what the handler says.
    pub fn success(data: Value) -> Self {
        Self { is_success: true, data }
    }

    /// It was not done, and why.
    pub fn failure(error: impl Into<String>) -> Self {
        Self { is_success: false, data: json!({ "error": error.into() }) }
    }

    /// The body.
    pub fn to_json(&self) -> Value {
        json!({ "success": self.is_success, "type": "data", "data": self.data })
    }
}

impl From<Result<Value, HandlerError>> for Answer {
    fn from(result: Result<Value, HandlerError>) -> Self {
        match result {
            Ok(data) => Self::success(data),
            Err(HandlerError { data }) => Self { is_success: false, data },
        }
    }
}
