//! A client for the DynamoDB at an endpoint, the same that the functions use.

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::Client;
use patchcord::ground::aws::Aws;
use patchcord::ground::http;

use super::TableError;

/// Where local tables are said to live when the environment names no region.
pub(crate) const DEFAULT_REGION: &str = "eu-west-1";
/// A local DynamoDB wants credentials, any will do.
pub(crate) const DUMMY_CREDENTIAL: &str = "local";

/// A client with the environment's region and credentials, or made up ones.
pub fn client(endpoint: &str) -> Result<Client, TableError> {
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
    let aws = Aws::new(http::client()?, variable("AWS_REGION", DEFAULT_REGION), Some(credentials));
    Ok(aws.dynamodb(Some(endpoint.to_owned())))
}
