//! AWS clients for a function that starts in milliseconds: one HTTP stack, TLS by ring,
//! credentials from Lambda's own environment, a pinned behaviour version.

mod transport;

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, SharedHttpClient};

/// One attempt at a call; a lost packet must not cost the whole invocation.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(1);
/// The first attempt and two more, with the SDK's exponential backoff.
const ATTEMPTS: u32 = 3;

/// What every AWS client of this process shares.
#[derive(Clone, Debug)]
pub struct Aws {
    http: SharedHttpClient,
    region: Region,
    credentials: Option<Credentials>,
}

impl Aws {
    /// Reads `AWS_REGION` (or `AWS_DEFAULT_REGION`) and the credentials variables, all of which
    /// Lambda sets. Missing credentials fail at the first call, not here.
    pub fn from_env(http: reqwest::Client) -> Self {
        let var = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let region = var("AWS_REGION").or_else(|| var("AWS_DEFAULT_REGION"));
        let keys = var("AWS_ACCESS_KEY_ID").zip(var("AWS_SECRET_ACCESS_KEY"));
        let credentials = keys.map(|(key_id, secret)| {
            Credentials::new(key_id, secret, var("AWS_SESSION_TOKEN"), None, "environment")
        });
        Self::new(http, region.unwrap_or_else(|| "us-east-1".to_owned()), credentials)
    }

    /// A region and credentials of one's own, as for a DynamoDB that is not AWS's.
    pub fn new(http: reqwest::Client, region: String, credentials: Option<Credentials>) -> Self {
        Self { http: transport::shared(http), region: Region::new(region), credentials }
    }

    /// A DynamoDB client; `endpoint` is for a DynamoDB that is not AWS's.
    pub fn dynamodb(&self, endpoint: Option<String>) -> aws_sdk_dynamodb::Client {
        let mut config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .http_client(self.http.clone())
            .region(self.region.clone())
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(timeouts());
        config
            .set_credentials_provider(self.credentials.clone().map(SharedCredentialsProvider::new));
        config.set_endpoint_url(endpoint);
        aws_sdk_dynamodb::Client::from_conf(config.build())
    }

    /// A client of Systems Manager's Parameter Store; `endpoint` is for one that is not AWS's.
    pub fn ssm(&self, endpoint: Option<String>) -> aws_sdk_ssm::Client {
        let mut config = aws_sdk_ssm::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .http_client(self.http.clone())
            .region(self.region.clone())
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(timeouts());
        config
            .set_credentials_provider(self.credentials.clone().map(SharedCredentialsProvider::new));
        config.set_endpoint_url(endpoint);
        aws_sdk_ssm::Client::from_conf(config.build())
    }
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT_TIMEOUT).build()
}
