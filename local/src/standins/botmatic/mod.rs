//! Botmatic: its API for contacts, properties, campaigns and bots, and the events that it sends to
//! an integration's endpoint.

mod bots;
mod bulk;
mod campaigns;
mod contacts;
mod events;
mod part;
mod standin;
mod token;

pub use part::{Botmatic, CampaignEvent};
pub use standin::BotmaticStandin;
