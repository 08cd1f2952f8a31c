//! The function that imports contacts: started by an invocation, worked on through its queue.

use patchcord::app::ImportSetup;
use patchcord::ground::telemetry;

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    telemetry::init();
    let import = ImportSetup::from_env().await?.function()?;
    Ok(import.run().await?)
}
