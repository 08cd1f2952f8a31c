//! Contacts that cannot be brought over just now or not at all, one by one, and what is left of them.

use patchcord::app::ContactImport;
use patchcord::botmatic::Fields;
use patchcord::contacts::import::job::JobId;
use patchcord_local::standins::{Fault, Faults, Rule};
use patchcord_tests::contacts::{CONFIG, Contacts};
use serde_json::{Value, json};

use super::{import, invoke};

/// From now on nobody is told of anything.
fn quiet(contacts: &Contacts) {
    contacts.botmatic.change_settings(|settings| settings.deliver_to = None);
    contacts.crm.change_settings(|settings| settings.deliver_to = None);
}

/// The score of every contact of the CRM is another now.
fn change_all(contacts: &Contacts) {
    for contact in contacts.crm.contacts("local") {
        let fields: Fields = [("score".to_owned(), json!(5_000))].into_iter().collect();
        contacts.crm.user_updates("local", &contact.id, fields).unwrap();
    }
}

/// What an import has not brought over, and why.
async fn failures(function: &ContactImport, status: &Value) -> Vec<(String, String)> {
    let id = JobId::try_from(status["import"].as_str().unwrap().to_owned()).unwrap();
    let page = function.importer().imports().failures(&id, None, 1_000).await.unwrap();
    let failures = page.failures.into_iter();
    failures.map(|it| (it.external_id.unwrap().to_string(), it.reason)).collect()
}

/// Contacts that were touched a moment ago are told one by one. A service that is unavailable says
/// nothing about them: the page waits for it.
#[tokio::test]
async fn a_service_that_is_away_makes_no_failures_of_contacts_that_were_touched_a_moment_ago() {
    let config = CONFIG.replace("settle_seconds: 1", "settle_seconds: 60");
    for (botmatic_is_away, method, path) in
        [(true, "PATCH", "/api/contacts/*"), (false, "GET", "/contacts/*")]
    {
        let contacts = Contacts::with(&config, |setup| setup).await;
        contacts.crm.generate("local", 3, 7).unwrap();
        let integration = contacts.install().await;
        let function = contacts.importer().await;
        import(&function, json!({ "integration": integration })).await;
        contacts.idle().await;
        quiet(&contacts);
        change_all(&contacts);
        let busy = Fault::RateLimited { retry_after: Some(60) };
        let script = vec![Rule { times: u32::MAX, ..Rule::once(method, path, busy) }];
        let away = Faults { script, ..Faults::default() };
        let set_faults = |faults| {
            if botmatic_is_away {
                contacts.botmatic.set_faults(faults).unwrap();
            } else {
                contacts.crm.set_faults(faults).unwrap();
            }
        };
        set_faults(away);
        let status = invoke(&function, json!({ "integration": integration })).await;
        let shown = (&status["state"], &status["counts"]["failed"]);
        assert_eq!(shown, (&json!("running"), &json!(0)), "{path}: {status}");

        set_faults(Faults::default());
        let status = import(&function, status["next"].clone()).await;
        let counts = &status["counts"];
        let shown = (&status["state"], &counts["updated"], &counts["failed"]);
        assert_eq!(shown, (&json!("finished"), &json!(3), &json!(0)), "{path}: {status}");
    }
}
