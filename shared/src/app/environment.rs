//! What every function finds when it starts: environment variables, the configuration file, and
//! the clients that are made once.

use std::sync::Arc;

use super::setup::StartError;
use crate::connectors::registry::Stage;
use crate::ground::aws::dynamodb::DynamoDb;
use crate::ground::aws::{Aws, InvalidEndpoint};
use crate::ground::clock::{Clock, SystemClock};
use crate::ground::config::{Document, SsmParameters, locate};
use crate::ground::http;

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
        let aws = Aws::from_env(client.clone(), Arc::clone(&clock));
        let endpoint = Self::variable("AWS_ENDPOINT_URL_SSM");
        let parameters = SsmParameters(aws.ssm(endpoint.as_deref())?);
        let path = locate(Self::variable);
        let document = Document::load(&path, unused, &Self::variable, &parameters).await?;
        let is_local = Self::variable("PATCHCORD_LOCAL").as_deref() == Some("1");
        let stage = if is_local { Stage::Local } else { Stage::Deployed };
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

    /// The DynamoDB that `DYNAMODB_ENDPOINT` names, or AWS's.
    pub fn dynamodb(&self) -> Result<DynamoDb, InvalidEndpoint> {
        self.aws.dynamodb(Self::variable("DYNAMODB_ENDPOINT").as_deref())
    }
}
