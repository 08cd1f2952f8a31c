//! The function for Botmatic and the external service: events, actions, settings, contacts.

use patchcord::app::BotmaticSetup;
use patchcord::ground::telemetry;

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    telemetry::init();
    let botmatic = BotmaticSetup::from_env().await?.function();
    // As a task: the runtime asks the kernel for events before it polls the main future again.
    Ok(tokio::task::spawn_local(botmatic.run()).await??)
}
