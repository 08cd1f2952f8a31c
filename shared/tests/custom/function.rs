//! The webhook function with a channel of its own.

use std::env::var;
use std::error::Error;

use patchcord::app::Setup;
use patchcord::ground::secret::Secret;
use patchcord::ground::{http, telemetry};

use crate::custom::{CustomClient, CustomConnector};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    telemetry::init();
    let client = CustomClient::new(http::client()?, var("CUSTOM_URL")?);
    let connector = CustomConnector::new(Secret::from(var("CUSTOM_SECRET")?), client)?;
    let setup = Setup::from_env().await?.channel("custom", connector);
    Ok(setup.webhook().await?.run().await?)
}
