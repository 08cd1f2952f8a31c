//! From the environment to the function.

use std::sync::Arc;

use super::function::ContactImport;
use crate::app::botmatic::{BotmaticConfig, Database, Extensions};
use crate::app::contacts::Stores;
use crate::app::environment::Environment;
use crate::app::setup::StartError;
use crate::contacts::import::source::FileParts;
use crate::contacts::import::{Importer, ImporterParts, Slices};
use crate::ground::aws::sqs::Queue;

/// What metrics call the function where Lambda does not name it.
const SERVICE: &str = "contact-import";

/// Everything the function is made of.
pub struct ImportSetup {
    config: BotmaticConfig,
    database: Database,
    files: FileParts,
    slices: Slices,
    service: String,
}

impl ImportSetup {
    /// Reads the environment and `patchcord.yaml`.
    pub async fn from_env() -> Result<Self, StartError> {
        Self::from_env_with(Extensions::default()).await
    }

    /// The same with transforms and consumers of one's own.
    ///
    /// Besides what [`BotmaticSetup`](crate::app::BotmaticSetup) reads, `IMPORT_QUEUE_URL` names the
    /// queue that invokes the function; without one an invocation makes an import itself.
    pub async fn from_env_with(extensions: Extensions) -> Result<Self, StartError> {
        let (environment, config, database) = Environment::contacts(extensions).await?;
        let setup = Self::new(config, database, environment.files()?);
        let setup = match environment.queue("IMPORT_QUEUE_URL")? {
            Some(queue) => setup.queue(queue),
            None => setup,
        };
        Ok(Self { service: Environment::service(SERVICE), ..setup })
    }

    /// A setup of given parts, without a queue.
    pub fn new(config: BotmaticConfig, database: Database, files: FileParts) -> Self {
        let (slices, service) = (Slices::here(), SERVICE.to_owned());
        Self { config, database, files, slices, service }
    }

    /// The queue that invokes the function.
    #[must_use]
    pub fn queue(mut self, queue: Queue) -> Self {
        self.slices = Slices::Queue(queue);
        self
    }

    /// The importer alone, for a program of one's own.
    pub fn importer(self) -> Result<Importer, StartError> {
        let Self { config, database, files, slices, service } = self;
        let http = files.http.clone();
        let stores = Stores::new(&config, database, Arc::clone(&http.clock));
        let sync = stores.sync(&config).ok_or(StartError::NoContacts)?;
        let contacts = config.contacts.ok_or(StartError::NoContacts)?;
        Ok(Importer::new(ImporterParts {
            imports: stores.imports(slices, files.access),
            pairs: stores.pairs,
            mappings: contacts.mappings,
            consumer: contacts.consumer,
            files,
            botmatic: config.api,
            sync,
            config: contacts.import,
            settle: contacts.settle,
            http,
            service,
        }))
    }

    /// The function.
    pub fn function(self) -> Result<ContactImport, StartError> {
        Ok(ContactImport(self.importer()?))
    }
}
