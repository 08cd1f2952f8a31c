//! The webhook function with a connector of its own.

use patchcord::app::{Setup, StartError};
use patchcord::connectors::registry::Connectors;
use patchcord::ground::telemetry;

use crate::custom::CustomConnector;

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), StartError> {
    telemetry::init();
    let connectors = Connectors::built_in().with("custom", CustomConnector::from_settings);
    Setup::from_env_with(connectors).await?.webhook().await?.run().await
}
