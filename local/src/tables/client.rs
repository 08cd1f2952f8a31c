//! AWS's SDK for the DynamoDB at an endpoint. The functions speak to DynamoDB on their own; here an
//! implementation that is not ours makes the tables and looks at what the functions wrote.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_http_client::{Builder, tls};
use patchcord::ground::aws::dynamodb::DynamoDb;
use patchcord::ground::aws::{self, Aws, LOCAL_ATTEMPT_TIME};
use patchcord::ground::clock::SystemClock;
use patchcord::ground::http;

use super::TableError;

/// Where local tables are said to live when the environment names no region.
pub(crate) const DEFAULT_REGION: &str = "eu-west-1";
/// A local DynamoDB wants credentials, any will do.
pub(crate) const DUMMY_CREDENTIAL: &str = "local";

/// The SDK, with the environment's region and credentials, or made up ones.
pub fn client(endpoint: &str) -> Client {
    let (key_id, secret, token) = credentials();
    let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .http_client(Builder::new().tls_provider(ring).build_https())
        .region(Region::new(region()))
        .credentials_provider(Credentials::new(key_id, secret, token, None, "environment"))
        .endpoint_url(endpoint);
    Client::from_conf(config.build())
}

/// The functions' own client as it is on one's own machine, with the same region and credentials.
pub fn functions_client(endpoint: &str) -> Result<DynamoDb, TableError> {
    Ok(functions_aws(http::client()?).dynamodb(Some(endpoint))?)
}

/// What all of the functions' own clients share, with the same region and credentials.
pub(crate) fn functions_aws(client: reqwest::Client) -> Aws {
    let (key_id, secret, token) = credentials();
    let credentials = aws::Credentials::new(key_id, secret, token);
    Aws::new(client, region(), credentials, Arc::new(SystemClock)).attempt_time(LOCAL_ATTEMPT_TIME)
}

fn region() -> String {
    variable("AWS_REGION", DEFAULT_REGION)
}

fn credentials() -> (String, String, Option<String>) {
    let key_id = variable("AWS_ACCESS_KEY_ID", DUMMY_CREDENTIAL);
    let secret = variable("AWS_SECRET_ACCESS_KEY", DUMMY_CREDENTIAL);
    (key_id, secret, std::env::var("AWS_SESSION_TOKEN").ok())
}

fn variable(name: &str, default: &str) -> String {
    std::env::var(name).ok().filter(|v| !v.is_empty()).unwrap_or_else(|| default.to_owned())
}
