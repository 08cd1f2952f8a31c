//! Stand-ins for the two services that Patchcord keeps in step: Botmatic's API, and a CRM with a
//! plain REST API. In memory, on a loopback port, for `make run` and for tests.
//!
//! Both answer as a server would that takes requests at their word: what is not right is refused.
//! Both tell the other side of changes, and both fail on demand. docs/local-stack.md has every
//! request that they take.
//!
//! ```no_run
//! # use patchcord::contacts::Fields;
//! # use patchcord_local::standins::{
//! #     BotmaticStandin, Fault, Faults, Rule, Settings, StandinOptions,
//! # };
//! # async fn test(endpoint: String) -> Result<(), Box<dyn std::error::Error>> {
//! let settings = Settings { deliver_to: Some(endpoint), ..Settings::default() };
//! let options = StandinOptions { settings, ..StandinOptions::default() };
//! let botmatic = BotmaticStandin::start(options).await?; // on a free port
//! let script = vec![Rule::once("POST", "/api/contacts", Fault::DropAfter)];
//! botmatic.set_faults(Faults { script, ..Faults::default() })?;
//!
//! let contact = botmatic.user_creates("local", Fields::new())?;
//! botmatic.idle().await; // every delivery has ended
//!
//! assert_eq!(botmatic.contacts("local"), [contact]);
//! assert_eq!(botmatic.requests().count("POST", "/api/contacts"), 0);
//! botmatic.stop().await;
//! # Ok(())
//! # }
//! ```

mod app;
mod body;
mod botmatic;
mod contacts;
mod control;
mod core;
mod crm;
mod extract;
mod faults;
mod options;
mod outbox;
mod part;
mod refusal;
mod requests;
mod sequence;
mod server;
mod standin;
mod state;
mod tenants;

pub use botmatic::{Botmatic, BotmaticStandin, CampaignEvent};
pub use contacts::Contact;
pub use crm::{Crm, CrmStandin};
pub use faults::{BadFaults, Fault, Faults, Rule};
pub use options::{Reject, Retry, Settings, StandinOptions};
pub use outbox::{Delivery, DeliveryFaults, Ending, OutboxSnapshot};
pub use refusal::Refusal;
pub use requests::{Count, Outcome, Recent, Requests};
pub use server::StandinError;
pub use standin::Standin;
