//! The store, with its verbs in the modules beside it.

use std::sync::Arc;

use async_trait::async_trait;

use super::super::claim::{Begun, Claim, ClaimRequest, Lease};
use super::super::contact::{Contact, CreationKey, Known};
use super::super::error::PairError;
use super::super::many::{BegunOutside, NewPair};
use super::super::record::Record;
use super::super::store::{Deletion, PairStore};
use super::super::view::View;
use super::item::{contact_key, record_of};
use super::many::Beginning;
use crate::botmatic::IntegrationId;
use crate::contacts::{BotmaticId, ExternalId};
use crate::ground::aws::CallError;
use crate::ground::aws::dynamodb::{DynamoDb, Query, Write};
use crate::ground::clock::{Clock, Deadline, Timestamp};

/// Pairs in a DynamoDB table.
pub struct DynamoPairs {
    pub(super) client: DynamoDb,
    pub(super) table: String,
    pub(super) clock: Arc<dyn Clock>,
}

impl DynamoPairs {
    /// The pairs in `table`, whose keys are `pk` and `sk`, both strings.
    pub fn new(client: DynamoDb, table: String, clock: Arc<dyn Clock>) -> Self {
        Self { client, table, clock }
    }

    /// A write to the item of `contact`.
    pub(super) fn write(&self, integration: &IntegrationId, contact: &Contact) -> Write<'_> {
        Write::to(&self.table, contact_key(integration, contact))
    }

    /// What is stored of `contact`.
    pub(super) async fn record(
        &self,
        integration: &IntegrationId,
        contact: &Contact,
    ) -> Result<Record, PairError> {
        let query = Query::of(&self.table).key(contact_key(integration, contact));
        record_of(self.client.get(&query).await.map_err(unavailable)?)
    }
}

/// A call that failed.
pub(super) fn unavailable(error: CallError) -> PairError {
    PairError::Unavailable(Box::new(error))
}

#[async_trait]
impl PairStore for DynamoPairs {
    async fn save_ids(
        &self,
        integration: &IntegrationId,
        botmatic: &BotmaticId,
        external: &ExternalId,
    ) -> Result<(), PairError> {
        self.save_pair(integration, botmatic, external).await
    }

    async fn botmatic_id(
        &self,
        integration: &IntegrationId,
        external: &ExternalId,
    ) -> Result<Option<BotmaticId>, PairError> {
        let record = self.record(integration, &Contact::External(external.clone())).await?;
        Ok(record.paired_with.and_then(|id| BotmaticId::new(id).ok()))
    }

    async fn external_id(
        &self,
        integration: &IntegrationId,
        botmatic: &BotmaticId,
    ) -> Result<Option<ExternalId>, PairError> {
        let record = self.record(integration, &Contact::Botmatic(botmatic.clone())).await?;
        Ok(record.paired_with.and_then(|id| ExternalId::new(id).ok()))
    }

    async fn delete_ids(
        &self,
        integration: &IntegrationId,
        botmatic: &BotmaticId,
        external: &ExternalId,
    ) -> Result<(), PairError> {
        self.delete_pair(integration, botmatic, external).await
    }

    async fn delete_all_ids(
        &self,
        integration: &IntegrationId,
        until: Deadline,
    ) -> Result<Deletion, PairError> {
        self.delete_all(integration, until).await
    }

    async fn claim(&self, request: ClaimRequest) -> Result<Claim, PairError> {
        self.take(request).await
    }

    async fn commit(&self, lease: Lease, view: &View) -> Result<(), PairError> {
        self.give_back_with(lease, view).await
    }

    async fn release(&self, lease: Lease) -> Result<(), PairError> {
        self.give_back(lease).await
    }

    async fn begin_creation(
        &self,
        lease: &mut Lease,
        key: CreationKey,
        sent: &View,
        stale: Timestamp,
    ) -> Result<Begun, PairError> {
        self.begin(lease, key, sent, stale).await
    }

    async fn pair(
        &self,
        lease: &Lease,
        other: &Contact,
        key: CreationKey,
        view: &View,
    ) -> Result<(), PairError> {
        self.give_back_paired(lease, other, key, view).await
    }

    async fn abandon(&self, lease: Lease) -> Result<(), PairError> {
        self.give_up(&lease).await
    }

    async fn mark_deleted(&self, lease: Lease) -> Result<(), PairError> {
        self.give_back_deleted(lease).await
    }

    async fn known_outside(
        &self,
        integration: &IntegrationId,
        externals: &[ExternalId],
    ) -> Result<Vec<Known>, PairError> {
        self.look_up(integration, externals).await
    }

    async fn begin_creations(
        &self,
        integration: &IntegrationId,
        contacts: &[(ExternalId, CreationKey)],
        owner: &str,
        until: Timestamp,
        stale: Timestamp,
    ) -> Result<Vec<BegunOutside>, PairError> {
        self.begin_each(&Beginning { integration, owner, until, stale }, contacts).await
    }

    async fn pair_many(&self, pairs: &[NewPair]) -> Result<Vec<Result<(), PairError>>, PairError> {
        self.pair_each(pairs).await
    }

    async fn abandon_many(&self, leases: &[Lease]) -> Result<(), PairError> {
        self.give_up_each(leases).await
    }
}
