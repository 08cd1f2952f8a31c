//! A contact as the stand-ins show it.

use patchcord::contacts::Fields;
use serde::Serialize;

/// A contact of a stand-in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contact {
    /// Its id, as a text. (Botmatic's API writes it as a number.)
    pub id: String,
    /// What was written to it. Neither `id` nor `updated_at` is among them.
    pub fields: Fields,
    /// Its latest change, in RFC 3339 with microseconds. No two changes have the same.
    pub updated_at: String,
}
