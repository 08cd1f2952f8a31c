//! From the command line and the environment to an importer.

use std::sync::Arc;

use patchcord::app::{BotmaticConfig, Database, Extensions, ImportSetup};
use patchcord::contacts::import::Importer;
use patchcord::contacts::import::source::{Access, FileParts};
use patchcord::ground::aws::Aws;
use patchcord::ground::clock::SystemClock;
use patchcord::ground::config::{Document, SsmParameters};
use patchcord::ground::http::{self, HttpParts};

use super::error::ImportError;
use super::options::ImportOptions;
use crate::run::local_value;
use crate::tables::{Table, functions_aws};

/// The sections that have nothing to do with contacts.
const OTHER_SECTIONS: [&str; 3] = ["channels", "bot", "sessions"];

/// An importer, and where its contacts are.
pub struct Here {
    pub importer: Importer,
    pub place: Place,
}

/// Where integrations, pairs and imports are.
pub struct Place {
    /// The address of DynamoDB; none is AWS's.
    pub endpoint: Option<String>,
    /// The table.
    pub table: String,
}

impl Place {
    /// DynamoDB does not answer there.
    pub fn unreachable(
        &self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> ImportError {
        let (table, source) = (self.table.clone(), source.into());
        match self.endpoint.clone() {
            Some(endpoint) => ImportError::Unreachable { endpoint, table, source },
            None => ImportError::UnreachableAws { table, source },
        }
    }
}

impl Here {
    /// Reads the configuration. Nothing is called yet, but for the secrets it refers to.
    pub async fn new(options: &ImportOptions) -> Result<Self, ImportError> {
        let variable = |name: &str| variable(name, options.aws);
        let clock = Arc::new(SystemClock);
        let client = http::client()?;
        let aws = if options.aws {
            Aws::from_env(client.clone(), clock.clone())
        } else {
            functions_aws(client.clone())
        };
        let ssm = SsmParameters(aws.ssm(variable("AWS_ENDPOINT_URL_SSM").as_deref())?);
        let document = Document::load(&options.config, &OTHER_SECTIONS, &variable, &ssm).await?;
        let http = HttpParts::new(client, clock);
        let base_url = variable("BOTMATIC_BASE_URL");
        let config = BotmaticConfig::from_document(
            document,
            base_url.as_deref(),
            Extensions::default(),
            &http,
        )?;
        let endpoint = variable("DYNAMODB_ENDPOINT");
        let table = variable(Table::CONTACTS_VARIABLE).unwrap_or_else(|| Table::CONTACTS.into());
        let client = aws.dynamodb(endpoint.as_deref())?;
        let database = Database { client, table: table.clone() };
        let s3 = aws.s3(variable("AWS_ENDPOINT_URL_S3").as_deref())?;
        let files = FileParts { http, s3, access: Access::ThisMachine };
        let importer = ImportSetup::new(config, database, files).importer()?;
        Ok(Self { importer, place: Place { endpoint, table } })
    }
}

/// What the environment says, or `make run` would have said.
fn variable(name: &str, is_aws: bool) -> Option<String> {
    let set = std::env::var(name).ok().filter(|value| !value.is_empty());
    set.or_else(|| if is_aws { None } else { local_value(name) })
}
