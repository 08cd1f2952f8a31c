//! Writes to many contacts: several contacts in a transaction, several transactions at once, and
//! a contact that is refused stops no other.

use std::collections::HashSet;

use futures_util::{StreamExt as _, stream};

use super::super::item::key_texts;
use super::super::store::{DynamoPairs, unavailable};
use crate::contacts::pairs::PairError;
use crate::ground::aws::dynamodb::{Action, Condition, Transaction};

/// How many writes a transaction takes
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>).
const WRITES: usize = 100;
/// How many calls to DynamoDB are made at once: the pairs of a page of 100 contacts are four. Each
/// is a connection, and waits for the ones before it where the database takes one after the other.
pub(super) const CONCURRENCY: usize = 4;

/// The writes that belong to one contact: all of them are made, or none.
pub(super) type Group<'a> = Vec<Action<'a>>;

/// What became of a group.
pub(super) enum Written {
    Done,
    /// What became of its conditions, one at least of which is false.
    Refused(Vec<Condition>),
}

/// Groups that go into one transaction.
#[derive(Default)]
struct Batch<'a> {
    /// The position of each among all, and how many writes it has.
    groups: Vec<(usize, usize)>,
    writes: Group<'a>,
    items: HashSet<(String, String)>,
}

impl<'a> Batch<'a> {
    fn takes(&self, items: &[(String, String)]) -> bool {
        self.writes.len() + items.len() <= WRITES
            && !items.iter().any(|item| self.items.contains(item))
    }

    fn push(&mut self, position: usize, group: Group<'a>, items: Vec<(String, String)>) {
        self.groups.push((position, group.len()));
        self.writes.extend(group);
        self.items.extend(items);
    }
}

impl DynamoPairs {
    /// Makes the writes of each group; the answers are in the order of the groups. After an error
    /// in one transaction the others were tried all the same.
    pub(super) async fn write_each(
        &self,
        groups: Vec<Group<'_>>,
    ) -> Result<Vec<Written>, PairError> {
        let calls: Vec<_> = batches(groups).into_iter().map(|it| self.write_batch(it)).collect();
        let written: Vec<_> = stream::iter(calls).buffer_unordered(CONCURRENCY).collect().await;
        let mut all = Vec::new();
        for batch in written {
            all.extend(batch?);
        }
        all.sort_unstable_by_key(|(position, _)| *position);
        Ok(all.into_iter().map(|(_, written)| written).collect())
    }

    /// A refusal names every group that is refused; the others are tried again without those.
    async fn write_batch(&self, batch: Batch<'_>) -> Result<Vec<(usize, Written)>, PairError> {
        let Batch { mut groups, mut writes, .. } = batch;
        let mut written = Vec::with_capacity(groups.len());
        while !groups.is_empty() {
            let refused = match self.client.transact(&writes).await.map_err(unavailable)? {
                Transaction::Done => {
                    written
                        .extend(groups.into_iter().map(|(position, _)| (position, Written::Done)));
                    break;
                }
                Transaction::Refused(refused) => refused,
            };
            let mut each = writes.into_iter();
            let mut conditions = refused.into_iter();
            writes = Group::new();
            groups.retain(|(position, count)| {
                let its = each.by_ref().take(*count);
                let ours: Vec<_> = conditions.by_ref().take(*count).collect();
                let is_refused = ours.iter().any(|it| matches!(it, Condition::Failed(_)));
                if is_refused {
                    its.for_each(drop);
                    written.push((*position, Written::Refused(ours)));
                } else {
                    writes.extend(its);
                }
                !is_refused
            });
        }
        Ok(written)
    }
}

/// Each group goes to the first batch that has room and none of its items.
fn batches(groups: Vec<Group<'_>>) -> Vec<Batch<'_>> {
    let mut batches: Vec<Batch<'_>> = Vec::new();
    for (position, group) in groups.into_iter().enumerate() {
        let items = group.iter().map(|action| key_texts(action.key()));
        let items: Vec<_> = items.map(|(pk, sk)| (pk.to_owned(), sk.to_owned())).collect();
        let first = batches.iter().position(|batch| batch.takes(&items));
        let first = first.unwrap_or(batches.len());
        if first == batches.len() {
            batches.push(Batch::default());
        }
        batches[first].push(position, group, items);
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::botmatic::integrations::table::item_key;
    use crate::ground::aws::dynamodb::Write;

    fn group(items: &[usize]) -> Group<'static> {
        let key = |item: &usize| item_key("pk".to_owned(), item.to_string());
        items.iter().map(|item| Action::Delete(Write::to("table", key(item)))).collect()
    }

    fn positions(groups: Vec<Group<'static>>) -> Vec<Vec<usize>> {
        let positions = |batch: Batch<'_>| batch.groups.into_iter().map(|it| it.0).collect();
        batches(groups).into_iter().map(positions).collect()
    }

    #[test]
    fn a_transaction_is_filled_and_names_no_item_twice() {
        let of_three = (0..70).map(|it| group(&[3 * it, 3 * it + 1, 3 * it + 2])).collect();
        let filled: Vec<_> = positions(of_three).iter().map(Vec::len).collect();
        assert_eq!(filled, [33, 33, 4]);
        let same = vec![group(&[1, 2]), group(&[3, 1]), group(&[4]), group(&[2, 5]), group(&[1])];
        assert_eq!(positions(same), [vec![0, 2], vec![1, 3], vec![4]]);
    }
}
