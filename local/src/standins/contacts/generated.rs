//! Contacts by the million that take no memory: each is computed from its number when it is asked
//! for.

use patchcord::contacts::Fields;
use serde_json::{Value, json};

const FIRST_NAMES: [&str; 8] = ["Ada", "Björn", "Chloé", "Dmitri", "Esi", "Fatima", "Gil", "Hana"];
const LAST_NAMES: [&str; 8] =
    ["Adeyemi", "Brandt", "Costa", "Dubois", "Eriksen", "Fournier", "Garcia", "Hosseini"];
const CITIES: [&str; 6] = ["Berlin", "Dakar", "Lima", "Lyon", "Oslo", "Québec"];

/// `count` contacts, numbered from 1.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::standins) struct Generated {
    pub(in crate::standins) count: u64,
    pub(in crate::standins) seed: u64,
    /// When they were generated, in microseconds since 1970.
    pub(in crate::standins) at: u64,
}

impl Generated {
    /// The fields of a contact; the same for the same seed.
    pub(super) fn fields(self, number: u64) -> Option<Fields> {
        if !(1..=self.count).contains(&number) {
            return None;
        }
        let mut rng = fastrand::Rng::with_seed(self.seed ^ number.rotate_left(32));
        let fields = json!({
            "first_name": FIRST_NAMES[rng.usize(..FIRST_NAMES.len())],
            "last_name": LAST_NAMES[rng.usize(..LAST_NAMES.len())],
            "email": self.email(number),
            "phone": format!("+336{:08}", rng.u32(..100_000_000)),
            "city": CITIES[rng.usize(..CITIES.len())],
            "score": rng.u32(..1000),
        });
        match fields {
            Value::Object(fields) => Some(fields),
            _ => None,
        }
    }

    fn email(self, number: u64) -> String {
        format!("contact-{number}@{}.example.com", self.seed)
    }

    /// Whose address this is.
    pub(super) fn by_email(self, email: &str) -> Option<u64> {
        let number = email.strip_prefix("contact-")?.split('@').next()?.parse().ok()?;
        ((1..=self.count).contains(&number) && self.email(number) == email).then_some(number)
    }
}
