//! From the environment to a function that runs: configuration, clients, store, bot.

mod error;

use std::any::{Any, type_name};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::time::timeout;

pub use error::StartError;

use super::channel::Channel;
use super::config::Config;
use super::environment::Environment;
use super::webhook::Webhook;
use super::worker::Worker;
use crate::chat::dispatcher::{DispatchSettings, Dispatcher};
use crate::chat::queue::EventQueue;
use crate::chat::sessions::{DynamoSessions, SessionStore};
use crate::chat::{Bot, Connector, ConnectorError, Delivery};
use crate::connectors::registry::Connectors;
use crate::ground::clock::Clock;
use crate::ground::random::Random;

/// The table of sessions where `CONVERSATIONS_TABLE` names none.
const DEFAULT_TABLE: &str = "patchcord-conversations";
/// The sections that are none of this function's.
pub(super) const OTHER_SECTIONS: [&str; 2] = ["botmatic", "contacts"];

/// What a connector has for its `connect`; Lambda gives the whole start 10 s.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

fn too_long() -> ConnectorError {
    ConnectorError { what: "connect took too long".to_owned(), retryable: true, source: None }
}

/// Everything a function is made of; `main.rs` may add to it before it runs.
///
/// ```no_run
/// # use patchcord::app::{Setup, StartError};
/// # use patchcord::chat::{BotResult, Context};
/// async fn bot(context: Context) -> BotResult {
///     context.send_text("Hello!").await?;
///     Ok(())
/// }
///
/// # async fn start() -> Result<(), StartError> {
/// Setup::from_env().await?.bot(bot).webhook().await?.run().await
/// # }
/// ```
pub struct Setup {
    config: Config,
    sessions: Arc<dyn SessionStore>,
    clock: Arc<dyn Clock>,
    queue: Option<EventQueue>,
}

impl Setup {
    /// Reads the environment and `patchcord.yaml`, with the built-in connectors.
    pub async fn from_env() -> Result<Self, StartError> {
        Self::from_env_with(Connectors::built_in()).await
    }

    /// The same with connectors of one's own, whose channels the configuration may have.
    ///
    /// `CONVERSATIONS_TABLE` names the table of sessions, `DYNAMODB_ENDPOINT` a DynamoDB that is
    /// not AWS's, `MESSAGE_QUEUE_URL` the queue of the worker function, `PATCHCORD_CONFIG` another
    /// configuration file; `PATCHCORD_LOCAL=1` says that this is somebody's own machine.
    pub async fn from_env_with(connectors: Connectors) -> Result<Self, StartError> {
        let (environment, document) = Environment::load(&OTHER_SECTIONS).await?;
        let Environment { client, clock, stage, .. } = &environment;
        let config = Config::from_document(document, &connectors, *stage, client)?;
        let table = Environment::variable("CONVERSATIONS_TABLE");
        let table = table.unwrap_or_else(|| DEFAULT_TABLE.to_owned());
        let dynamodb = environment.dynamodb()?;
        let sessions = Arc::new(DynamoSessions::new(dynamodb, table, Arc::clone(clock)));
        let queue = environment.fifo_queue("MESSAGE_QUEUE_URL")?;
        let queue = queue.map(|queue| EventQueue::new(queue, Random::from_entropy()));
        Ok(Self { config, sessions, clock: Arc::clone(clock), queue })
    }

    /// A setup of given parts, for tests.
    pub fn new(config: Config, sessions: Arc<dyn SessionStore>, clock: Arc<dyn Clock>) -> Self {
        Self { config, sessions, clock, queue: None }
    }

    /// Adds the channel `name`, or replaces the one the configuration has.
    #[must_use]
    pub fn channel(mut self, name: &str, connector: impl Connector) -> Self {
        let connector: Arc<dyn Connector> = Arc::new(connector);
        self.config.channels.insert(name.to_owned(), connector.into());
        self
    }

    /// Changes the channel `name`, whose connector is a `C`, as the configuration has set it up.
    pub fn adjust<C: Connector + Clone>(
        mut self,
        name: &str,
        adjust: impl FnOnce(C) -> C,
    ) -> Result<Self, StartError> {
        let expected =
            || StartError::OtherChannel { channel: name.to_owned(), expected: type_name::<C>() };
        let channel = self.config.channels.get_mut(name).ok_or_else(expected)?;
        let connector: &dyn Any = channel.connector.as_ref();
        let connector = connector.downcast_ref::<C>().cloned().ok_or_else(expected)?;
        channel.connector = Arc::new(adjust(connector));
        Ok(self)
    }

    /// Puts the events of queued channels into `queue`, instead of the one in the environment.
    #[must_use]
    pub fn queue(mut self, queue: EventQueue) -> Self {
        self.queue = Some(queue);
        self
    }

    /// Answers with `bot` instead of the one in the configuration.
    #[must_use]
    pub fn bot(mut self, bot: impl Bot) -> Self {
        self.config.bot = Some(Arc::new(bot));
        self
    }

    /// The webhook function, with every channel connected.
    pub async fn webhook(mut self) -> Result<Webhook, StartError> {
        let queue = self.queue.take();
        let is_queued = |channel: &Channel| channel.delivery == Delivery::Queued;
        let queued = self.config.channels.iter().find(|(_, channel)| is_queued(channel));
        if let (Some((channel, _)), None) = (queued, &queue) {
            return Err(StartError::NoQueue { channel: channel.clone() });
        }
        let (channels, dispatcher, clock) = self.connect("webhook").await?;
        Ok(Webhook::new(channels, dispatcher, queue, clock))
    }

    /// The worker function, with every channel connected.
    pub async fn worker(mut self) -> Result<Worker, StartError> {
        let queue = self.queue.take();
        let (channels, dispatcher, clock) = self.connect("worker").await?;
        Ok(Worker::new(channels, dispatcher, queue, clock))
    }

    /// `service` is what metrics call the function where Lambda does not name it.
    async fn connect(self, service: &str) -> Result<Connected, StartError> {
        let Config { channels, bot, session_lifetime } = self.config;
        let bot = bot.ok_or(StartError::NoBot)?;
        if channels.is_empty() {
            return Err(StartError::NoChannels);
        }
        let connecting = channels.iter().map(async |(channel, Channel { connector, .. })| {
            let failed = |source| StartError::Connect { channel: channel.clone(), source };
            let connected = timeout(CONNECT_TIMEOUT, connector.connect()).await;
            connected.unwrap_or_else(|_| Err(too_long())).map_err(failed)
        });
        try_join_all(connecting).await?;
        let settings =
            DispatchSettings { service: Environment::service(service), session_lifetime };
        let (clock, random) = (self.clock, Random::from_entropy());
        let dispatcher = Dispatcher::new(bot, self.sessions, Arc::clone(&clock), random, settings);
        Ok((channels, dispatcher, clock))
    }
}

/// What the functions share.
type Connected = (BTreeMap<String, Channel>, Dispatcher, Arc<dyn Clock>);
