//! To the millisecond: delays, timeouts and how long a message is kept.

use std::sync::Arc;
use std::time::Duration;

use patchcord_local::queue::{
    Counts, NewMessage, QueueAttributes, QueueError, Queues, Receive, Received, Redrive,
};

use crate::setup::{MILLISECOND, NEARLY, START, TIMEOUT, queues};
use patchcord_tests::wait::until;

async fn receive(queues: &Queues) -> Vec<Received> {
    let now = Receive { max: 10, visibility_timeout: None, wait: Some(Duration::ZERO) };
    queues.receive("import", now).await.unwrap()
}

#[tokio::test]
async fn a_message_with_a_delay_is_not_early() {
    let delay = Duration::from_secs(5);
    let (queues, clock) =
        queues("import", "dead", QueueAttributes { delay, ..QueueAttributes::default() });
    let soon = NewMessage { delay: Some(Duration::ZERO), ..NewMessage::new("soon") };
    let late = NewMessage { delay: Some(Duration::from_mins(15)), ..NewMessage::new("late") };
    for message in [NewMessage::new("as the queue says"), soon, late] {
        queues.send("import", message).unwrap();
    }
    for (pause, expected) in [
        (Duration::ZERO, vec!["soon"]),
        (Duration::from_millis(4_999), vec![]),
        (MILLISECOND, vec!["as the queue says"]),
        (Duration::from_millis(894_999), vec![]),
    ] {
        clock.advance(pause);
        let received = receive(&queues).await;
        let bodies: Vec<_> = received.iter().map(|message| message.body.as_str()).collect();
        assert_eq!(bodies, expected, "after {pause:?}");
        for message in received {
            queues.delete("import", &message.receipt_handle).unwrap();
        }
    }
    clock.advance(MILLISECOND);
    assert_eq!(receive(&queues).await[0].body, "late");
}

#[tokio::test]
async fn a_message_is_hidden_until_its_timeout_is_over() {
    let (queues, clock) = queues("import", "dead", QueueAttributes::default());
    queues.send("import", NewMessage::new("a")).unwrap();
    let first = receive(&queues).await.remove(0);
    clock.advance(NEARLY);
    assert_eq!(receive(&queues).await, []);
    assert_eq!(queues.counts("import").unwrap(), Counts { in_flight: 1, ..Counts::default() });
    clock.advance(MILLISECOND);
    assert_eq!(queues.counts("import").unwrap(), Counts { visible: 1, ..Counts::default() });
    let expired = queues.change_visibility("import", &first.receipt_handle, TIMEOUT);
    assert_eq!(expired, Err(QueueError::MessageNotInflight));
    let second = receive(&queues).await.remove(0);
    assert_eq!((second.receive_count, second.first_received), (2, START));

    let stale = queues.change_visibility("import", &first.receipt_handle, TIMEOUT);
    assert_eq!(stale, Err(QueueError::MessageNotInflight), "somebody else has it");
    clock.advance(TIMEOUT / 2);
    queues.change_visibility("import", &second.receipt_handle, TIMEOUT).unwrap();
    clock.advance(NEARLY);
    assert_eq!(receive(&queues).await, [], "counted from the change");
    let hours = Duration::from_hours(12);
    let too_long = queues.change_visibility("import", &second.receipt_handle, hours);
    assert!(matches!(too_long, Err(QueueError::InvalidParameterValue { .. })), "{too_long:?}");
    clock.advance(MILLISECOND);
    assert_eq!(receive(&queues).await.len(), 1);
}

#[tokio::test]
async fn a_message_is_deleted_with_its_latest_handle_even_when_that_has_expired() {
    let (queues, clock) = queues("import", "dead", QueueAttributes::default());
    queues.send("import", NewMessage::new("a")).unwrap();
    let message = receive(&queues).await.remove(0);
    clock.advance(TIMEOUT);
    queues.delete("import", &message.receipt_handle).unwrap();
    assert_eq!(receive(&queues).await, []);
}

#[tokio::test]
async fn what_is_too_old_is_forgotten() {
    let (queues, clock) = queues("import", "dead", QueueAttributes::default());
    queues.send("import", NewMessage::new("a")).unwrap();
    clock.advance(Duration::from_millis(4 * 24 * 60 * 60 * 1000 - 1));
    assert_eq!(queues.counts("import").unwrap().visible, 1);
    clock.advance(MILLISECOND);
    assert_eq!(queues.counts("import").unwrap().visible, 0);
    assert_eq!(receive(&queues).await, []);
}

#[tokio::test]
async fn who_waits_gets_a_message_as_soon_as_it_can_be_received() {
    let (queues, clock) = queues("import", "dead", QueueAttributes::default());
    let wait = Receive { max: 1, visibility_timeout: None, wait: Some(Duration::from_secs(20)) };
    let delayed = NewMessage { delay: Some(Duration::from_secs(10)), ..NewMessage::new("a") };
    queues.send("import", delayed).unwrap();
    let waiting = || {
        let queues = Arc::clone(&queues);
        tokio::spawn(async move { queues.receive("import", wait).await.unwrap() })
    };
    let first = waiting();
    until(|| queues.waiting() > 0).await;
    clock.advance(Duration::from_secs(10));
    assert_eq!(first.await.unwrap().len(), 1);

    let second = waiting();
    until(|| queues.waiting() > 0).await;
    clock.advance(Duration::from_secs(20));
    assert_eq!(second.await.unwrap(), [], "the time is over");
}

#[tokio::test]
async fn an_unfinished_message_goes_to_the_dead_letters_after_so_many_times() {
    let redrive = Some(Redrive { queue: "dead".to_owned(), max_receive_count: 3 });
    let (queues, clock) =
        queues("import", "dead", QueueAttributes { redrive, ..QueueAttributes::default() });
    let id = queues.send("import", NewMessage::new("poison")).unwrap();
    for expected in 1..=3 {
        assert_eq!(receive(&queues).await[0].receive_count, expected);
        assert_eq!(queues.counts("dead").unwrap(), Counts::default());
        clock.advance(TIMEOUT);
    }
    assert_eq!(receive(&queues).await, []);
    assert_eq!(queues.counts("import").unwrap(), Counts::default());
    let now = Receive { max: 10, visibility_timeout: None, wait: Some(Duration::ZERO) };
    let dead = queues.receive("dead", now).await.unwrap().remove(0);
    assert_eq!((dead.id, dead.sent, dead.receive_count), (id, START, 4));
    assert_eq!(dead.moved_from.as_deref(), Some("arn:aws:sqs:eu-west-1:000000000000:import"));
}
