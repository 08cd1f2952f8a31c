//! What is known of many contacts.

use std::collections::HashMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::super::item::{contact_key, key_texts, record_of};
use super::super::store::{DynamoPairs, unavailable};
use super::write::CONCURRENCY;
use crate::botmatic::IntegrationId;
use crate::contacts::pairs::record::Record;
use crate::contacts::pairs::{Contact, Known, PairError};
use crate::contacts::{BotmaticId, ExternalId};
use crate::ground::aws::dynamodb::{DynamoDb, Item};

/// How often a pair is read whose two directions do not agree: it may be made or deleted between
/// reading the one and the other.
const ROUNDS: usize = 3;

impl DynamoPairs {
    /// Two reads for one that is paired: what both sides hold is with Botmatic's.
    pub(in super::super) async fn look_up(
        &self,
        integration: &IntegrationId,
        externals: &[ExternalId],
    ) -> Result<Vec<Known>, PairError> {
        let now = self.clock.now();
        let contacts: Vec<_> = externals.iter().cloned().map(Contact::External).collect();
        let mut known: Vec<Option<Known>> = vec![None; contacts.len()];
        for _ in 0..ROUNDS {
            let left: Vec<_> = (0..known.len()).filter(|index| known[*index].is_none()).collect();
            let asked: Vec<_> = left.iter().map(|index| (integration, &contacts[*index])).collect();
            let records = self.records(&asked).await?;
            let mut paired = Vec::new();
            for (index, record) in left.into_iter().zip(records) {
                match &record.paired_with {
                    None => known[index] = Some(record.known(&contacts[index], now)?),
                    Some(id) => {
                        let id = BotmaticId::new(id.as_str());
                        let id = id.map_err(|_| PairError::Corrupt("expected an id"))?;
                        paired.push((index, Contact::Botmatic(id)));
                    }
                }
            }
            let asked: Vec<_> = paired.iter().map(|(_, contact)| (integration, contact)).collect();
            let records = self.records(&asked).await?;
            for ((index, contact), record) in paired.iter().zip(records) {
                if record.is_paired_with(contacts[*index].id()) {
                    known[*index] = Some(record.known(contact, now)?);
                }
            }
        }
        let known: Option<Vec<_>> = known.into_iter().collect();
        known.ok_or(PairError::Corrupt("expected both directions of a pair to agree"))
    }

    /// What is stored of each, in their order.
    pub(super) async fn records(
        &self,
        contacts: &[(&IntegrationId, &Contact)],
    ) -> Result<Vec<Record>, PairError> {
        let keys = contacts.iter().map(|(integration, contact)| contact_key(integration, contact));
        let keys: Vec<_> = keys.collect();
        // A batch must not name a key twice.
        let distinct: HashMap<_, _> = keys.iter().map(|key| (name_of(key), key)).collect();
        let distinct: Vec<Item> = distinct.into_values().cloned().collect();
        let batches = distinct.chunks(DynamoDb::BATCH).map(<[Item]>::to_vec);
        let reads: Vec<_> = batches.map(|keys| self.client.batch_get(&self.table, keys)).collect();
        let pages: Vec<_> = stream::iter(reads)
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await
            .map_err(unavailable)?;
        let mut records = HashMap::with_capacity(keys.len());
        for item in pages.into_iter().flatten() {
            records.insert(name_of(&item), record_of(Some(item))?);
        }
        let record = |key| records.get(&name_of(key)).cloned().unwrap_or_default();
        Ok(keys.iter().map(record).collect())
    }
}

fn name_of(item: &Item) -> (String, String) {
    let (partition, sort) = key_texts(item);
    (partition.to_owned(), sort.to_owned())
}
