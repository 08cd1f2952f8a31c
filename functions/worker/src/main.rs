//! The worker function: lets the bot answer what waits in the queue.

use patchcord::app::Setup;
use patchcord::ground::telemetry;

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    telemetry::init();
    let worker = Setup::from_env().await?.worker().await?;
    // As a task: the runtime asks the kernel for events before it polls the main future again.
    Ok(tokio::task::spawn_local(worker.run()).await??)
}
