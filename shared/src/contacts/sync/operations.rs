//! The operations, from both sides.

use std::sync::Arc;
use std::time::Duration;

use super::claim::StillClaimed;
use super::news::News;
use super::outcome::{Outcome, Unchanged};
use crate::botmatic::api::BotmaticApi;
use crate::botmatic::integrations::{Integration, IntegrationStore};
use crate::contacts::Side;
use crate::contacts::consumer::{ExternalConsumer, Operation, Tenant};
use crate::contacts::mapping::Mappings;
use crate::contacts::pairs::{Claimed, Contact, Known, Lease, PairStore, Paired};
use crate::contacts::path::FieldPath;
use crate::contacts::{BotmaticId, ExternalId, Fields};
use crate::ground::clock::{Clock, Deadline};
use crate::ground::random::Random;

/// On whose behalf something is done, and how long it may take.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// The installation whose contact it is.
    pub integration: &'a Integration,
    /// The end of the invocation.
    pub deadline: Deadline,
}

impl Job<'_> {
    pub(super) fn tenant(&self) -> Tenant<'_> {
        Tenant::of(self.integration, self.deadline)
    }
}

/// What the sync is made of.
pub struct SyncParts {
    /// Which contact is which.
    pub pairs: Arc<dyn PairStore>,
    /// What a contact of one side is on the other.
    pub mappings: Mappings,
    /// The external service.
    pub consumer: Arc<dyn ExternalConsumer>,
    /// Botmatic.
    pub botmatic: Arc<BotmaticApi>,
    /// Asked whether an integration still is installed before something is created for it.
    pub integrations: Arc<dyn IntegrationStore>,
    /// Where a contact of Botmatic's says when it was changed.
    pub updated_at: FieldPath,
    /// Within which both services have told of a change, whatever the network does.
    pub settle: Duration,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Owners of claims, and jitter.
    pub random: Arc<Random>,
}

/// Keeps the contacts of both sides in step.
pub struct Sync {
    pub(super) pairs: Arc<dyn PairStore>,
    pub(super) mappings: Mappings,
    pub(super) consumer: Arc<dyn ExternalConsumer>,
    pub(super) botmatic: Arc<BotmaticApi>,
    pub(super) integrations: Arc<dyn IntegrationStore>,
    updated_at: FieldPath,
    pub(super) settle: Duration,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<Random>,
}

impl Sync {
    /// A sync of these parts.
    pub fn new(parts: SyncParts) -> Self {
        Self {
            pairs: parts.pairs,
            mappings: parts.mappings,
            consumer: parts.consumer,
            botmatic: parts.botmatic,
            integrations: parts.integrations,
            updated_at: parts.updated_at,
            settle: parts.settle,
            clock: parts.clock,
            random: parts.random,
        }
    }

    /// The id of a contact of the external service.
    pub fn external_id(&self, fields: &Fields) -> Option<ExternalId> {
        self.mappings.external_id(fields)
    }

    /// A contact was created or changed on Botmatic. One without a pair is created on the external
    /// service, unless exactly one contact there has its e-mail address: then that is its pair.
    pub async fn changed_on_botmatic(
        &self,
        job: &Job<'_>,
        id: BotmaticId,
        fields: Fields,
    ) -> Outcome {
        let order = self.updated_at.get_in(&fields).and_then(|value| match value {
            serde_json::Value::String(text) => Some(text.clone()),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
        let news = News::whole(Contact::Botmatic(id), Some(fields));
        self.handle_event(job, News { order, ..news }).await
    }

    /// A contact was deleted on Botmatic. One without a pair is none of the external service's.
    pub async fn deleted_on_botmatic(&self, job: &Job<'_>, id: BotmaticId) -> Outcome {
        self.deleted(job, Contact::Botmatic(id)).await
    }

    /// A contact was created on the external service, or restored. Without its fields it is read
    /// there, and so is one that was deleted before.
    pub async fn created_outside(
        &self,
        job: &Job<'_>,
        id: ExternalId,
        fields: Option<Fields>,
    ) -> Outcome {
        self.handle_event(job, News::whole(Contact::External(id), fields)).await
    }

    /// Fields of a contact were changed on the external service; without them it is read there. One
    /// without a pair is not found.
    pub async fn changed_outside(
        &self,
        job: &Job<'_>,
        id: ExternalId,
        fields: Option<Fields>,
    ) -> Outcome {
        self.handle_event(job, News::part(Contact::External(id), fields)).await
    }

    /// A contact was deleted on the external service. One without a pair is not found.
    pub async fn deleted_outside(&self, job: &Job<'_>, id: ExternalId) -> Outcome {
        self.deleted(job, Contact::External(id)).await
    }

    pub(super) async fn handle_event(&self, job: &Job<'_>, news: News) -> Outcome {
        let (claimed, job) = match self.claim(job, &news.contact).await {
            Ok(claimed) => claimed,
            Err(outcome) => return outcome,
        };
        let lease = claimed.lease.clone();
        match self.handle_claimed(&job, claimed, news).await {
            Ok(outcome) => outcome,
            Err(StillClaimed(outcome)) => self.release(lease, outcome).await,
        }
    }

    async fn handle_claimed(
        &self,
        job: &Job<'_>,
        claimed: Claimed,
        news: News,
    ) -> Result<Outcome, StillClaimed> {
        let Claimed { lease, known } = claimed;
        match known {
            Known::Paired(paired) => self.update(job, lease, *paired, news).await,
            Known::Deleted if self.may_be_restored(&news) => {
                // What the event tells may be old; a contact that can be read is there.
                match self.create(job, lease, News { fields: None, ..news }, None).await {
                    Err(StillClaimed(Outcome::NotFound)) => {
                        Err(StillClaimed(Outcome::Unchanged(Unchanged::Deleted)))
                    }
                    outcome => outcome,
                }
            }
            Known::Deleted => Err(StillClaimed(Outcome::Unchanged(Unchanged::Deleted))),
            Known::Creating { since } if self.is_in_doubt(since) => {
                if news.may_create && self.is_recognised(news.side().other()) {
                    return self.create(job, lease, news, Some(since)).await;
                }
                Err(StillClaimed(self.in_doubt(since)))
            }
            Known::Unknown | Known::Creating { .. } if !news.may_create => {
                Err(StillClaimed(Outcome::NotFound))
            }
            Known::Unknown | Known::Creating { .. } => self.create(job, lease, news, None).await,
        }
    }

    /// Whether a contact that was deleted may be there again, under the id it had: HubSpot's can be
    /// restored for 90 days (<https://knowledge.hubspot.com/records/restore-deleted-records>).
    fn may_be_restored(&self, news: &News) -> bool {
        let can_ask = self.consumer.offers(Operation::GetContact);
        news.may_create && news.side() == Side::External && can_ask
    }

    /// Gives a contact back as it was. If that fails, its claim ends with the invocation.
    pub(super) async fn release(&self, lease: Lease, outcome: Outcome) -> Outcome {
        if let Err(error) = self.pairs.release(lease).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a contact stays claimed");
        }
        outcome
    }

    /// The contact of the pair that is on `side`.
    pub(super) fn of_pair(paired: &Paired, side: Side) -> Contact {
        match side {
            Side::Botmatic => Contact::Botmatic(paired.botmatic.clone()),
            Side::External => Contact::External(paired.external.clone()),
        }
    }

    /// Both contacts of a pair, as an outcome names them.
    pub(super) fn ids(one: &Contact, other: &Contact) -> Result<(BotmaticId, ExternalId), Outcome> {
        match (one, other) {
            (Contact::Botmatic(botmatic), Contact::External(external))
            | (Contact::External(external), Contact::Botmatic(botmatic)) => {
                Ok((botmatic.clone(), external.clone()))
            }
            _ => Err(Outcome::Rejected("expected a contact of each side".to_owned())),
        }
    }
}
