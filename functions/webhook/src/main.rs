//! The webhook function: health and receive, for every channel of `patchcord.yaml`.

use patchcord::app::Setup;
use patchcord::ground::telemetry;

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    telemetry::init();
    let webhook = Setup::from_env().await?.webhook().await?;
    // As a task: the runtime asks the kernel for events before it polls the main future again.
    Ok(tokio::task::spawn_local(webhook.run()).await??)
}
