//! A client for the DynamoDB at an endpoint.

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::{
    Client, Config,
    config::{BehaviorVersion, Region},
};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};

/// Where local tables are said to live when the environment names no region.
pub(crate) const DEFAULT_REGION: &str = "eu-west-1";
/// A local DynamoDB wants credentials, any will do.
pub(crate) const DUMMY_CREDENTIAL: &str = "local";

/// A client with the environment's region and credentials, or made up ones.
pub fn client(endpoint: &str) -> Client {
    let variable = |name: &str, default: &str| {
        std::env::var(name).ok().filter(|v| !v.is_empty()).unwrap_or_else(|| default.to_owned())
    };
    let credentials = Credentials::new(
        variable("AWS_ACCESS_KEY_ID", DUMMY_CREDENTIAL),
        variable("AWS_SECRET_ACCESS_KEY", DUMMY_CREDENTIAL),
        std::env::var("AWS_SESSION_TOKEN").ok(),
        None,
        "environment",
    );
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .http_client(http)
        .endpoint_url(endpoint)
        .region(Region::new(variable("AWS_REGION", DEFAULT_REGION)))
        .credentials_provider(credentials)
        .build();
    Client::from_conf(config)
}
