//! A contact that changes, and is told of, between the page it was read on and its turn.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use patchcord::botmatic::Fields;
use patchcord::ground::retry::Sleep;
use patchcord_tests::at_once::AtOnce;
use patchcord_tests::contacts::{CONFIG, Contacts};
use serde_json::json;
use tokio::sync::Notify;

use super::import;

/// Who sleeps does so until they are woken, once.
#[derive(Default)]
pub struct Woken {
    pub asleep: Notify,
    pub awake: Notify,
}

#[async_trait]
impl Sleep for Woken {
    async fn sleep(&self, _: Duration) {
        self.asleep.notify_one();
        self.awake.notified().await;
        // Whoever sleeps after that is not waited for.
        self.awake.notify_one();
    }
}

fn score(score: u32) -> Fields {
    [("score".to_owned(), json!(score))].into_iter().collect()
}

/// The page says 1, as the CRM did when it was read; then the CRM says 2, and tells so. The import
/// goes on so much later.
async fn changed_meanwhile(later: Duration) {
    let config = format!("{CONFIG}  import: {{concurrency: 1, requests_per_second: 1}}\n");
    let contacts = Contacts::with(&config, |setup| setup).await;
    let crm = &contacts.crm;
    crm.generate("local", 3, 7).unwrap();
    let integration = contacts.install().await;
    let request = json!({ "integration": integration });
    import(&contacts.importer().await, request.clone()).await;
    contacts.idle().await;
    let ours = contacts.crm.contacts("local")[0].id.clone();
    let deliver_to = crm.settings().deliver_to;
    // Of this nobody is told.
    crm.change_settings(|settings| settings.deliver_to = None);
    crm.user_updates("local", &ours, score(1)).unwrap();
    crm.user_creates("local", score(9)).unwrap();
    crm.change_settings(|settings| settings.deliver_to = deliver_to);
    contacts.clock.advance(Duration::from_secs(5));

    let woken = Arc::<Woken>::default();
    let mut http = contacts.http();
    http.sleep = Arc::clone(&woken) as _;
    let services = AtOnce::start(&contacts).await;
    let setup = contacts.import_setup_by(services.endpoint(), http).await;
    let function = setup.function().unwrap();
    // The creation goes at once, the change has to wait for its turn.
    let meanwhile = async {
        woken.asleep.notified().await;
        crm.user_updates("local", &ours, score(2)).unwrap();
        contacts.idle().await;
        contacts.clock.advance(later);
        woken.awake.notify_one();
    };
    let (status, ()) = tokio::join!(import(&function, request), meanwhile);
    assert_eq!((&status["state"], &status["counts"]["created"]), (&json!("finished"), &json!(1)));
    contacts.idle().await;
    assert_eq!(contacts.differences(&integration).await, Vec::<String>::new(), "{status}");
    assert_eq!(crm.contact("local", &ours).unwrap().fields["score"], json!(2));
}

#[tokio::test]
async fn what_was_written_since_the_page_was_read_stays() {
    changed_meanwhile(Duration::ZERO).await;
}

#[tokio::test]
async fn it_stays_as_well_where_the_page_has_waited_for_long() {
    changed_meanwhile(Duration::from_secs(5)).await;
}
