//! Who handles which event or action.

use std::sync::Arc;

use async_trait::async_trait;
use regex::Regex;
use serde_json::{Value, json};

use super::auth::Auth;
use crate::ground::clock::Deadline;

/// The two things that Botmatic sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something has happened.
    Event,
    /// Something is to be done.
    Action,
}

impl Kind {
    /// The field of the request that has the name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Action => "action",
        }
    }
}

/// What a handler gets.
#[derive(Clone)]
pub struct Call {
    /// Who sends it.
    pub auth: Auth,
    /// The whole body: `event` or `action`, and `data`.
    pub data: Value,
    /// When the answer has to be there.
    pub deadline: Deadline,
}

/// Why a handler failed, as the answer says it.
#[derive(Clone, Debug, PartialEq)]
pub struct HandlerError {
    /// `data` of the answer.
    pub data: Value,
}

impl HandlerError {
    /// An error in words.
    pub fn new(error: impl Into<String>) -> Self {
        Self { data: json!({ "error": error.into() }) }
    }
}

/// Handles an event or an action. Every async function from a [`Call`] is one.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Returns `data` of the answer.
    async fn handle(&self, call: Call) -> Result<Value, HandlerError>;
}

#[async_trait]
impl<F, Fut> Handler for F
where
    F: Fn(Call) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Value, HandlerError>> + Send,
{
    async fn handle(&self, call: Call) -> Result<Value, HandlerError> {
        self(call).await
    }
}

/// Which names a handler is for.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

/// A regular expression that is none.
#[derive(Debug, thiserror::Error)]
#[error("expected a regular expression")]
pub struct InvalidPattern(#[source] regex::Error);

impl Pattern {
    /// This name and no other.
    pub fn name(name: &str) -> Result<Self, InvalidPattern> {
        Self::regex(&regex::escape(name))
    }

    /// Every name that the regular expression describes as a whole.
    pub fn regex(expression: &str) -> Result<Self, InvalidPattern> {
        // Compiled on its own first: `a)(b` must not close the group.
        Regex::new(expression).map_err(InvalidPattern)?;
        Regex::new(&format!("^(?:{expression})$")).map(Self).map_err(InvalidPattern)
    }
}

/// The handlers, in the order in which they were registered.
#[derive(Clone, Default)]
pub struct Handlers(Vec<(Kind, Pattern, Arc<dyn Handler>)>);

impl Handlers {
    /// Adds a handler. Of several that match the one added last counts.
    #[must_use]
    pub fn with(mut self, kind: Kind, pattern: Pattern, handler: impl Handler) -> Self {
        self.0.push((kind, pattern, Arc::new(handler)));
        self
    }

    /// These handlers, and then `others`.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// The handler of this event or action.
    pub fn find(&self, kind: Kind, name: &str) -> Option<Arc<dyn Handler>> {
        let matching =
            |(of, pattern, _): &&(Kind, Pattern, _)| *of == kind && pattern.0.is_match(name);
        self.0.iter().rev().find(matching).map(|(_, _, handler)| Arc::clone(handler))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::clock::Timestamp;
    use crate::ground::secret::Secret;

    async fn answered(handlers: &Handlers, kind: Kind, name: &str) -> Option<Value> {
        let call = Call {
            auth: Auth { token: Secret::try_from("t".to_owned()).unwrap(), client: None },
            data: json!({}),
            deadline: Deadline::at(Timestamp::from_millis(1), Timestamp::from_millis(0)),
        };
        match handlers.find(kind, name) {
            Some(handler) => handler.handle(call).await.ok(),
            None => None,
        }
    }

    #[tokio::test]
    async fn the_last_one_that_matches_the_whole_name_counts() {
        let says = |it: &'static str| move |_: Call| async move { Ok(json!(it)) };
        let handlers = Handlers::default()
            .with(Kind::Action, Pattern::regex("quote_.*").unwrap(), says("pattern"))
            .with(Kind::Action, Pattern::name("quote_price").unwrap(), says("first"))
            .with(Kind::Action, Pattern::name("quote_price").unwrap(), says("last"))
            .with(Kind::Event, Pattern::regex("a|b").unwrap(), says("event"));
        for (kind, name, expected) in [
            (Kind::Action, "quote_price", Some("last")),
            (Kind::Action, "quote_tax", Some("pattern")),
            (Kind::Action, "my_quote_price", None),
            (Kind::Event, "quote_price", None),
            (Kind::Event, "b", Some("event")),
            (Kind::Event, "bc", None),
            (Kind::Event, "b\nc", None),
        ] {
            let found = answered(&handlers, kind, name).await;
            assert_eq!(found, expected.map(Value::from), "{kind:?} {name}");
        }
        assert!(Pattern::regex("a)(b").is_err());
        assert!(Pattern::name("a.c").unwrap().0.is_match("a.c"));
        assert!(!Pattern::name("a.c").unwrap().0.is_match("abc"));
    }
}
