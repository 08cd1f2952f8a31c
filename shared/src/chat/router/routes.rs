//! The router: routes in order, a fallback, an error handler, plugins.

use std::sync::Arc;

use async_trait::async_trait;
use regex::Regex;
use serde_json::{Map, Value};

use super::flow::Flow;
use super::handler::{ErrorHandler, Handler};
use super::plugin::{Next, Plugin};
use crate::chat::bot::{Bot, BotResult};
use crate::chat::context::{Captures, Context};
use crate::chat::event::Kind;

/// Handlers may hand over this often for one event; more is taken for a circle.
const MAX_HAND_OVERS: usize = 32;

/// A bot that sends each event to the first handler whose route matches.
#[derive(Default)]
pub struct Router {
    routes: Routes,
    plugins: Vec<Arc<dyn Plugin>>,
    initial_state: Map<String, Value>,
}

#[derive(Default)]
pub(super) struct Routes {
    list: Vec<(Matcher, Arc<dyn Handler>)>,
    fallback: Option<Arc<dyn Handler>>,
    on_error: Option<Arc<dyn ErrorHandler>>,
}

/// A pattern is not a regular expression.
#[derive(Debug, thiserror::Error)]
#[error("expected a regular expression")]
pub struct InvalidRoute(#[from] regex::Error);

/// Handlers handed over to each other without end.
#[derive(Debug, thiserror::Error)]
#[error("handlers handed over more than {MAX_HAND_OVERS} times for one event")]
struct Circle;

type Predicate = dyn Fn(&Context) -> bool + Send + Sync;

enum Matcher {
    Text(String),
    Regex(Regex),
    Payload(String),
    Kind(Kind),
    Platform(String),
    When(Box<Predicate>),
}

impl Router {
    /// Without routes: it answers nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Events whose text is exactly `text`.
    #[must_use]
    pub fn text(self, text: &str, handler: impl Handler) -> Self {
        self.route(Matcher::Text(text.to_owned()), handler)
    }

    /// Events in whose text `pattern` is found; [`Context::captures`] has its groups.
    /// Syntax: <https://docs.rs/regex/latest/regex/#syntax>.
    pub fn regex(self, pattern: &str, handler: impl Handler) -> Result<Self, InvalidRoute> {
        Ok(self.route(Matcher::Regex(Regex::new(pattern)?), handler))
    }

    /// Buttons whose value is exactly `payload`.
    #[must_use]
    pub fn payload(self, payload: &str, handler: impl Handler) -> Self {
        self.route(Matcher::Payload(payload.to_owned()), handler)
    }

    /// Events of this kind.
    #[must_use]
    pub fn kind(self, kind: Kind, handler: impl Handler) -> Self {
        self.route(Matcher::Kind(kind), handler)
    }

    /// Events of this platform.
    #[must_use]
    pub fn platform(self, platform: &str, handler: impl Handler) -> Self {
        self.route(Matcher::Platform(platform.to_owned()), handler)
    }

    /// Events that carry platform-only data of type `T`.
    #[must_use]
    pub fn extension<T: Clone + Send + Sync + 'static>(self, handler: impl Handler) -> Self {
        self.when(|context| context.event().extensions.get::<T>().is_some(), handler)
    }

    /// Events for which `predicate` is true.
    #[must_use]
    pub fn when(
        self,
        predicate: impl Fn(&Context) -> bool + Send + Sync + 'static,
        handler: impl Handler,
    ) -> Self {
        self.route(Matcher::When(Box::new(predicate)), handler)
    }

    /// Events that no route answers.
    #[must_use]
    pub fn fallback(mut self, handler: impl Handler) -> Self {
        self.routes.fallback = Some(Arc::new(handler));
        self
    }

    /// What deals with the errors of the handlers.
    #[must_use]
    pub fn on_error(mut self, handler: impl ErrorHandler) -> Self {
        self.routes.on_error = Some(Arc::new(handler));
        self
    }

    /// Wraps every event; the plugin added first is the outermost.
    #[must_use]
    pub fn plugin(mut self, plugin: impl Plugin) -> Self {
        self.plugins.push(Arc::new(plugin));
        self
    }

    /// The state of a session that has none yet, and after a reset.
    #[must_use]
    pub fn with_initial_state(mut self, state: Map<String, Value>) -> Self {
        self.initial_state = state;
        self
    }

    fn route(mut self, matcher: Matcher, handler: impl Handler) -> Self {
        self.routes.list.push((matcher, Arc::new(handler)));
        self
    }
}

#[async_trait]
impl Bot for Router {
    async fn handle(&self, context: Context) -> BotResult {
        Next { plugins: &self.plugins, routes: &self.routes }.run(context).await
    }

    fn initial_state(&self) -> Map<String, Value> {
        self.initial_state.clone()
    }
}

impl Routes {
    pub(super) async fn run(&self, context: Context) -> BotResult {
        let result = self.dispatch(&context).await;
        match (result, &self.on_error) {
            (Err(error), Some(on_error)) => on_error.call(context, error).await,
            (result, _) => result,
        }
    }

    async fn dispatch(&self, context: &Context) -> BotResult {
        let mut hand_overs = 0;
        for (matcher, handler) in &self.list {
            let Some(captures) = matcher.find(context) else { continue };
            context.set_captures(captures);
            if follow(handler, context, &mut hand_overs).await? {
                return Ok(());
            }
        }
        if let Some(fallback) = &self.fallback {
            context.set_captures(Captures::default());
            follow(fallback, context, &mut hand_overs).await?;
        }
        Ok(())
    }
}

/// Runs a handler and those it hands over to; true when one of them is done.
async fn follow(
    handler: &Arc<dyn Handler>,
    context: &Context,
    hand_overs: &mut usize,
) -> Result<bool, crate::chat::BotError> {
    let mut flow = handler.call(context.clone()).await?;
    while let Flow::To(next) = flow {
        *hand_overs += 1;
        if *hand_overs > MAX_HAND_OVERS {
            return Err(Circle.into());
        }
        flow = next.call(context.clone()).await?;
    }
    Ok(matches!(flow, Flow::Done))
}

impl Matcher {
    /// What it captured, if it matches.
    fn find(&self, context: &Context) -> Option<Captures> {
        let event = context.event();
        let matches = match self {
            Self::Regex(regex) => {
                let found = regex.captures(event.text()?)?;
                let group =
                    |group: Option<regex::Match<'_>>| group.map(|it| it.as_str().to_owned());
                return Some(Captures(found.iter().map(group).collect()));
            }
            Self::Text(text) => event.text() == Some(text),
            Self::Payload(payload) => event.payload() == Some(payload),
            Self::Kind(kind) => event.kind() == *kind,
            Self::Platform(platform) => event.platform == *platform,
            Self::When(predicate) => predicate(context),
        };
        matches.then(Captures::default)
    }
}
