//! The worker function with a bot of its own.

use patchcord::app::Setup;
use patchcord::ground::telemetry;

use crate::shop::shop;

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    telemetry::init();
    let worker = Setup::from_env().await?.bot(shop()?).worker().await?;
    Ok(worker.run().await?)
}
