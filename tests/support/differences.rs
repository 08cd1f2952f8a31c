//! Whether both sides hold the same contacts, each once, as their pairs say; and what is left in the
//! table of events that have ended.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use patchcord::botmatic::Fields;
use patchcord_local::tables::{self, Table};
use serde_json::{Value, json};

use crate::contacts::Contacts;

const TENANT: &str = "local";

/// What the table has of one integration.
#[derive(Default)]
struct Kept {
    /// By the sort key of a contact, the id of the one that it is paired with.
    pairs: BTreeMap<String, String>,
    /// Creations, and contacts that are claimed.
    begun: Vec<String>,
}

impl Contacts {
    /// What is wrong with the two sides: contacts that have no counterpart, or another one than
    /// their pair says from either side, or hold something else; pairs of contacts that are not
    /// there. Nothing, as it should be.
    ///
    /// # Panics
    /// If the table cannot be read.
    pub async fn differences(&self, integration: &str) -> Vec<String> {
        let mut pairs = self.kept(integration).await.pairs;
        let crm = self.crm.contacts(TENANT).into_iter();
        let mut crm: BTreeMap<_, _> = crm.map(|it| (it.id.clone(), it)).collect();
        let mut wrong = Vec::new();
        for ours in self.botmatic.contacts(TENANT) {
            let id = &ours.id;
            let Some(external) = pairs.remove(&format!("b#{id}")) else {
                wrong.push(format!("{id}: no pair"));
                continue;
            };
            // Taken out, so that two with the same counterpart show.
            let (back, theirs) = (pairs.remove(&format!("e#{external}")), crm.remove(&external));
            match theirs {
                _ if back.as_ref() != Some(id) => {
                    wrong.push(format!("{id}: the way back is {back:?}"));
                }
                None => wrong.push(format!("{id}: no counterpart {external}")),
                Some(theirs) if !same(&ours.fields, &json!(theirs.fields)) => {
                    wrong.push(format!(
                        "{id} and {external}: {:?} {:?}",
                        ours.fields, theirs.fields
                    ));
                }
                Some(_) => {}
            }
        }
        wrong.extend(crm.into_keys().map(|id| format!("{id}: only on the CRM")));
        wrong
            .extend(pairs.into_iter().map(|(from, to)| format!("{from} and {to}: a pair of none")));
        wrong
    }

    /// Claims and creations that are still in the table: nothing, where every event has ended.
    ///
    /// # Panics
    /// If the table cannot be read.
    pub async fn begun(&self, integration: &str) -> Vec<String> {
        self.kept(integration).await.begun
    }

    async fn kept(&self, integration: &str) -> Kept {
        let client = tables::client(&self.dynamo.endpoint());
        let scan = client.scan().table_name(Table::CONTACTS).consistent_read(true);
        let mut pages = scan.into_paginator().send();
        let mut kept = Kept::default();
        let partitions = format!("pairs#{integration}#");
        while let Some(page) = pages.next().await {
            for item in page.expect("a page").items.unwrap_or_default() {
                let (partition, contact) = (text(&item, "pk"), text(&item, "sk"));
                let (true, Some(contact)) =
                    (partition.is_some_and(|it| it.starts_with(&partitions)), contact)
                else {
                    continue;
                };
                if contact.starts_with("c#") || item.contains_key("lease_owner") {
                    kept.begun.push(format!("{contact}: {item:?}"));
                }
                if let Some(other) = text(&item, "paired_with") {
                    kept.pairs.insert(contact, other);
                }
            }
        }
        kept
    }
}

fn text(item: &HashMap<String, AttributeValue>, name: &str) -> Option<String> {
    item.get(name)?.as_s().ok().cloned()
}

fn same(botmatic: &Fields, crm: &Value) -> bool {
    let held = |name: &str| botmatic.get(name).unwrap_or(&Value::Null);
    *held("email") == crm["email"]
        && *held("score") == crm["score"]
        && *held("firstname") == crm["first_name"]
        && *held("city") == crm["address"]["city"]
}
