//! Whose turn it is.

use std::collections::BTreeMap;

use patchcord::ground::clock::Timestamp;

use crate::queue::message::Stored;

/// What of a group can be received.
#[derive(Default)]
struct Turn {
    numbers: Vec<u64>,
    /// There is one that cannot, and none after it either.
    is_blocked: bool,
}

/// The messages that can be received now, in the order in which they are handed out.
///
/// A message that is hidden stands in the way of all later ones of its group, not of earlier ones:
/// so it was found of AWS in <https://github.com/localstack/localstack/pull/13386>. Of the group
/// whose turn it is as many as possible are handed out, then of the next: “Amazon SQS first attempts
/// to return as many messages with the same message group ID as possible.”
pub(in crate::queue) fn turns(messages: &BTreeMap<u64, Stored>, now: Timestamp) -> Vec<u64> {
    let mut by_group: BTreeMap<Option<&str>, Turn> = BTreeMap::new();
    for (number, message) in messages {
        let turn = by_group.entry(message.new.group.as_deref()).or_default();
        turn.is_blocked |= now < message.hidden_until;
        if !turn.is_blocked {
            turn.numbers.push(*number);
        }
    }
    let mut turns: Vec<_> = by_group.into_values().map(|turn| turn.numbers).collect();
    // The group whose message waits longest is first.
    turns.sort_unstable();
    turns.concat()
}
