//! What the stand-ins deliver: in order for each contact, tried again when it fails.

use std::{collections::HashSet, time::Duration};

use patchcord_local::standins::{
    BotmaticStandin, CrmStandin, Ending, Retry, Standin, StandinOptions,
};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    client::{Client, PATIENCE, delivering_to, fields, named},
    receiver::{Answer, Receiver, event},
};

/// Waits for the outbox, but not for ever.
pub async fn idle<P>(standin: &Standin<P>) {
    let waited = timeout(PATIENCE, standin.idle()).await;
    assert!(waited.is_ok(), "it does not get idle: {:?}", standin.outbox());
}

#[tokio::test]
async fn botmatic_sends_events_in_both_shapes() {
    let receiver = Receiver::start().await;
    let url = format!("{}/botmatic", receiver.url);
    let botmatic = BotmaticStandin::start(delivering_to(&url)).await.unwrap();
    for nested in [false, true] {
        botmatic.change_settings(|settings| settings.nested_events = nested);
        let id = botmatic.user_creates("local", named("Ada")).unwrap().id;
        botmatic.user_updates("local", &id, named("Eve")).unwrap();
        botmatic.user_deletes("local", &id).unwrap();
        idle(&botmatic).await;
    }
    botmatic.sends_event("local", "install", &json!({ "lang": "fr" })).unwrap();
    botmatic.sends_action("local", "quote_price", &json!({ "contact_id": 2 })).unwrap();
    idle(&botmatic).await;

    let mut requests = receiver.received();
    for request in &mut requests {
        assert_eq!((&*request.method, &*request.uri), ("POST", "/botmatic"));
        assert_eq!(request.authorization, "Bearer local-token");
        for data in ["/data", "/data/contact_created", "/data/contact_updated"] {
            if let Some(contact) = request.body.pointer_mut(data).and_then(Value::as_object_mut) {
                contact.remove("updated_at");
            }
        }
    }
    let bodies: Vec<Value> = requests.into_iter().map(|request| request.body).collect();
    let ada = |id| json!({ "id": id, "firstname": "Ada" });
    let eve = |id| json!({ "id": id, "firstname": "Eve" });
    // The last two are about different contacts, or none, and may change places.
    assert_eq!(
        bodies[..6],
        [
            json!({ "event": "contact_created", "data": ada(1) }),
            json!({ "event": "contact_updated", "data": eve(1) }),
            json!({ "event": "contact_deleted", "data": { "contact_id": 1 } }),
            json!({ "event": "contact_created", "data": { "contact_created": ada(2) } }),
            json!({ "event": "contact_updated", "data": { "contact_updated": eve(2) } }),
            json!({ "event": "contact_deleted", "data": { "contact_deleted": { "id": 2 } } }),
        ]
    );
    assert!(bodies.contains(&json!({ "event": "install", "data": { "lang": "fr" } })));
    assert!(bodies.contains(&json!({ "action": "quote_price", "data": { "contact_id": 2 } })));
}

#[tokio::test]
async fn the_crm_pushes_changes() {
    let receiver = Receiver::start().await;
    let crm = CrmStandin::start(delivering_to(&receiver.url)).await.unwrap();
    crm.set_integration("local", "acme & co");
    crm.deliver_with("local", "push-key");
    let created = crm.user_creates("local", fields(json!({ "name": "Ada" }))).unwrap();
    let updated = crm.user_updates("local", "c-1", fields(json!({ "city": "Lyon" }))).unwrap();
    crm.user_deletes("local", "c-1").unwrap();
    idle(&crm).await;

    let requests = receiver.received();
    assert!(requests.iter().all(|request| request.authorization == "Bearer push-key"));
    let seen: Vec<_> = requests.iter().map(|r| (&*r.method, &*r.uri, r.body.clone())).collect();
    let query = "integration=acme+%26+co";
    assert_eq!(
        seen,
        [
            ("POST", &*format!("/contacts?{query}"), crm.to_json(&created)),
            ("PATCH", &*format!("/contacts/c-1?{query}"), crm.to_json(&updated)),
            ("DELETE", &*format!("/contacts/c-1?{query}"), Value::Null),
        ]
    );
}

#[tokio::test]
async fn a_change_by_the_api_comes_back_unless_that_is_switched_off() {
    let receiver = Receiver::start().await;
    let botmatic = BotmaticStandin::start(delivering_to(&receiver.url)).await.unwrap();
    botmatic.add_key("local", "a renewed token");
    let client = Client::of(&botmatic, "a renewed token");
    for echo in [true, false] {
        botmatic.change_settings(|settings| settings.echo = echo);
        client.call("POST", "/api/contacts", json!({ "contacts": [{}, {}] })).await;
    }
    botmatic.user_deletes("local", "4").unwrap();
    idle(&botmatic).await;
    let mut events = receiver.events();
    events.sort();
    let expected = [("contact_created", 1), ("contact_created", 2), ("contact_deleted", 4)];
    assert_eq!(events, expected.map(|(name, id)| (name.to_owned(), id)));
    assert!(receiver.received().iter().all(|r| r.authorization == "Bearer a renewed token"));
}

/// Contact 1 fails in every way there is until both events of contact 2, which came later, have
/// arrived.
#[tokio::test]
async fn what_fails_is_tried_again_in_order_and_holds_up_nobody_else() {
    let receiver = Receiver::answering(|request, before| {
        let of_second: HashSet<_> =
            before.iter().map(event).filter(|(_, contact)| *contact == 2).collect();
        match (event(request).1, before.len() % 5) {
            (1, _) if of_second.len() == 2 => Answer::Status(204),
            (1, 0) => Answer::Status(500),
            (1, 1) => Answer::Status(429),
            (1, 2) => Answer::Status(503),
            (1, 3) => Answer::Close,
            (1, _) => Answer::Silence,
            _ => Answer::Status(200),
        }
    })
    .await;
    let mut options = delivering_to(&receiver.url);
    options.retry.timeout = Duration::from_secs(1);
    let botmatic = BotmaticStandin::start(options).await.unwrap();
    botmatic.user_creates("local", named("Ada")).unwrap();
    botmatic.user_updates("local", "1", named("Aïda")).unwrap();
    botmatic.user_creates("local", named("Bob")).unwrap();
    botmatic.user_deletes("local", "1").unwrap();
    let of_first = || receiver.events().into_iter().filter(|(_, contact)| *contact == 1);
    // The second of contact 2 follows when contact 1 has failed in every way.
    let failed = async {
        while of_first().count() < 6 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, failed).await.unwrap();
    botmatic.user_updates("local", "2", named("Björn")).unwrap();
    idle(&botmatic).await;

    let mut of_first: Vec<_> = of_first().collect();
    of_first.dedup();
    let order = of_first.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>();
    assert_eq!(order, ["contact_created", "contact_updated", "contact_deleted"]);
    let outbox = botmatic.outbox();
    assert_eq!((outbox.delivered, outbox.refused, outbox.given_up), (5, 0, 0));
    assert_eq!(outbox.recent.last().unwrap().about, "contact_deleted");
    assert!(outbox.recent.iter().any(|delivery| delivery.contact == "1" && delivery.attempts > 5));
}

#[tokio::test]
async fn gives_up_after_the_last_attempt_and_at_once_when_refused() {
    for (answer, ending, attempts) in [(503, Ending::GivenUp, 3), (401, Ending::Refused, 1)] {
        let receiver = Receiver::answering(move |_, _| Answer::Status(answer)).await;
        let options = delivering_to(&receiver.url);
        let retry = Retry { attempts: 3, ..options.retry };
        let options = StandinOptions { retry, ..options };
        let crm = CrmStandin::start(options).await.unwrap();
        crm.user_creates("local", named("Ada")).unwrap();
        idle(&crm).await;
        let ended = &crm.outbox().recent[0];
        assert_eq!((ended.ending, ended.attempts, ended.status), (ending, attempts, Some(answer)));
        assert_eq!(receiver.received().len(), attempts as usize);
    }
    // Nobody listens.
    let options = delivering_to("http://127.0.0.1:1");
    let retry = Retry { attempts: 2, ..options.retry };
    let crm = CrmStandin::start(StandinOptions { retry, ..options }).await.unwrap();
    crm.user_creates("local", named("Ada")).unwrap();
    idle(&crm).await;
    let ended = &crm.outbox().recent[0];
    assert_eq!((ended.ending, ended.attempts, ended.status), (Ending::GivenUp, 2, None));
}
