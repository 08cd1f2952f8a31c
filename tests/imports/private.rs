//! No field of a contact and no secret gets into a log, nor into the queue.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use patchcord_local::queue::{Invoke, InvokeError};
use patchcord_local::runtime_api::Lambda;
use patchcord_local::standins::{Fault, Faults, Reject, Rule};
use patchcord_tests::contacts::{PUSH_KEY, TOKEN};
use patchcord_tests::imports::{ADMIN_KEY, TENANT};
use patchcord_tests::private;
use patchcord_tests::stack::TempFile;
use patchcord_tests::webhooks::KEY;
use serde_json::json;

use super::kills::function;
use super::one_by_one;

/// What may be in no log: secrets, and what every contact of the stand-in has.
pub const PRIVATE: [&str; 6] = [TOKEN, PUSH_KEY, ADMIN_KEY, KEY, "@7.example.com", "+336"];

/// Makes sure that the function has printed none of it, but something.
pub fn nothing_private(lambda: &Lambda) {
    private::nothing_private(lambda, &PRIVATE);
}

/// Looks at what the queue hands over.
struct Looking(Lambda);

impl Invoke for Looking {
    async fn invoke(&self, event: Bytes) -> Result<Bytes, InvokeError> {
        let text = String::from_utf8_lossy(&event);
        assert!(PRIVATE.iter().all(|private| !text.contains(private)), "{text}");
        Invoke::invoke(&self.0, event).await
    }
}

#[tokio::test]
async fn failures_of_every_kind_are_logged_without_what_they_are_about() {
    // So that it is the same page whose answer is lost, and never the one with the poison.
    let imports = one_by_one(300).await;
    let crm = &imports.contacts.crm;
    crm.change_settings(|settings| settings.deliver_to = None);
    for number in 0..3 {
        let fields = json!({ "email": format!("odd-{number}@7.example.com"), "score": "many" });
        crm.user_creates(TENANT, serde_json::from_value(fields).unwrap()).unwrap();
    }
    let poison = imports.contacts.crm.contact(TENANT, "c-250").unwrap();
    imports.contacts.botmatic.change_settings(|settings| {
        let (field, value) = ("email".to_owned(), poison.fields["email"].clone());
        settings.reject = vec![Reject { field, value, whole: true }];
    });
    let rule = |skip, fault| Rule { skip, ..Rule::once("POST", "/api/contacts", fault) };
    let script = vec![rule(0, Fault::Status(503)), rule(1, Fault::DropAfter)];
    imports.contacts.botmatic.set_faults(Faults { script, ..Faults::default() }).unwrap();
    // Longer than a call is tried again.
    let away = Rule { times: 6, ..Rule::once("GET", "/contacts", Fault::Status(502)) };
    let script = vec![away];
    imports.contacts.crm.set_faults(Faults { script, ..Faults::default() }).unwrap();
    let file = TempFile::new("patchcord.yaml", imports.contacts.config());
    let lambda = Lambda::start(function(&imports, &file, 1, Duration::from_secs(20)));
    let looking = Arc::new(Looking(lambda.await.unwrap()));
    let mapping = imports.invoke(Arc::clone(&looking), 1);
    let import = imports.begin(json!({ "page_size": 50 })).await;
    let status = imports.ended(&import).await;
    assert_eq!((&status["state"], &status["counts"]["failed"]), (&json!("finished"), &json!(1)));

    // One that ends with an error, too.
    imports.contacts.crm.revoke_key(PUSH_KEY);
    let status = imports.ended(&imports.begin(json!({})).await).await;
    assert_eq!(status["state"], "failed", "{status}");
    nothing_private(&looking.0);
    let lines = looking.0.logs();
    assert!(lines.iter().any(|line| line.text.contains("the source is waited for")), "{lines:?}");
    let left_out: Vec<_> = lines.iter().filter(|line| line.text.contains("left out")).collect();
    let are_counted = left_out.iter().all(|line| line.text.contains("3 times mapping `score`"));
    assert!(are_counted && !left_out.is_empty(), "{left_out:?}");
    mapping.stop().await;
}
