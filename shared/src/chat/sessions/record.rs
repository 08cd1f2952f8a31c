//! The stored form of a session, and what both stores do with it: fitting it into the size limit,
//! remembering events, telling a duplicate from a busy session.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::session::{Answer, Session, SessionKey};
use super::store::{Claim, ClaimRequest, Claimed, Commit, Lease, StoreError};
use crate::ground::clock::Timestamp;
use crate::ground::fingerprint::Fingerprint;

/// How many answered events a session remembers.
pub const EVENTS_KEPT: usize = 100;
/// How many answers a session remembers besides the last one, if they take little space.
pub const ANSWERS_KEPT: usize = 16;
/// Answers other than the last are kept while they take no more than this: every message writes
/// the whole session, and DynamoDB charges by the kilobyte.
const ANSWERS_BYTES: usize = 16 * 1024;
/// The last answer is kept while it takes no more than this. Of a longer one a repeated event
/// learns only that it was answered.
const LAST_ANSWER_BYTES: usize = 64 * 1024;
/// DynamoDB's limit for an item, names included
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>).
pub const MAX_RECORD_BYTES: usize = 400 * 1024;
/// Attribute names, numbers and lease of a record, generously.
const OVERHEAD_BYTES: usize = 512;
/// A fingerprint in a list: up to 20 digits at two to the byte, and what the list adds.
const BYTES_PER_EVENT: usize = 14;

/// A session as it is stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Record {
    /// The bot's state as JSON text.
    pub state: Option<String>,
    /// The connector's data as JSON text.
    pub data: Option<String>,
    /// The events answered last, oldest first.
    pub seen: Vec<u64>,
    /// What was answered to some of them, oldest first.
    pub answers: Vec<Remembered>,
    pub version: u64,
    pub updated: Option<Timestamp>,
    pub expires: Option<Timestamp>,
    /// Whose lease is on it, and until when.
    pub lease: Option<(String, Timestamp)>,
    /// Who committed last.
    pub committed_by: Option<String>,
}

/// The answer to one event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Remembered {
    pub event: Fingerprint,
    pub answer: Answer,
}

impl Record {
    /// Why this record refuses a claim.
    pub fn refusal(self, request: &ClaimRequest, now: Timestamp) -> Refusal {
        match &self.lease {
            Some((owner, _)) if *owner == request.owner => return Refusal::AlreadyOurs(self),
            _ => {}
        }
        if let Some(event) = request.event.filter(|event| self.remembers(*event, now)) {
            let mut answers = self.answers.into_iter();
            let found = answers.find(|remembered| remembered.event == event);
            return Refusal::Claim(Claim::Seen(found.map(|remembered| remembered.answer)));
        }
        let until = self.lease.map_or(now, |(_, until)| until);
        Refusal::Claim(Claim::Busy { until })
    }

    /// What a claim that succeeded gives.
    pub fn claimed(self, request: ClaimRequest, now: Timestamp) -> Result<Claim, StoreError> {
        let record = self.current(now);
        let session = record.session(request.key)?;
        let lease = Lease { owner: request.owner, record };
        Ok(Claim::Claimed(Box::new(Claimed { session, lease })))
    }

    /// Whether `event` was answered, as far as this record still counts.
    pub fn remembers(&self, event: Fingerprint, now: Timestamp) -> bool {
        !self.is_expired(now) && self.seen.contains(&event.to_bits())
    }

    /// What still counts of it: an expired record counts as none at all.
    fn current(self, now: Timestamp) -> Self {
        if self.is_expired(now) { Self::default() } else { self }
    }

    /// The session, without its memory of events.
    pub fn session(&self, key: SessionKey) -> Result<Session, StoreError> {
        Ok(Session {
            key,
            state: self.state.as_deref().map(parse).transpose()?,
            data: self.data.as_deref().map(parse).transpose()?.unwrap_or_default(),
            version: self.version,
            updated: self.updated,
        })
    }

    /// Whether a commit that was refused is in this record all the same: an earlier attempt of it had
    /// succeeded, and perhaps others have committed since.
    pub fn contains_commit(&self, owner: &str, commit: &Commit, now: Timestamp) -> bool {
        self.committed_by.as_deref() == Some(owner)
            || commit.event.is_some_and(|event| self.remembers(event, now))
    }

    /// Whether nobody has it and it has expired, and so only waits for its deletion.
    pub fn is_reclaimable(&self, now: Timestamp) -> bool {
        self.is_expired(now) && self.lease.as_ref().is_none_or(|(_, until)| *until <= now)
    }

    /// Whether there is a session to read: it was committed at least once and has not expired.
    pub fn is_saved(&self, now: Timestamp) -> bool {
        self.committed_by.is_some() && !self.is_expired(now)
    }

    /// DynamoDB deletes expired items up to 48 hours late, so every read looks for itself.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// The record after `commit` by `owner`. If it is too large with all the answers it remembers,
    /// it forgets answers; if it is too large without any, that is an error.
    pub fn committed(
        &self,
        owner: &str,
        commit: &Commit,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let json = |fields: &Map<String, Value>| serde_json::to_string(fields).ok();
        let session = &commit.session;
        let mut record = Self {
            state: session.state.as_ref().and_then(json),
            data: Some(&session.data).filter(|data| !data.is_empty()).and_then(json),
            seen: self.seen.clone(),
            answers: self.answers.clone(),
            version: session.version + 1,
            updated: Some(now),
            expires: commit.expires_in.map(|duration| now + duration),
            lease: None,
            committed_by: Some(owner.to_owned()),
        };
        if let Some(event) = commit.event {
            record.seen.push(event.to_bits());
            record.seen.drain(..record.seen.len().saturating_sub(EVENTS_KEPT));
            let answer = commit.answer.clone();
            record.answers.extend(answer.map(|answer| Remembered { event, answer }));
        }
        record.fit(session.key.as_str().len())?;
        Ok(record)
    }

    fn fit(&mut self, key_bytes: usize) -> Result<(), StoreError> {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let fixed = OVERHEAD_BYTES
            + key_bytes
            + text(&self.state)
            + text(&self.data)
            + EVENTS_KEPT * BYTES_PER_EVENT;
        if fixed > MAX_RECORD_BYTES {
            return Err(StoreError::TooLarge { bytes: fixed, limit: MAX_RECORD_BYTES });
        }
        self.keep_answers(MAX_RECORD_BYTES - fixed);
        Ok(())
    }

    /// Forgets the answers that are too many, and those that are too long for the space there is.
    fn keep_answers(&mut self, mut room: usize) {
        let mut allowance = LAST_ANSWER_BYTES;
        let mut kept = Vec::with_capacity(self.answers.len());
        for (age, remembered) in self.answers.drain(..).rev().enumerate() {
            if age == 1 {
                allowance = ANSWERS_BYTES;
            }
            let bytes =
                serde_json::to_string(&remembered).map_or(usize::MAX, |json| json.len() + 1);
            // A longer one leaves its place to those before it.
            if age <= ANSWERS_KEPT && bytes <= room.min(allowance) {
                room -= bytes;
                allowance -= bytes;
                kept.push(remembered);
            }
        }
        kept.reverse();
        self.answers = kept;
    }
}

/// Why a claim was refused.
pub(super) enum Refusal {
    /// Not refused: an earlier attempt of this claim succeeded.
    AlreadyOurs(Record),
    /// Refused, with what the claim is answered.
    Claim(Claim),
}

fn parse(json: &str) -> Result<Map<String, Value>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Corrupt("expected a JSON object"))
}
