//! Deleting everything of an integration: page by page, pair by pair, in memory that does not grow
//! with their number. What is deleted is progress; a call that is repeated goes on.

use std::collections::HashMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::super::contact::Contact;
use super::super::error::PairError;
use super::super::store::Deletion;
use super::item::{BOTMATIC, PARTITIONS, contact_key, contact_of, partition_key};
use super::store::{DynamoPairs, unavailable};
use crate::botmatic::IntegrationId;
use crate::botmatic::integrations::table::{PARTITION_KEY, SORT_KEY};
use crate::contacts::{BotmaticId, ExternalId};
use crate::ground::aws::dynamodb::{Action, AttributeValue, Item, Query, Write, text};
use crate::ground::clock::Deadline;

/// Both items of every pair of a page fit into one transaction, which has 100 at most.
const PAGE: u16 = 50;
/// How many partitions are worked on at once.
const CONCURRENCY: usize = 8;

const PAIRS: &str = "pk = :pk AND begins_with(sk, :prefix)";
const LEFTOVERS: &str = "pk = :pk";

impl DynamoPairs {
    pub(super) async fn delete_all(
        &self,
        integration: &IntegrationId,
        until: Deadline,
    ) -> Result<Deletion, PairError> {
        // Botmatic's side first: each pair is then deleted from one partition only. What is left
        // are contacts without a pair, and creations. A creation that ends between the reading of
        // its item and the deletion leaves the other half of a pair, in a partition that may have
        // been done already. After that nobody has a claim any more, and the last round finds it.
        for condition in [PAIRS, LEFTOVERS, LEFTOVERS] {
            let partitions = stream::iter(0..PARTITIONS)
                .map(Ok)
                .try_for_each_concurrent(CONCURRENCY, |partition| {
                    self.delete_partition(integration, partition, condition, until)
                });
            match partitions.await {
                Ok(()) => {}
                Err(Interrupted::TimeOver) => return Ok(Deletion::Unfinished),
                Err(Interrupted::Failed(error)) => return Err(error),
            }
        }
        Ok(Deletion::Finished)
    }

    async fn delete_partition(
        &self,
        integration: &IntegrationId,
        partition: u8,
        condition: &str,
        until: Deadline,
    ) -> Result<(), Interrupted> {
        let mut query = Query::of(&self.table)
            .where_key(condition)
            .value(":pk", text(partition_key(integration, partition)))
            .limit(PAGE);
        if condition == PAIRS {
            query = query.value(":prefix", text(BOTMATIC));
        }
        loop {
            if until.remaining(self.clock.now()).is_zero() {
                return Err(Interrupted::TimeOver);
            }
            let page = self.client.query(&query).await.map_err(unavailable)?;
            if page.items.is_empty() && page.last_evaluated_key.is_none() {
                return Ok(());
            }
            self.delete_page(integration, page.items).await?;
        }
    }

    async fn delete_page(
        &self,
        integration: &IntegrationId,
        page: Vec<Item>,
    ) -> Result<(), PairError> {
        // By key: both items of a pair may be on one page, and a transaction names each once.
        let mut keys = HashMap::new();
        for mut item in page {
            let other = item.remove("paired_with").and_then(AttributeValue::into_text);
            item.retain(|name, _| name == PARTITION_KEY || name == SORT_KEY);
            let sort_key = item.get(SORT_KEY).and_then(AttributeValue::as_text);
            let sort_key = sort_key.unwrap_or_default().to_owned();
            if let (Some(contact), Some(id)) = (contact_of(&sort_key), other) {
                let key = contact_key(integration, &other_contact(&contact, id)?);
                let name = key.get(SORT_KEY).and_then(AttributeValue::as_text);
                keys.insert(name.unwrap_or_default().to_owned(), key);
            }
            keys.insert(sort_key, item);
        }
        let deletes = keys.into_values().map(|key| Action::Delete(Write::to(&self.table, key)));
        let deletes: Vec<_> = deletes.collect();
        self.client.transact(&deletes).await.map_err(unavailable)?;
        Ok(())
    }
}

fn other_contact(contact: &Contact, id: String) -> Result<Contact, PairError> {
    let corrupt = |_| PairError::Corrupt("expected an id");
    Ok(match contact {
        Contact::Botmatic(_) => Contact::External(ExternalId::new(id).map_err(corrupt)?),
        Contact::External(_) => Contact::Botmatic(BotmaticId::new(id).map_err(corrupt)?),
    })
}

/// Why a deletion ends early.
enum Interrupted {
    TimeOver,
    Failed(PairError),
}

impl From<PairError> for Interrupted {
    fn from(error: PairError) -> Self {
        Self::Failed(error)
    }
}
