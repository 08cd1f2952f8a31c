//! Which messages go together: none that another one could overtake.

use std::collections::HashSet;

use super::message::FifoMessage;
use crate::ground::aws::sqs::batches::MAX_MESSAGES;
use crate::ground::aws::sqs::message::MAX_BYTES;

/// The messages of the next call, as positions: of each group the first that is `left`, so far as
/// they fit into one.
pub(super) fn next_call(messages: &[FifoMessage<'_>], left: &[usize]) -> Vec<usize> {
    let (mut groups, mut bytes, mut call) = (HashSet::new(), 0, Vec::new());
    for position in left {
        let Some(message) = messages.get(*position) else { continue };
        // The later ones of a group wait for the first, whether it fits or not.
        let is_first = groups.insert(message.group);
        if is_first && bytes + message.body.len() <= MAX_BYTES {
            bytes += message.body.len();
            call.push(*position);
        }
        if call.len() == MAX_MESSAGES {
            break;
        }
    }
    call
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The calls for messages of these groups and sizes.
    fn calls(messages: &[(&'static str, usize)]) -> Vec<Vec<usize>> {
        let longest = "a".repeat(MAX_BYTES);
        let message = |(group, bytes): &(&'static str, usize)| FifoMessage {
            body: &longest[..*bytes],
            group,
            deduplication_id: "a",
        };
        let messages: Vec<_> = messages.iter().map(message).collect();
        let (mut left, mut calls): (Vec<_>, _) = ((0..messages.len()).collect(), Vec::new());
        while !left.is_empty() {
            let call = next_call(&messages, &left);
            assert_eq!(call.first(), left.first(), "what waits longest goes");
            left.retain(|position| !call.contains(position));
            calls.push(call);
        }
        calls
    }

    #[test]
    fn no_call_has_two_messages_of_a_group_nor_too_much() {
        const LETTERS: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
        let half = MAX_BYTES / 2;
        for (name, messages, expected) in [
            ("nothing", vec![], vec![]),
            ("one user", vec![("a", 1); 3], vec![vec![0], vec![1], vec![2]]),
            (
                "two users in turn",
                vec![("a", 1), ("b", 1), ("a", 1), ("b", 1)],
                vec![vec![0, 1], vec![2, 3]],
            ),
            (
                "two users, one after the other",
                vec![("a", 1), ("a", 1), ("b", 1), ("b", 1)],
                vec![vec![0, 2], vec![1, 3]],
            ),
            (
                "twelve users",
                LETTERS.map(|letter| (letter, 1)).to_vec(),
                vec![(0..10).collect(), vec![10, 11]],
            ),
            (
                "what does not fit is not overtaken by its group",
                vec![("a", half), ("b", half + 1), ("b", 1), ("c", half)],
                vec![vec![0, 3], vec![1], vec![2]],
            ),
        ] {
            assert_eq!(calls(&messages), expected, "{name}");
        }
    }
}
