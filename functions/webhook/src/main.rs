//! The webhook function: health and receive, for every channel of `patchcord.yaml`.

use patchcord::app::Setup;
use patchcord::ground::telemetry;

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    telemetry::init();
    let webhook = Setup::from_env().await?.webhook().await?;
    Ok(webhook.run().await?)
}
