//! What is not taken twice
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html>).

use std::collections::BTreeMap;
use std::time::Duration;

use patchcord::ground::clock::Timestamp;
use patchcord::ground::hex::hex;
use ring::digest::{SHA256, digest};

use crate::queue::message::Sent;

/// From the first time on.
const INTERVAL: Duration = Duration::from_mins(5);

/// The deduplication ids of the last five minutes, whatever became of their messages.
#[derive(Debug, Default)]
pub(in crate::queue) struct Deduplication {
    /// By group, where groups are told apart, and id.
    sent: BTreeMap<(Option<String>, String), (Timestamp, Sent)>,
}

impl Deduplication {
    /// What was answered to the first message with this id. To another one, the same is answered
    /// (<https://github.com/faiscadev/fakecloud/pull/1569> and others found that AWS does).
    pub fn find(&mut self, group: Option<&str>, id: &str, now: Timestamp) -> Option<Sent> {
        self.sent.retain(|_, (at, _)| now < *at + INTERVAL);
        let key = (group.map(str::to_owned), id.to_owned());
        self.sent.get(&key).map(|(_, sent)| sent.clone())
    }

    /// Remembers what was answered.
    pub fn remember(&mut self, group: Option<&str>, id: &str, sent: Sent, now: Timestamp) {
        let key = (group.map(str::to_owned), id.to_owned());
        self.sent.insert(key, (now, sent));
    }
}

/// The id of a message that has none, on a queue with `ContentBasedDeduplication`: the SHA-256 of
/// its body.
pub(in crate::queue) fn content_id(body: &str) -> String {
    hex(digest(&SHA256, body.as_bytes()))
}
