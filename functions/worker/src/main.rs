//! The worker function: lets the bot answer what waits in the queue.

use patchcord::app::Setup;
use patchcord::ground::telemetry;

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    telemetry::init();
    let worker = Setup::from_env().await?.worker().await?;
    Ok(worker.run().await?)
}
