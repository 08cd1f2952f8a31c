//! Requests that were signed by the specification's own library: `standard_webhooks.py` has made
//! `standard_webhooks.json`.

use serde_json::Value;

/// When the tests take place, in milliseconds.
pub const NOW: u64 = 1_700_000_000_000;

/// A signed request, or a signed answer.
#[derive(Clone, Debug)]
pub struct Signed {
    pub id: String,
    pub at: String,
    pub signature: String,
    pub body: String,
}

fn all() -> Value {
    serde_json::from_str(include_str!("standard_webhooks.json")).unwrap()
}

/// The one of this name.
pub fn signed(name: &str) -> Signed {
    let found = all()["requests"][name].clone();
    let text = |field: &str| found[field].as_str().unwrap_or_else(|| panic!("{name}")).to_owned();
    let at = found["at"].as_u64().unwrap().to_string();
    Signed { id: text("id"), at, signature: text("signature"), body: text("body") }
}

/// The key of this name.
pub fn key(name: &str) -> String {
    all()["keys"][name].as_str().unwrap().to_owned()
}
