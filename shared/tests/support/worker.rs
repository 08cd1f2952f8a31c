//! The worker function with one event that has waited in the queue.

use std::sync::Arc;

use patchcord::app::{Config, Setup};
use patchcord::chat::sessions::MemorySessions;
use patchcord::chat::{Bot, Connector, WebhookRequest};
use patchcord::ground::clock::{Deadline, ManualClock, Timestamp};
use serde_json::json;

const NOW: u64 = 1_700_000_000_000;

/// Lets `bot` answer the event of a request to `channel`, after it was JSON in the queue.
pub async fn answer_later(
    channel: &str,
    connector: impl Connector,
    request: &WebhookRequest,
    bot: impl Bot,
) {
    let events = connector.map_request(request).await.unwrap().events;
    let mut event = events.into_iter().next().unwrap();
    channel.clone_into(&mut event.channel);
    let record = json!({
        "messageId": "1",
        "receiptHandle": "1",
        "attributes": {"MessageGroupId": "g", "ApproximateReceiveCount": "1"},
        "body": serde_json::to_string(&event).unwrap(),
    });
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(NOW)));
    let sessions = Arc::new(MemorySessions::new(clock.clone()));
    let setup = Setup::new(Config::default(), sessions, clock);
    let worker = setup.channel(channel, connector).bot(bot).worker().await.unwrap();
    let deadline = Deadline::at(Timestamp::from_millis(NOW + 120_000), Timestamp::default());
    let left = worker.handle(json!({ "Records": [record] }), deadline).await.unwrap();
    assert_eq!(left.batch_item_failures, []);
}
