//! What roles allow, and that `webhook` and `worker` need all of it and no more.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use patchcord::chat::sessions::{
    Claim, ClaimRequest, Commit, DynamoSessions, SessionKey, SessionStore as _,
};
use patchcord::ground::clock::{Clock, SystemClock};
use patchcord_local::tables::{self, Table};
use patchcord_tests::recorder::Recorder;
use patchcord_tests::stack::database;
use serde_json::Value;

use super::parts::without;

#[tokio::test]
async fn the_functions_may_do_with_sessions_what_they_do() {
    let dynamo = database().await;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let recorder = Recorder::start(dynamo.endpoint()).await;
    let client = tables::functions_client(&recorder.endpoint()).unwrap();
    let store = DynamoSessions::new(client, Table::CONVERSATIONS.to_owned(), clock);
    answer_an_event(&store).await;
    for role in ["WebhookRole", "WorkerRole"] {
        let allowed = allowed(&without(&[]), role, "dynamodb:", "ConversationsTable");
        assert_eq!(allowed, recorder.permissions(), "{role}");
    }
}

/// What the dispatcher does with sessions. The store can do more, for programs of one's own.
async fn answer_an_event(store: &DynamoSessions) {
    let key = SessionKey::new("rest", "user1").unwrap();
    for commits in [true, false] {
        let request = ClaimRequest {
            key: key.clone(),
            event: None,
            owner: format!("owner-{commits}"),
            until: store.clock().now() + Duration::from_secs(30),
            expires: None,
        };
        let claim = store.claim(request).await.unwrap();
        let Claim::Claimed(claimed) = claim else { panic!("{claim:?}") };
        if commits {
            let session = claimed.session;
            let commit = Commit { session, event: None, answer: None, expires_in: None };
            store.commit(&claimed.lease, &commit).await.unwrap();
        } else {
            store.release(&key, &claimed.lease).await.unwrap();
        }
    }
}

/// What a role may do with a service, all of it with one resource.
pub fn allowed(template: &Value, role: &str, service: &str, resource: &str) -> BTreeSet<String> {
    let policies = template["Resources"][role]["Properties"]["Policies"].as_array().unwrap();
    let statements = policies.iter().flat_map(|policy| {
        policy["PolicyDocument"]["Statement"].as_array().unwrap().iter().map(|statement| {
            let actions = match &statement["Action"] {
                Value::Array(actions) => actions.clone(),
                one => vec![one.clone()],
            };
            let actions: Vec<_> =
                actions.iter().map(|action| action.as_str().unwrap().to_owned()).collect();
            (actions, &statement["Resource"])
        })
    });
    let statements = statements.filter(|(actions, _)| actions[0].starts_with(service));
    let mut allowed = BTreeSet::new();
    for (actions, with) in statements {
        assert_eq!(*with, format!("{resource}.Arn"), "{role}");
        allowed.extend(actions);
    }
    allowed
}
