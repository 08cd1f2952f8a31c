//! A contact of Botmatic's that the external service has already, by its e-mail address.
//!
//! This happens once, before there is a pair: the pair is the identity from then on. What the
//! external service holds completes Botmatic's contact, and counts where they differ; what only
//! Botmatic holds goes to the external service, and so does a change of what was sent there by an
//! attempt to create it whose answer got lost.

use serde_json::Value;

use super::create::Stop;
use super::news::News;
use super::operations::{Job, Sync};
use super::outcome::Outcome;
use super::update::Current;
use crate::contacts::Side;
use crate::contacts::consumer::ExternalContact;
use crate::contacts::mapping::{Entry, Extent, Origin};
use crate::contacts::pairs::{Contact, CreationKey, Lease, PairError, View};

/// A contact of Botmatic's, and the external one that was found.
pub(super) struct Adoption<'a> {
    /// What was told of Botmatic's.
    pub news: &'a News,
    /// What it holds.
    pub current: &'a Current,
    /// The external one.
    pub found: ExternalContact,
    /// Under which the creation was begun.
    pub key: CreationKey,
    /// What both hold if the one was created for the other and neither was changed since.
    pub sent: &'a View,
}

impl Sync {
    /// None if the contact that was found is not there any more.
    pub(super) async fn adopt(
        &self,
        job: &Job<'_>,
        lease: &Lease,
        adoption: Adoption<'_>,
    ) -> Result<Option<Outcome>, Stop> {
        let Adoption { news, current, found, key, sent } = adoption;
        let external = Contact::External(found.id.clone());
        let pair = self.pairs.botmatic_id(&job.integration.id, &found.id).await?;
        if pair.is_some_and(|id| Contact::Botmatic(id) != news.contact) {
            return Err(Stop::NotCreated(Outcome::Conflict));
        }
        let found = Current { fields: found.fields, extent: Extent::Whole };
        let theirs = self.map(Side::Botmatic, &found);
        let ours = self.map(Side::External, current);
        let is_theirs = |name: &str| theirs.entry(name).is_some_and(|it| !it.value.is_null());
        let is_held = |entry: &Entry, value: &Value| sent.holds(Side::External, &entry.name, value);
        let is_as_sent =
            |name: &str| theirs.entry(name).is_some_and(|entry| is_held(entry, &entry.source));
        let is_ours = |entry: &Entry| {
            let is_only_ours = !entry.value.is_null() && !is_theirs(&entry.name);
            entry.origin == Origin::Field && (is_only_ours || is_as_sent(&entry.name))
        };
        let completing = theirs.fields_where(|entry| {
            let held = ours.entry(&entry.name).is_some_and(|it| it.source == entry.value);
            let counts = !entry.value.is_null() && !is_as_sent(&entry.name);
            entry.origin == Origin::Field && counts && !held
        });
        let for_them = ours.fields_where(|entry| {
            is_ours(entry) && !(is_as_sent(&entry.name) && is_held(entry, &entry.value))
        });
        if !completing.is_empty() {
            self.update_on(job, &news.contact, &completing).await?;
        }
        if !for_them.is_empty() {
            match self.update_on(job, &external, &for_them).await {
                Err(error) if error.is_not_found() => return Ok(None),
                updated => updated?,
            }
        }
        let mut view = View::default();
        (view.order, view.last_written) = (news.order.clone(), Some(self.clock.now()));
        // Defaults and constants were not sent.
        for entry in theirs.entries.iter().filter(|entry| entry.origin == Origin::Field) {
            view.note(Side::External, &entry.name, &entry.source);
            view.note(Side::Botmatic, &entry.name, &entry.value);
        }
        for entry in ours.entries.iter().filter(|entry| is_ours(entry)) {
            view.note(Side::Botmatic, &entry.name, &entry.source);
            view.note(Side::External, &entry.name, &entry.value);
        }
        match self.pairs.pair(lease, &external, key, &view).await {
            // What was found is what was deleted a while ago.
            Err(PairError::Deleted { side: Side::External, .. }) => return Ok(None),
            paired => paired?,
        }
        let (botmatic, external) = Self::ids(&news.contact, &external)?;
        Ok(Some(Outcome::Adopted { botmatic, external }))
    }
}
