//! From the environment to the function.

use std::sync::Arc;

use super::config::{BotmaticConfig, ContactsConfig, Extensions};
use super::function::{Botmatic, BotmaticParts};
use crate::app::environment::Environment;
use crate::app::setup::StartError;
use crate::botmatic::endpoint::{Authenticate, Handler, Handlers, Kind, Pattern};
use crate::botmatic::integrations::DynamoIntegrations;
use crate::contacts::installation::Installations;
use crate::contacts::pairs::{DynamoPairs, PairStore};
use crate::contacts::sync::{Sync, SyncParts};
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
    environment: Environment,
    config: BotmaticConfig,
    handlers: Handlers,
    auth: Option<Arc<dyn Authenticate>>,
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
        Ok(Self { environment, config, handlers: Handlers::default(), auth: None })
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
    pub fn function(self) -> Result<Botmatic, StartError> {
        let Self { environment, config, handlers, auth } = self;
        let clock = Arc::clone(&environment.clock);
        let random = Arc::new(Random::from_entropy());
        let dynamodb = environment.dynamodb()?;
        let table =
            Environment::variable("CONTACTS_TABLE").unwrap_or_else(|| DEFAULT_TABLE.to_owned());
        let pairs: Arc<dyn PairStore> =
            Arc::new(DynamoPairs::new(dynamodb.clone(), table.clone(), Arc::clone(&clock)));
        let integrations = Arc::new(DynamoIntegrations::new(dynamodb, table, config.sealer));
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
                    updated_at,
                    settle,
                    clock: Arc::clone(&clock),
                    random,
                });
                (Some(sync), Some(pushes))
            }
        };
        Ok(Botmatic::new(BotmaticParts {
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
            service: Environment::service(SERVICE),
        }))
    }
}
