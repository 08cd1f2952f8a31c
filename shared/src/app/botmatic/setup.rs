//! From the environment to the function.

use std::sync::Arc;

use super::config::{BotmaticConfig, Extensions};
use super::function::{Botmatic, BotmaticParts};
use crate::app::contacts::Stores;
use crate::app::environment::Environment;
use crate::app::setup::StartError;
use crate::botmatic::endpoint::{AuthCache, Authenticate, Handler, Handlers, Kind, Pattern};
use crate::botmatic::integrations::TokenCache;
use crate::botmatic::settings::CheckSettings;
use crate::contacts::import::Slices;
use crate::contacts::import::source::Access;
use crate::contacts::installation::Installations;
use crate::ground::aws::dynamodb::DynamoDb;
use crate::ground::aws::sqs::Queue;
use crate::ground::clock::Clock;

/// What metrics call the function where Lambda does not name it.
const SERVICE: &str = "botmatic";

/// Everything the function is made of; `main.rs` may add to it before it runs.
pub struct BotmaticSetup {
    config: BotmaticConfig,
    database: Database,
    clock: Arc<dyn Clock>,
    service: String,
    slices: Slices,
    access: Access,
    handlers: Handlers,
    auth: Option<Arc<dyn Authenticate>>,
    check: Option<Arc<dyn CheckSettings>>,
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
    /// Botmatic, `DYNAMODB_ENDPOINT` a DynamoDB that is not AWS's, `IMPORT_QUEUE_URL` the queue of
    /// imports.
    pub async fn from_env_with(extensions: Extensions) -> Result<Self, StartError> {
        let (environment, config, database) = Environment::contacts(extensions).await?;
        let (queue, access) = (environment.queue("IMPORT_QUEUE_URL")?, environment.access());
        let setup = Self::new(config, database, environment.clock);
        let setup = match queue {
            Some(queue) => setup.queue(queue),
            None => setup,
        };
        Ok(Self { service: Environment::service(SERVICE), access, ..setup })
    }

    /// A setup of given parts, for tests.
    pub fn new(config: BotmaticConfig, database: Database, clock: Arc<dyn Clock>) -> Self {
        let (service, handlers) = (SERVICE.to_owned(), Handlers::default());
        let (slices, access) = (Slices::here(), Access::Elsewhere);
        Self { config, database, clock, service, slices, access, handlers, auth: None, check: None }
    }

    /// The queue of imports; without one, none can be started here.
    #[must_use]
    pub fn queue(mut self, queue: Queue) -> Self {
        self.slices = Slices::Queue(queue);
        self
    }

    /// Handles an event or action; `install` and `uninstall`, too, are told to whoever handles
    /// them. Of several handlers for one name the one added last counts, and those in the
    /// configuration count as added before.
    #[must_use]
    pub fn on(mut self, kind: Kind, pattern: Pattern, handler: impl Handler) -> Self {
        self.handlers = self.handlers.with(kind, pattern, handler);
        self
    }

    /// Decides who may send events and actions, in the place of “whoever is installed”. Whom it
    /// accepts is accepted for 30 seconds.
    #[must_use]
    pub fn auth(mut self, auth: impl Authenticate) -> Self {
        self.auth = Some(Arc::new(auth));
        self
    }

    /// Checks what is entered on the settings page, once it is as its fields declare it.
    #[must_use]
    pub fn check_settings(mut self, check: impl CheckSettings) -> Self {
        self.check = Some(Arc::new(check));
        self
    }

    /// The function.
    pub fn function(self) -> Botmatic {
        let Self { config, database, clock, service, slices, access, handlers, auth, check } = self;
        let stores = Stores::new(&config, database, Arc::clone(&clock));
        let sync = stores.sync(&config);
        let imports = Arc::new(stores.imports(slices, access));
        let contacts = config.contacts;
        let installations = Installations {
            integrations: stores.integrations.clone(),
            pairs: stores.pairs,
            imports: Arc::clone(&imports),
            imports_on_install: contacts.as_ref().is_some_and(|it| it.import.on_install),
            botmatic: Arc::clone(&config.api),
            mappings: contacts.as_ref().map(|contacts| contacts.mappings.clone()),
            clock: Arc::clone(&clock),
            random: stores.random,
        };
        let integrations = stores.integrations;
        Botmatic::new(BotmaticParts {
            tokens: TokenCache::new(integrations.clone(), Arc::clone(&clock)),
            integrations,
            installations,
            sync,
            pushes: contacts.map(|contacts| contacts.pushes),
            imports,
            handlers: config.handlers.and(handlers),
            auth: auth.map(|auth| AuthCache::new(auth, Arc::clone(&clock))),
            form: config.form,
            check,
            api: config.api,
            admin_key: config.admin_key,
            clock,
            service,
        })
    }
}
