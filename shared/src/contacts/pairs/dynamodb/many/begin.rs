//! Taking many contacts, and noting that they are about to be created on Botmatic.

use super::super::creation::{BEGIN, creator_of};
use super::super::item::record_of;
use super::super::lease::{CLAIM, FREE};
use super::super::pairing::NOT_DELETED;
use super::super::store::DynamoPairs;
use super::write::{Group, Written};
use crate::botmatic::IntegrationId;
use crate::contacts::ExternalId;
use crate::contacts::pairs::many::repetitions;
use crate::contacts::pairs::{BegunOutside, Contact, CreationKey, Known, Lease, PairError, View};
use crate::ground::aws::dynamodb::{Action, Condition, number, text};
use crate::ground::clock::Timestamp;

/// Who begins, for how long, and since when another's creation counts.
pub(in super::super) struct Beginning<'a> {
    pub integration: &'a IntegrationId,
    pub owner: &'a str,
    pub until: Timestamp,
    pub stale: Timestamp,
}

/// A contact that may be begun.
struct Candidate {
    position: usize,
    contact: Contact,
    key: CreationKey,
    /// Who has begun to create under its key, and does not any more.
    before: Option<Contact>,
}

impl DynamoPairs {
    pub(in super::super) async fn begin_each(
        &self,
        beginning: &Beginning<'_>,
        contacts: &[(ExternalId, CreationKey)],
    ) -> Result<Vec<BegunOutside>, PairError> {
        let mut answers: Vec<_> = contacts.iter().map(|_| BegunOutside::Busy).collect();
        let all = contacts.iter().zip(repetitions(contacts)).enumerate();
        let candidates = all.filter(|(_, (_, is_repeated))| !is_repeated).map(
            |(position, ((external, key), _))| {
                let contact = Contact::External(external.clone());
                Candidate { position, contact, key: *key, before: None }
            },
        );
        let contested = self.try_each(beginning, candidates.collect(), &mut answers).await?;
        let left = self.without_creator(beginning, contested).await?;
        self.try_each(beginning, left, &mut answers).await?;
        self.tell_pairs(beginning.integration, contacts, &mut answers).await?;
        Ok(answers)
    }

    /// Begins what can be begun. Returns those under whose key somebody else does, with who it is.
    async fn try_each(
        &self,
        beginning: &Beginning<'_>,
        candidates: Vec<Candidate>,
        answers: &mut [BegunOutside],
    ) -> Result<Vec<Candidate>, PairError> {
        let groups = candidates.iter().map(|it| self.beginning(beginning, it)).collect();
        let written = self.write_each(groups).await?;
        let now = self.clock.now();
        let mut contested = Vec::new();
        for (candidate, written) in candidates.into_iter().zip(written) {
            let Candidate { position, contact, key, .. } = candidate;
            let refused = match written {
                Written::Refused(refused) => refused,
                Written::Done => {
                    answers[position] = BegunOutside::Begun(Lease {
                        integration: beginning.integration.clone(),
                        contact,
                        owner: beginning.owner.to_owned(),
                        other: None,
                        creation: Some(key),
                        sent: View::default(),
                    });
                    continue;
                }
            };
            let mut refused = refused.into_iter();
            match (refused.next(), refused.next()) {
                (Some(Condition::Failed(item)), _) => {
                    answers[position] = record_of(item)?.why_not_begun(&contact, now)?;
                }
                (_, Some(Condition::Failed(Some(noted)))) => {
                    let before = Some(creator_of(&noted)?);
                    contested.push(Candidate { position, contact, key, before });
                }
                _ => {}
            }
        }
        Ok(contested)
    }

    /// The writes by which a contact is taken and its creation noted.
    fn beginning(&self, it: &Beginning<'_>, candidate: &Candidate) -> Group<'_> {
        let Candidate { contact, key, before, .. } = candidate;
        // The same call again finds what it has begun; otherwise nothing may be known.
        let condition = format!(
            "attribute_not_exists(paired_with) AND (lease_owner = :owner AND creating_key = :key \
             OR {FREE} AND {NOT_DELETED} AND attribute_not_exists(creating_key))"
        );
        let begin = self
            .write(it.integration, contact)
            .update(format!("{CLAIM}, {BEGIN}"))
            .on_condition(condition)
            .value(":owner", text(it.owner))
            .value(":until", number(it.until.as_millis()))
            .value(":now", number(self.clock.now().as_millis()))
            .value(":key", number(key.to_bits()))
            .returning_refused();
        let note = self.note(it.integration, contact, *key, before.as_ref());
        vec![Action::Update(begin), Action::Update(note)]
    }

    /// Those of whose key nobody is the creator any more.
    async fn without_creator(
        &self,
        beginning: &Beginning<'_>,
        contested: Vec<Candidate>,
    ) -> Result<Vec<Candidate>, PairError> {
        let creators = contested.iter().filter_map(|it| it.before.as_ref());
        let creators: Vec<_> = creators.map(|it| (beginning.integration, it)).collect();
        let records = self.records(&creators).await?;
        let now = self.clock.now();
        let is_left = |(candidate, creator): (Candidate, _)| {
            let side = candidate.before.as_ref().map(Contact::side);
            let same_side = side == Some(candidate.contact.side());
            let is_creating = |it: crate::contacts::pairs::record::Record| {
                it.is_creating(candidate.key, same_side, beginning.stale, now)
            };
            (!is_creating(creator)).then_some(candidate)
        };
        Ok(contested.into_iter().zip(records).filter_map(is_left).collect())
    }

    /// What a pair holds is with the other contact.
    async fn tell_pairs(
        &self,
        integration: &IntegrationId,
        contacts: &[(ExternalId, CreationKey)],
        answers: &mut [BegunOutside],
    ) -> Result<(), PairError> {
        let is_paired =
            |answer: &BegunOutside| matches!(answer, BegunOutside::Known(Known::Paired(_)));
        let paired: Vec<_> = (0..answers.len()).filter(|it| is_paired(&answers[*it])).collect();
        let ids: Vec<_> = paired.iter().map(|position| contacts[*position].0.clone()).collect();
        for (position, known) in paired.into_iter().zip(self.look_up(integration, &ids).await?) {
            answers[position] = match known {
                // Its pair was deleted meanwhile.
                Known::Unknown => BegunOutside::Busy,
                known => BegunOutside::Known(known),
            };
        }
        Ok(())
    }
}
