//! What a function asks of both services at a time, and in a second.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use patchcord::botmatic::Fields;
use patchcord::ground::clock::Clock as _;
use patchcord::ground::retry::Sleep;
use patchcord_local::standins::{Faults, Reject};
use patchcord_tests::at_once::AtOnce;
use patchcord_tests::clock::ShiftedClock;
use patchcord_tests::contacts::{CONFIG, Contacts};
use serde_json::{Value, json};

use super::import;

/// A list that says itself how it goes on.
pub const CURSOR: &str = r#"consumer:
    type: rest
    base_url: CRM
    token: local-crm-key
    operations:
      list_contacts:
        query: { page: null, cursor: "{{ cursor }}" }
        paging: { type: cursor, next: next_cursor }"#;
/// One that is counted through, as [`CONFIG`] has it.
pub const PAGE: &str = "consumer: {type: rest, base_url: CRM, token: local-crm-key}";

/// Time passes where somebody sleeps.
pub struct Ahead(pub Arc<ShiftedClock>);

#[async_trait]
impl Sleep for Ahead {
    async fn sleep(&self, duration: Duration) {
        self.0.advance(duration);
    }
}

/// The stand-ins, with so many contacts, of which nobody is told.
async fn quiet(config: &str, count: u64) -> (Contacts, String) {
    let contacts = Contacts::with(config, |setup| setup).await;
    contacts.crm.generate("local", count, 7).unwrap();
    let integration = contacts.install().await;
    contacts.botmatic.change_settings(|settings| settings.deliver_to = None);
    contacts.crm.change_settings(|settings| settings.deliver_to = None);
    (contacts, integration)
}

/// Every contact of the CRM has this score now.
fn change(contacts: &Contacts, score: u32) {
    for contact in contacts.crm.contacts("local") {
        let fields: Fields = [("score".to_owned(), json!(score))].into_iter().collect();
        contacts.crm.user_updates("local", &contact.id, fields).unwrap();
    }
    // What was written a moment ago is told one by one.
    contacts.clock.advance(Duration::from_secs(5));
}

/// Pages are neither fetched nor pushed one after the other, unless that is wanted.
#[tokio::test]
async fn both_services_are_called_several_times_at_once_and_no_more_often_together() {
    for (list, concurrency, is_chained) in
        [(PAGE, 4, false), (PAGE, 1, false), (CURSOR, 4, true), (CURSOR, 1, true)]
    {
        let config = CONFIG.replace(PAGE, list);
        let config = format!("{config}  import: {{concurrency: {concurrency}}}\n");
        let (contacts, integration) = quiet(&config, 400).await;
        let slow = Faults { latency_ms: 40, ..Faults::default() };
        contacts.crm.set_faults(slow.clone()).unwrap();
        contacts.botmatic.set_faults(slow).unwrap();
        let at_once = AtOnce::start(&contacts).await;
        let http = contacts.http();
        let setup = contacts.import_setup_by(at_once.endpoint(), http).await;
        let function = setup.function().unwrap();
        let request = json!({ "integration": integration, "page_size": 10 });
        for (name, score) in [("created", None), ("updated", Some(5_000))] {
            if let Some(score) = score {
                change(&contacts, score);
            }
            let status = import(&function, request.clone()).await;
            assert_eq!(status["counts"][name], 400, "{list}, {concurrency}: {status}");
        }
        let [crm, botmatic] = [contacts.crm.requests(), contacts.botmatic.requests()];
        let most = [crm.most_at_once, botmatic.most_at_once];
        let shown = format!("{list}, {concurrency}: {most:?}, together {}", at_once.most());
        assert!(at_once.most() <= concurrency, "{shown}");
        assert!(most.iter().all(|most| *most <= concurrency), "{shown}");
        if concurrency > 1 {
            // Of a list that goes on by cursor only the page before knows the next one.
            assert!(most[0] > 1 || is_chained, "{shown}");
            assert!(most[1] > 1 && at_once.most() > 1, "{shown}");
        }
    }
}

/// With bulk calls that are made again in halves, because Botmatic refuses two of the contacts.
#[tokio::test]
async fn botmatic_is_called_so_often_in_a_second() {
    let import_config = "  import: {concurrency: 1, requests_per_second: 2}\n";
    let (contacts, integration) = quiet(&format!("{CONFIG}{import_config}"), 160).await;
    let poison = |id: &str| {
        let value = contacts.crm.contact("local", id).unwrap().fields["email"].clone();
        Reject { field: "email".to_owned(), value, whole: true }
    };
    let poison = vec![poison("c-25"), poison("c-77")];
    contacts.botmatic.change_settings(|settings| settings.reject = poison);
    let mut http = contacts.http();
    http.sleep = Arc::new(Ahead(Arc::clone(&contacts.clock)));
    let at_once = AtOnce::start(&contacts).await;
    let setup = contacts.import_setup_by(at_once.endpoint(), http).await;
    let function = setup.function().unwrap();
    let request = json!({ "integration": integration, "page_size": 20 });
    let counts =
        |status: &Value| ["created", "updated", "failed"].map(|it| status["counts"][it].clone());
    for (method, expected) in [("POST", [158, 0, 2]), ("PATCH", [0, 158, 2])] {
        if method == "PATCH" {
            change(&contacts, 5_000);
        }
        let asked = contacts.botmatic.requests().count(method, "/api/contacts");
        let begun = contacts.clock.now();
        let status = import(&function, request.clone()).await;
        assert_eq!(counts(&status), expected.map(|count| json!(count)), "{status}");
        let calls = contacts.botmatic.requests().count(method, "/api/contacts") - asked;
        // A second's worth goes at once.
        let least = Duration::from_millis(500) * u32::try_from(calls - 2).unwrap();
        let took = contacts.clock.now().since(begun);
        assert!(took >= least, "{method}: {calls} calls in {took:?}");
    }
}
