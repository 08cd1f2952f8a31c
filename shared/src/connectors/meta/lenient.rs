//! Reading what need not be there: what goes with a message and cannot be read is left out, so that
//! the message is not lost with it. Meta gets a 200 either way and does not send it again.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::wire::Id;

/// What can be read; none of anything else.
pub(super) fn or_none<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(serde_json::from_value(Value::deserialize(from)?).ok())
}

/// An id; none of anything else.
pub(super) fn id_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(or_none(from)?.map(|Id(id)| id))
}

/// What can be read of a list; of what is no list, nothing.
pub(super) fn each_readable<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let all: Vec<Value> = or_none(from)?.unwrap_or_default();
    Ok(all.into_iter().filter_map(|it| serde_json::from_value(it).ok()).collect())
}

/// The default in the place of null.
pub(super) fn or_default<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(from)?.unwrap_or_default())
}
