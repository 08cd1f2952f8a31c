//! To the millisecond: what is a duplicate, what stands in whose way, and what becomes of the dead.

use std::sync::Arc;
use std::time::Duration;

use patchcord_local::queue::{
    Counts, NewMessage, QueueAttributes, Queues, Receive, Received, Redrive,
};

use crate::setup::{MILLISECOND, NEARLY, START, TIMEOUT, queues, send_in_groups};
use patchcord_tests::wait::until;

const QUEUE: &str = "worker.fifo";
const DEAD: &str = "dead.fifo";

async fn receive(queues: &Queues, queue: &str, max: usize) -> Vec<Received> {
    let now = Receive { max, visibility_timeout: None, wait: Some(Duration::ZERO) };
    queues.receive(queue, now).await.unwrap()
}

fn bodies(messages: &[Received]) -> Vec<&str> {
    messages.iter().map(|message| message.body.as_str()).collect()
}

#[tokio::test]
async fn a_duplicate_is_one_for_five_minutes_from_the_first() {
    let (queues, clock) = queues(QUEUE, DEAD, QueueAttributes::fifo());
    send_in_groups(&queues, QUEUE, &["a1"]);
    for pause in [Duration::from_mins(4), Duration::from_millis(59_999)] {
        clock.advance(pause);
        send_in_groups(&queues, QUEUE, &["a1"]);
        assert_eq!(queues.counts(QUEUE).unwrap().visible, 1, "after {pause:?}");
    }
    clock.advance(MILLISECOND);
    send_in_groups(&queues, QUEUE, &["a1"]);
    assert_eq!(queues.counts(QUEUE).unwrap().visible, 2);
}

#[tokio::test]
async fn a_hidden_message_stands_in_the_way_of_later_ones_of_its_group_only() {
    let (queues, clock) = queues(QUEUE, DEAD, QueueAttributes::fifo());
    send_in_groups(&queues, QUEUE, &["a1", "a2", "a3", "b1"]);
    let received = receive(&queues, QUEUE, 10).await;
    let longer = TIMEOUT * 2;
    queues.change_visibility(QUEUE, &received[1].receipt_handle, longer).unwrap();
    clock.advance(TIMEOUT);
    assert_eq!(bodies(&receive(&queues, QUEUE, 10).await), ["a1", "b1"]);
    clock.advance(NEARLY);
    assert_eq!(receive(&queues, QUEUE, 10).await, []);
    clock.advance(MILLISECOND);
    assert_eq!(bodies(&receive(&queues, QUEUE, 10).await), ["a1", "a2", "a3", "b1"]);
}

#[tokio::test]
async fn as_many_of_a_group_as_possible_come_together() {
    let (queues, _) = queues(QUEUE, DEAD, QueueAttributes::fifo());
    send_in_groups(&queues, QUEUE, &["b1", "a1", "b2", "a2", "b3", "c1"]);
    assert_eq!(bodies(&receive(&queues, QUEUE, 4).await), ["b1", "b2", "b3", "a1"]);
    assert_eq!(bodies(&receive(&queues, QUEUE, 4).await), ["c1"], "a and b are in flight");
}

#[tokio::test]
async fn all_messages_of_a_queue_are_delayed_alike() {
    let delay = Duration::from_secs(5);
    let (queues, clock) = queues(QUEUE, DEAD, QueueAttributes { delay, ..QueueAttributes::fifo() });
    let not = Some(Duration::ZERO);
    let message = NewMessage { delay: not, ..NewMessage::in_group("a1", "a", "a1") };
    queues.send(QUEUE, message).unwrap();
    clock.advance(Duration::from_millis(4_999));
    assert_eq!(receive(&queues, QUEUE, 10).await, []);
    clock.advance(MILLISECOND);
    assert_eq!(bodies(&receive(&queues, QUEUE, 10).await), ["a1"]);
}

#[tokio::test]
async fn who_waits_gets_the_next_of_a_group_when_it_is_its_turn() {
    let (queues, clock) = queues(QUEUE, DEAD, QueueAttributes::fifo());
    send_in_groups(&queues, QUEUE, &["a1", "a2"]);
    let wait = Receive { max: 1, visibility_timeout: None, wait: Some(Duration::from_secs(20)) };
    let waiting = || {
        let queues = Arc::clone(&queues);
        tokio::spawn(async move { queues.receive(QUEUE, wait).await.unwrap() })
    };
    let first = receive(&queues, QUEUE, 1).await.remove(0);
    let second = waiting();
    until(|| queues.waiting() > 0).await;
    queues.delete(QUEUE, &first.receipt_handle).unwrap();
    assert_eq!(bodies(&second.await.unwrap()), ["a2"]);

    clock.advance(Duration::from_secs(20));
    let again = waiting();
    until(|| queues.waiting() > 0).await;
    clock.advance(Duration::from_secs(10));
    assert_eq!(bodies(&again.await.unwrap()), ["a2"], "its timeout is over");
}

#[tokio::test]
async fn the_dead_keep_who_they_are_and_are_kept_from_then_on() {
    let redrive = Some(Redrive { queue: DEAD.to_owned(), max_receive_count: 2 });
    let (queues, clock) =
        queues(QUEUE, DEAD, QueueAttributes { redrive, ..QueueAttributes::fifo() });
    send_in_groups(&queues, QUEUE, &["a1", "a2"]);
    let first = receive(&queues, QUEUE, 1).await.remove(0);
    let days = Duration::from_hours(3 * 24);
    clock.advance(days);
    assert_eq!(bodies(&receive(&queues, QUEUE, 1).await), ["a1"]);
    clock.advance(TIMEOUT);
    assert_eq!(bodies(&receive(&queues, QUEUE, 10).await), ["a2"], "the group goes on");

    clock.advance(days);
    let dead = receive(&queues, DEAD, 10).await.remove(0);
    assert_eq!((&dead.id, dead.receive_count, dead.sent), (&first.id, 3, START + days + TIMEOUT));
    let known = |message: &Received| {
        let Received { group, deduplication_id, sequence_number, .. } = message.clone();
        [group, deduplication_id, sequence_number]
    };
    assert_eq!(known(&dead), known(&first));
    assert_eq!(dead.moved_from.as_deref(), Some("arn:aws:sqs:eu-west-1:000000000000:worker.fifo"));
    clock.advance(Duration::from_hours(24));
    assert_eq!(queues.counts(DEAD).unwrap(), Counts::default());
}
