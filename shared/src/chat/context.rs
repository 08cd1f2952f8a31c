//! One event with everything a bot needs to answer it: session, state, and where to send replies.

mod send;

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Extensions;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::connector::Connector;
use super::event::Event;
use super::output::{OutputChannel, Speaker};
use super::sessions::Session;
use super::state::{State, StateError};
use crate::ground::clock::{Clock, Deadline};

/// What a bot's handler is called with. Cloning it is cheap, and every clone is the same context.
#[derive(Clone)]
pub struct Context(Arc<Inner>);

struct Inner {
    event: Event,
    session: Option<Session>,
    initial_state: Map<String, Value>,
    connector: Arc<dyn Connector>,
    speaker: Speaker,
    changing: Mutex<Changing>,
}

/// What changes while the bot runs.
struct Changing {
    state: State,
    intent: Option<Intent>,
    captures: Captures,
    extensions: Extensions,
}

/// What a context is made of.
pub struct ContextParts {
    /// What happened.
    pub event: Event,
    /// The session, if the event has one.
    pub session: Option<Session>,
    /// The state of a new session, and after a reset.
    pub initial_state: Map<String, Value>,
    /// The connector the event came through.
    pub connector: Arc<dyn Connector>,
    /// Where replies go.
    pub output: Arc<dyn OutputChannel>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// When the bot has to be done.
    pub deadline: Deadline,
}

/// What the sender wants, as some classifier sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// The intent's name.
    pub name: String,
    /// How sure the classifier is, from 0 to 1.
    pub confidence: f64,
}

/// What a regular expression of the router captured; empty for other routes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captures(pub(super) Vec<Option<String>>);

impl Captures {
    /// The group `index`; 0 is the whole match.
    pub fn get(&self, index: usize) -> Option<&str> {
        self.0.get(index)?.as_deref()
    }
}

impl Context {
    /// A context of these parts, with the session's state, or the initial one if it has none.
    pub fn new(parts: ContextParts) -> Self {
        let saved = parts.session.as_ref().and_then(|session| session.state.clone());
        let state = State::from(saved.unwrap_or_else(|| parts.initial_state.clone()));
        Self(Arc::new(Inner {
            event: parts.event,
            session: parts.session,
            initial_state: parts.initial_state,
            connector: parts.connector,
            speaker: Speaker::new(parts.output, parts.clock, parts.deadline),
            changing: Mutex::new(Changing {
                state,
                intent: None,
                captures: Captures::default(),
                extensions: Extensions::new(),
            }),
        }))
    }

    /// What happened.
    pub fn event(&self) -> &Event {
        &self.0.event
    }

    /// The platform's name.
    pub fn platform(&self) -> &str {
        &self.0.event.platform
    }

    /// What the sender's front end sent along.
    pub fn metadata(&self) -> &Map<String, Value> {
        &self.0.event.metadata
    }

    /// The session as it was when the event came, with what the connector prefetched; none for an
    /// event without one.
    pub fn session(&self) -> Option<&Session> {
        self.0.session.as_ref()
    }

    /// The state as a `T`; see [`State::read`].
    pub fn state<T: DeserializeOwned>(&self) -> Result<T, StateError> {
        self.changing().state.read()
    }

    /// One field of the state, if it is there and is a `T`.
    pub fn state_field<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.changing().state.get(name)
    }

    /// Sets these fields of the state and leaves the others; see [`State::merge`].
    pub fn set_state(&self, fields: impl Serialize) -> Result<(), StateError> {
        self.changing().state.merge(fields)
    }

    /// Puts the state back to the bot's initial one.
    pub fn reset_state(&self) {
        self.changing().state = State::from(self.0.initial_state.clone());
    }

    /// What the sender wants, if a plugin or handler has said so.
    pub fn intent(&self) -> Option<Intent> {
        self.changing().intent.clone()
    }

    /// Says what the sender wants.
    pub fn set_intent(&self, intent: Intent) {
        self.changing().intent = Some(intent);
    }

    /// What the route's regular expression captured.
    pub fn captures(&self) -> Captures {
        self.changing().captures.clone()
    }

    pub(super) fn set_captures(&self, captures: Captures) {
        self.changing().captures = captures;
    }

    /// The time left for the bot. What is not said by then is not said.
    pub fn remaining_time(&self) -> Duration {
        self.0.speaker.remaining()
    }

    /// The connector the event came through, if it is a `C`: the way to platform-only methods.
    pub fn connector<C: Connector>(&self) -> Option<&C> {
        let connector: &dyn Any = self.0.connector.as_ref();
        connector.downcast_ref()
    }

    /// The connector's configuration, without secrets.
    pub fn configuration(&self) -> Value {
        self.0.connector.configuration()
    }

    /// Leaves a value for handlers and plugins further down, by its type.
    pub fn insert_extra<T: Clone + Send + Sync + 'static>(&self, value: T) {
        self.changing().extensions.insert(value);
    }

    /// The value of type `T` that was left here.
    pub fn extra<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        self.changing().extensions.get().cloned()
    }

    /// The state as it is now, to be saved.
    pub(super) fn state_now(&self) -> Map<String, Value> {
        self.changing().state.as_map().clone()
    }

    fn changing(&self) -> MutexGuard<'_, Changing> {
        self.0.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("event", &self.0.event).finish_non_exhaustive()
    }
}
