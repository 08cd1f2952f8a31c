//! The function for Botmatic and the external service: events, actions, settings, contacts.

use patchcord::app::BotmaticSetup;
use patchcord::ground::telemetry;

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    telemetry::init();
    let botmatic = BotmaticSetup::from_env().await?.function();
    Ok(botmatic.run().await?)
}
