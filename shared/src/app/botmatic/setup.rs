//! From the environment to the function.

use std::sync::Arc;

use super::config::{BotmaticConfig, ContactsConfig, Extensions};
use super::function::{Botmatic, BotmaticParts};
use crate::app::environment::Environment;
use crate::app::setup::StartError;
use crate::botmatic::endpoint::{Authenticate, Handler, Handlers, Kind, Pattern};
use crate::botmatic::integrations::{DynamoIntegrations, TokenCache};
use crate::contacts::installation::Installations;
use crate::contacts::pairs::{DynamoPairs, PairStore};
use crate::contacts::sync::{Sync, SyncParts};
use crate::ground::aws::dynamodb::DynamoDb;
use crate::ground::clock::Clock;
use crate::ground::http::HttpParts;
use crate::ground::random::Random;

/// The table of integrations and pairs where `CONTACTS_TABLE` names none.
const DEFAULT_TABLE: &str = "patchcord-contacts";
/// What metrics call the function where Lambda does not name it.
const SERVICE: &str = "botmatic";
/// The sections that are none of this function's.
const OTHER_SECTIONS: [&str; 3] = ["channels", "bot", "sessions"];

/// Everything the function is made of; `main.rs` may add to it before it runs.
pub struct BotmaticSetup {
    config: BotmaticConfig,
    database: Database,
    clock: Arc<dyn Clock>,
    service: String,
    handlers: Handlers,
    auth: Option<Arc<dyn Authenticate>>,
}

/// Where integrations and pairs are.
#[derive(Clone)]
pub struct Database {
    /// The DynamoDB.
    pub client: DynamoDb,
    /// The table.
    pub table: String,
}

impl BotmaticSetup {
    /// Reads the environment and `patchcord.yaml`.
    pub async fn from_env() -> Result<Self, StartError> {
        Self::from_env_with(Extensions::default()).await
    }

    /// The same with transforms and consumers of one's own.
    ///
    /// `CONTACTS_TABLE` names the table of integrations and pairs, `BOTMATIC_BASE_URL` another
    /// Botmatic, `DYNAMODB_ENDPOINT` a DynamoDB that is not AWS's.
    pub async fn from_env_with(extensions: Extensions) -> Result<Self, StartError> {
        let (environment, document) = Environment::load(&OTHER_SECTIONS).await?;
        let parts = HttpParts::new(environment.client.clone(), Arc::clone(&environment.clock));
        let base_url = Environment::variable("BOTMATIC_BASE_URL");
        let config =
            BotmaticConfig::from_document(document, base_url.as_deref(), extensions, &parts)?;
        let table = Environment::variable("CONTACTS_TABLE");
        let table = table.unwrap_or_else(|| DEFAULT_TABLE.to_owned());
        let database = Database { client: environment.dynamodb()?, table };
        let setup = Self::new(config, database, environment.clock);
        Ok(Self { service: Environment::service(SERVICE), ..setup })
    }

    /// A setup of given parts, for tests.
    pub fn new(config: BotmaticConfig, database: Database, clock: Arc<dyn Clock>) -> Self {
        let (service, handlers) = (SERVICE.to_owned(), Handlers::default());
        Self { config, database, clock, service, handlers, auth: None }
    }

    /// Handles an event or action; `install` and `uninstall`, too, are told to whoever handles
    /// them. Of several handlers for one name the one added last counts, and those in the
    /// configuration count as added before.
    #[must_use]
    pub fn on(mut self, kind: Kind, pattern: Pattern, handler: impl Handler) -> Self {
        self.handlers = self.handlers.with(kind, pattern, handler);
        self
    }

    /// Decides who may send events and actions, in the place of “whoever is installed”.
    #[must_use]
    pub fn auth(mut self, auth: impl Authenticate) -> Self {
        self.auth = Some(Arc::new(auth));
        self
    }

    /// The function.
    pub fn function(self) -> Botmatic {
        let Self { config, database, clock, service, handlers, auth } = self;
        let random = Arc::new(Random::from_entropy());
        let Database { client, table } = database;
        let pairs: Arc<dyn PairStore> =
            Arc::new(DynamoPairs::new(client.clone(), table.clone(), Arc::clone(&clock)));
        let integrations = Arc::new(DynamoIntegrations::new(client, table, config.sealer));
        let installations = Installations {
            integrations: integrations.clone(),
            pairs: Arc::clone(&pairs),
            botmatic: Arc::clone(&config.api),
            mappings: config.contacts.as_ref().map(|contacts| contacts.mappings.clone()),
            clock: Arc::clone(&clock),
            random: Arc::clone(&random),
        };
        let (sync, pushes) = match config.contacts {
            None => (None, None),
            Some(ContactsConfig { mappings, consumer, pushes, updated_at, settle }) => {
                let sync = Sync::new(SyncParts {
                    pairs,
                    mappings,
                    consumer,
                    botmatic: Arc::clone(&config.api),
                    integrations: integrations.clone(),
                    updated_at,
                    settle,
                    clock: Arc::clone(&clock),
                    random,
                });
                (Some(sync), Some(pushes))
            }
        };
        Botmatic::new(BotmaticParts {
            tokens: TokenCache::new(integrations.clone(), Arc::clone(&clock)),
            integrations,
            installations,
            sync,
            pushes,
            handlers: config.handlers.and(handlers),
            auth,
            form: config.form,
            api: config.api,
            admin_key: config.admin_key,
            clock,
            service,
        })
    }
}
