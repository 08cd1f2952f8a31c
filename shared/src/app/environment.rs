//! What every function finds when it starts: environment variables, the configuration file, and
//! the clients that are made once.

use std::sync::Arc;

use super::botmatic::{BotmaticConfig, Database, Extensions};
use super::setup::StartError;
use crate::connectors::registry::Stage;
use crate::contacts::import::source::{Access, FileParts};
use crate::ground::aws::dynamodb::DynamoDb;
use crate::ground::aws::sqs::{FifoQueue, Queue};
use crate::ground::aws::{Aws, InvalidEndpoint, LOCAL_ATTEMPT_TIME};
use crate::ground::clock::{Clock, SystemClock};
use crate::ground::config::{Document, SsmParameters, locate};
use crate::ground::http::{self, HttpParts};

/// The table of integrations, pairs and imports where `CONTACTS_TABLE` names none.
const DEFAULT_TABLE: &str = "patchcord-contacts";
/// The sections that have nothing to do with contacts.
const OTHER_SECTIONS: [&str; 3] = ["channels", "bot", "sessions"];

/// The environment of a function.
pub(super) struct Environment {
    /// The one HTTP client.
    pub client: reqwest::Client,
    /// The machine's clock.
    pub clock: Arc<dyn Clock>,
    /// Whether this is somebody's own machine.
    pub stage: Stage,
    aws: Aws,
}

impl Environment {
    /// The environment, and the configuration without the sections in `unused`, whose references
    /// are not looked up.
    pub async fn load(unused: &[&str]) -> Result<(Self, Document), StartError> {
        let client = http::client()?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let is_local = Self::variable("PATCHCORD_LOCAL").as_deref() == Some("1");
        let stage = if is_local { Stage::Local } else { Stage::Deployed };
        let aws = Aws::from_env(client.clone(), Arc::clone(&clock));
        let aws = if is_local { aws.attempt_time(LOCAL_ATTEMPT_TIME) } else { aws };
        let endpoint = Self::variable("AWS_ENDPOINT_URL_SSM");
        let parameters = SsmParameters(aws.ssm(endpoint.as_deref())?);
        let path = locate(Self::variable);
        let document = Document::load(&path, unused, &Self::variable, &parameters).await?;
        Ok((Self { client, clock, stage, aws }, document))
    }

    /// An environment variable that is set and not empty.
    pub fn variable(name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    /// What Lambda calls the function, or `otherwise`.
    pub fn service(otherwise: &str) -> String {
        Self::variable("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_else(|| otherwise.to_owned())
    }

    /// The environment, the sections about contacts, and the table they are kept in.
    pub async fn contacts(
        extensions: Extensions,
    ) -> Result<(Self, BotmaticConfig, Database), StartError> {
        let (environment, document) = Self::load(&OTHER_SECTIONS).await?;
        let parts = HttpParts::new(environment.client.clone(), Arc::clone(&environment.clock));
        let base_url = Self::variable("BOTMATIC_BASE_URL");
        let config =
            BotmaticConfig::from_document(document, base_url.as_deref(), extensions, &parts)?;
        let table = Self::variable("CONTACTS_TABLE");
        let table = table.unwrap_or_else(|| DEFAULT_TABLE.to_owned());
        let database = Database { client: environment.dynamodb()?, table };
        Ok((environment, config, database))
    }

    /// The queue that `variable` names.
    pub fn queue(&self, variable: &'static str) -> Result<Option<Queue>, StartError> {
        let Some(url) = Self::variable(variable) else { return Ok(None) };
        let endpoint = Self::variable("AWS_ENDPOINT_URL_SQS");
        let queue = self.aws.queue(&url, endpoint.as_deref());
        queue.map(Some).map_err(|source| StartError::Queue { variable, source })
    }

    /// The FIFO queue that `variable` names.
    pub fn fifo_queue(&self, variable: &'static str) -> Result<Option<FifoQueue>, StartError> {
        let queue = self.queue(variable)?.map(FifoQueue::new).transpose();
        queue.map_err(|source| StartError::Queue { variable, source })
    }

    /// What it takes to read files. Only on somebody's own machine those there may be read.
    pub fn files(&self) -> Result<FileParts, StartError> {
        let endpoint = Self::variable("AWS_ENDPOINT_URL_S3");
        Ok(FileParts {
            http: HttpParts::new(self.client.clone(), Arc::clone(&self.clock)),
            s3: self.aws.s3(endpoint.as_deref())?,
            access: self.access(),
        })
    }

    /// Which files may be read.
    pub fn access(&self) -> Access {
        match self.stage {
            Stage::Local => Access::ThisMachine,
            Stage::Deployed => Access::Elsewhere,
        }
    }

    /// The DynamoDB that `DYNAMODB_ENDPOINT` names, or AWS's.
    pub fn dynamodb(&self) -> Result<DynamoDb, InvalidEndpoint> {
        self.aws.dynamodb(Self::variable("DYNAMODB_ENDPOINT").as_deref())
    }
}
