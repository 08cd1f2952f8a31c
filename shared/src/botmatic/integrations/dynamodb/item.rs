//! Keys, attributes, and an integration as an item.

use super::super::digest::TokenDigest;
use super::super::id::IntegrationId;
use super::super::integration::{Integration, State};
use super::super::store::IntegrationError;
use super::super::table;
use crate::botmatic::Fields;
use crate::ground::aws::dynamodb::{AttributeValue, Item};
use crate::ground::seal::Sealer;
use crate::ground::secret::Secret;

pub(super) const INSTALLED: &str = "installed";
pub(super) const UNINSTALLING: &str = "uninstalling";
/// Both kinds of items are alone in their partition.
const ONLY: &str = "#";

/// The key of an integration's item.
pub(super) fn integration_key(id: &IntegrationId) -> Item {
    table::item_key(format!("integration#{id}"), ONLY)
}

/// The key of the item by which an integration is found.
pub(super) fn token_key(digest: &TokenDigest) -> Item {
    table::item_key(format!("token#{}", digest.as_str()), ONLY)
}

/// Whose token it is.
pub(super) fn owner_of(token_item: &Item) -> Result<IntegrationId, IntegrationError> {
    let id = token_item.get("integration").and_then(AttributeValue::as_text).map(str::to_owned);
    id.and_then(|id| IntegrationId::try_from(id).ok())
        .ok_or(IntegrationError::Corrupt("expected the id of an integration"))
}

/// Whether the item's integration is being uninstalled.
pub(super) fn state_of(item: &Item) -> Result<State, IntegrationError> {
    match item.get("integration_state").and_then(AttributeValue::as_text) {
        Some(INSTALLED) => Ok(State::Installed),
        Some(UNINSTALLING) => Ok(State::Uninstalling),
        _ => Err(IntegrationError::Corrupt("expected a state")),
    }
}

/// The token, sealed so that it is of use in no other place.
pub(super) fn seal_token(
    sealer: &Sealer,
    id: &IntegrationId,
    token: &Secret,
) -> Result<String, IntegrationError> {
    Ok(sealer.seal(token.expose().as_bytes(), &token_owner(id))?)
}

/// The same for settings.
pub(super) fn seal_settings(
    sealer: &Sealer,
    id: &IntegrationId,
    settings: &Fields,
) -> Result<String, IntegrationError> {
    let json = serde_json::to_vec(settings)
        .map_err(|_| IntegrationError::Corrupt("expected settings that are JSON"))?;
    Ok(sealer.seal(&json, &settings_owner(id))?)
}

/// The integration that the item holds, whose settings are those that were saved.
pub(super) fn open(
    sealer: &Sealer,
    id: &IntegrationId,
    item: &Item,
) -> Result<Integration, IntegrationError> {
    let attribute = |name: &str| item.get(name).and_then(AttributeValue::as_text);
    let token = attribute("sealed_token").ok_or(IntegrationError::Corrupt("expected a token"))?;
    let token = String::from_utf8(sealer.open(token, &token_owner(id))?).ok();
    let token = token.and_then(|token| Secret::try_from(token).ok());
    let saved = match attribute("sealed_settings") {
        Some(settings) => serde_json::from_slice(&sealer.open(settings, &settings_owner(id))?)
            .map_err(|_| IntegrationError::Corrupt("expected settings that are JSON"))?,
        None => Fields::new(),
    };
    Ok(Integration {
        id: id.clone(),
        token: token.ok_or(IntegrationError::Corrupt("expected a token"))?,
        settings: saved.clone(),
        saved,
        state: state_of(item)?,
    })
}

fn token_owner(id: &IntegrationId) -> String {
    format!("{id}#token")
}

fn settings_owner(id: &IntegrationId) -> String {
    format!("{id}#settings")
}
