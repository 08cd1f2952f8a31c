//! Contacts that cannot be brought over just now or not at all, one by one, and what is left of them.

use std::sync::Arc;
use std::time::Duration;

use patchcord::app::ContactImport;
use patchcord::botmatic::{BotmaticId, Fields, IntegrationId};
use patchcord::contacts::ExternalId;
use patchcord::contacts::import::job::JobId;
use patchcord::contacts::pairs::{DynamoPairs, PairStore as _};
use patchcord_local::standins::{Fault, Faults, Rule};
use patchcord_local::tables::{Table, functions_client};
use patchcord_tests::contacts::{CONFIG, Contacts, TOKEN};
use serde_json::{Value, json};

use super::{import, invoke, with_contacts};

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

/// Of what Botmatic has created, one contact was deleted before its pair was saved, and the id of
/// another one is some other contact's pair already.
#[tokio::test]
async fn a_pair_that_is_refused_leaves_no_doubt() {
    let (contacts, integration, function) = with_contacts(3).await;
    quiet(&contacts);
    let fields = json!({ "email": "before@example.com" });
    let before = contacts.botmatic.user_creates("local", serde_json::from_value(fields).unwrap());
    let before: u64 = before.unwrap().id.parse().unwrap();
    let deleted = json!({ "event": "contact_deleted", "data": { "contact_id": before + 1 } });
    assert_eq!(contacts.event(TOKEN, &deleted).await.0, 200);
    let client = functions_client(&contacts.dynamo.endpoint()).unwrap();
    let clock = Arc::clone(&contacts.clock) as _;
    let pairs = DynamoPairs::new(client, Table::CONTACTS.to_owned(), clock);
    let id = IntegrationId::try_from(integration.clone()).unwrap();
    let theirs = BotmaticId::new((before + 2).to_string()).unwrap();
    pairs.save_ids(&id, &theirs, &ExternalId::new("theirs").unwrap()).await.unwrap();

    let status = import(&function, json!({ "integration": integration })).await;
    let counts = &status["counts"];
    let shown = ["created", "failed", "doubtful"].map(|name| counts[name].clone());
    assert_eq!(shown, [json!(1), json!(2), json!(0)], "{status}");
    let mut reasons: Vec<_> =
        failures(&function, &status).await.into_iter().map(|it| it.1).collect();
    reasons.sort();
    let expected = [
        format!("the contact {} on botmatic was deleted meanwhile", before + 1),
        format!("the contact {} on botmatic is paired with another one", before + 2),
    ];
    assert_eq!(reasons, expected);

    let status = import(&function, json!({ "integration": integration })).await;
    let counts = &status["counts"];
    let shown = ["created", "unchanged", "doubtful"].map(|name| counts[name].clone());
    assert_eq!(shown, [json!(2), json!(1), json!(0)], "{status}");
}

/// Botmatic refuses a bulk change as a whole because one of its contacts is there no more.
#[tokio::test]
async fn a_contact_that_botmatic_has_no_more_stops_no_other() {
    let (contacts, integration, function) = with_contacts(4).await;
    import(&function, json!({ "integration": integration })).await;
    contacts.idle().await;
    quiet(&contacts);
    let address = contacts.crm.contact("local", "c-2").unwrap().fields["email"].clone();
    let there = contacts.botmatic.contacts("local").into_iter();
    let gone = there.into_iter().find(|it| it.fields["email"] == address).unwrap();
    contacts.botmatic.user_deletes("local", &gone.id).unwrap();
    change_all(&contacts);
    contacts.clock.advance(Duration::from_secs(5));
    // All four, the first two, not the first, the second.
    let refused = |skip, times| {
        let rule = Rule::once("PATCH", "/api/contacts", Fault::Status(404));
        Rule { skip, times, ..rule }
    };
    let script = vec![refused(0, 2), refused(1, 1)];
    contacts.botmatic.set_faults(Faults { script, ..Faults::default() }).unwrap();
    let status = import(&function, json!({ "integration": integration })).await;
    let counts = &status["counts"];
    let shown = (&status["state"], &counts["updated"], &counts["failed"]);
    assert_eq!(shown, (&json!("finished"), &json!(3), &json!(1)), "{status}");
    let expected = ("c-2".to_owned(), "Botmatic has the contact of its pair no more".to_owned());
    assert_eq!(failures(&function, &status).await, [expected]);
}
