//! The key store's own writes: both directions of a pair in one transaction.

use super::super::contact::Contact;
use super::super::error::PairError;
use super::item::record_of;
use super::store::{DynamoPairs, unavailable};
use crate::botmatic::IntegrationId;
use crate::contacts::{BotmaticId, ExternalId};
use crate::ground::aws::dynamodb::{Action, Condition, Transaction, Write, text};

const SAVE: &str = "SET paired_with = :id REMOVE deleted_until, expires_at";
const UNPAIRED_OR_SAME: &str = "attribute_not_exists(paired_with) OR paired_with = :id";

impl DynamoPairs {
    pub(super) async fn save_pair(
        &self,
        integration: &IntegrationId,
        botmatic: &BotmaticId,
        external: &ExternalId,
    ) -> Result<(), PairError> {
        let [botmatic, external] = self.both(integration, botmatic, external);
        let actions =
            [&botmatic, &external].map(|(_, write)| Action::Update(write.clone().update(SAVE)));
        self.transact_both([&botmatic.0, &external.0], &actions).await
    }

    pub(super) async fn delete_pair(
        &self,
        integration: &IntegrationId,
        botmatic: &BotmaticId,
        external: &ExternalId,
    ) -> Result<(), PairError> {
        let [botmatic, external] = self.both(integration, botmatic, external);
        let actions = [Action::Delete(botmatic.1.clone()), Action::Delete(external.1.clone())];
        self.transact_both([&botmatic.0, &external.0], &actions).await
    }

    /// A write to each of the two, on condition that it is paired with the other or with none.
    fn both(
        &self,
        integration: &IntegrationId,
        botmatic: &BotmaticId,
        external: &ExternalId,
    ) -> [(Contact, Write<'_>); 2] {
        let botmatic = Contact::Botmatic(botmatic.clone());
        let external = Contact::External(external.clone());
        let write = |contact: &Contact, other: &Contact| {
            self.write(integration, contact)
                .on_condition(UNPAIRED_OR_SAME)
                .value(":id", text(other.id()))
                .returning_refused()
        };
        let (first, second) = (write(&botmatic, &external), write(&external, &botmatic));
        [(botmatic, first), (external, second)]
    }

    async fn transact_both(
        &self,
        [botmatic, external]: [&Contact; 2],
        actions: &[Action<'_>],
    ) -> Result<(), PairError> {
        let refused = match self.client.transact(actions).await.map_err(unavailable)? {
            Transaction::Done => return Ok(()),
            Transaction::Refused(refused) => refused,
        };
        let sides = [(botmatic, external), (external, botmatic)];
        for ((contact, other), item) in sides.into_iter().zip(refused) {
            if let Condition::Failed(item) = item {
                return Err(record_of(item)?.refusal(contact, other.id(), self.clock.now()));
            }
        }
        Err(PairError::LeaseLost)
    }
}
