//! Whether both sides hold the same contacts, each once, as their pairs say.

use std::collections::BTreeMap;
use std::sync::Arc;

use patchcord::botmatic::{BotmaticId, IntegrationId};
use patchcord::contacts::pairs::{DynamoPairs, PairStore as _};
use patchcord::ground::clock::SystemClock;
use patchcord_local::tables::{self, Table};
use serde_json::{Value, json};

use crate::imports::{Imports, TENANT};

impl Imports {
    /// What is wrong with the two sides: contacts that have no counterpart, or another one than
    /// their pair says, or hold something else. Nothing, as it should be.
    ///
    /// # Panics
    /// If pairs cannot be read.
    pub async fn differences(&self) -> Vec<String> {
        let client = tables::functions_client(&self.contacts.dynamo.endpoint()).expect("a client");
        let pairs = DynamoPairs::new(client, Table::CONTACTS.to_owned(), Arc::new(SystemClock));
        let integration = IntegrationId::try_from(self.integration.clone()).expect("an id");
        let crm = self.contacts.crm.contacts(TENANT).into_iter();
        let mut crm: BTreeMap<_, _> = crm.map(|it| (it.id.clone(), it)).collect();
        let mut wrong = Vec::new();
        for ours in self.contacts.botmatic.contacts(TENANT) {
            let id = BotmaticId::new(ours.id.as_str()).expect("an id");
            let external = pairs.external_id(&integration, &id).await.expect("pairs");
            let Some(external) = external else {
                wrong.push(format!("{}: no pair", ours.id));
                continue;
            };
            let back = pairs.botmatic_id(&integration, &external).await.expect("pairs");
            // Taken out, so that two with the same counterpart show.
            match crm.remove(external.as_str()) {
                _ if back.as_ref() != Some(&id) => wrong.push(format!("{id}: another pair back")),
                None => wrong.push(format!("{id}: no counterpart {external}")),
                Some(theirs) => {
                    let held = |name: &str| ours.fields.get(name).unwrap_or(&Value::Null).clone();
                    let theirs = json!(theirs.fields);
                    let is_same = held("email") == theirs["email"]
                        && held("score") == theirs["score"]
                        && held("firstname") == theirs["first_name"]
                        && held("city") == theirs["address"]["city"];
                    if !is_same {
                        wrong.push(format!("{id} and {external}: {:?} {theirs}", ours.fields));
                    }
                }
            }
        }
        wrong.extend(crm.into_keys().map(|id| format!("{id}: only on the CRM")));
        wrong
    }
}
