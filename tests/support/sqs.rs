//! Clients of an SQS at an endpoint: AWS's SDK, as the witness, and the functions' own.

use std::sync::Arc;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_http_client::{Builder, tls};
use patchcord::ground::aws::sqs::Queue;
use patchcord::ground::aws::{self, Aws, LOCAL_ATTEMPT_TIME};
use patchcord::ground::clock::SystemClock;
use patchcord::ground::http;

/// AWS's SDK.
pub fn client(endpoint: &str) -> Client {
    let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .http_client(Builder::new().tls_provider(ring).build_https())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .endpoint_url(endpoint);
    Client::from_conf(config.build())
}

/// What functions send with to the queue at `url`.
pub fn functions_client(endpoint: &str, url: &str) -> Queue {
    let credentials = aws::Credentials::new("local".to_owned(), "local".to_owned(), None);
    let http = http::client().expect("a client");
    let aws = Aws::new(http, "eu-west-1".to_owned(), credentials, Arc::new(SystemClock));
    let aws = aws.attempt_time(LOCAL_ATTEMPT_TIME);
    aws.queue(url, Some(endpoint)).expect("a queue")
}
