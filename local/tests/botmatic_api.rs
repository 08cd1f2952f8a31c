//! The client of Botmatic's API against the stand-in for it, which is strict about requests.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use std::sync::Arc;
use std::time::Duration;

use patchcord::botmatic::api::{ApiError, BotmaticApi, Property, PropertyType};
use patchcord::botmatic::{BotmaticId, Fields};
use patchcord::ground::clock::{Clock as _, Deadline, SystemClock};
use patchcord::ground::config::Place;
use patchcord::ground::http::{HttpParts, client};
use patchcord::ground::secret::Secret;
use patchcord_local::standins::{BotmaticStandin, Fault, Faults, Rule, StandinOptions};
use serde_json::json;

fn token(text: &str) -> Secret {
    Secret::try_from(text.to_owned()).unwrap()
}

fn named(name: &str) -> Fields {
    json!({"firstname": name}).as_object().unwrap().clone()
}

fn soon() -> Deadline {
    Deadline::after(Duration::from_mins(1), SystemClock.now())
}

async fn start() -> (BotmaticStandin, BotmaticApi) {
    let botmatic = BotmaticStandin::start(StandinOptions::default()).await.unwrap();
    let parts = HttpParts::new(client().unwrap(), Arc::new(SystemClock));
    let api = BotmaticApi::new(parts, &botmatic.endpoint(), &Place::root()).unwrap();
    (botmatic, api)
}

#[tokio::test]
async fn every_call_is_understood() {
    let (botmatic, api) = start().await;
    let (good, until) = (token("local-token"), soon());
    assert!(api.validate_token(&good, until).await.unwrap());
    assert!(!api.validate_token(&token("a bad&one"), until).await.unwrap());
    let error = api.create_contact(&token("bad"), until, &named("Ada")).await.unwrap_err();
    assert!(matches!(error, ApiError::Unauthorized { status: 401 }), "{error:?}");

    let id = api.create_contact(&good, until, &named("Ada")).await.unwrap();
    api.update_contact(&good, until, &id, &named("Grace")).await.unwrap();
    assert_eq!(botmatic.contact("local", id.as_str()).unwrap().fields, named("Grace"));
    let both = api.create_contacts(&good, until, &[named("Ada"), named("Alan")]).await.unwrap();
    let both: Vec<BotmaticId> = both.into_iter().map(Result::unwrap).collect();
    let missing = BotmaticId::new("404").unwrap();
    let changes = [(both[0].clone(), named("A")), (missing.clone(), named("B"))];
    let results = api.update_contacts(&good, until, &changes).await.unwrap();
    assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false]);

    let property = Property { name: "born".to_owned(), r#type: PropertyType::Date };
    api.create_properties(&good, until, &[property]).await.unwrap();
    assert_eq!(botmatic.properties("local")["born"], "date");
    api.execute_campaign_event(&good, until, "won", &both).await.unwrap();
    assert_eq!(botmatic.campaign_events("local")[0].contacts.len(), 2);
    assert_eq!(api.bots(&good, until, 5).await.unwrap()["bots"][0]["id"], 1);
    api.update_bot(&good, until, "1", &json!({"steps": []}), true).await.unwrap();
    assert_eq!(api.bot(&good, until, "1").await.unwrap()["bot"], r#"{"steps":[]}"#);

    api.delete_contact(&good, until, &id).await.unwrap();
    for error in [
        api.delete_contact(&good, until, &id).await.unwrap_err(),
        api.update_contact(&good, until, &missing, &named("B")).await.unwrap_err(),
        api.bot(&good, until, "404").await.unwrap_err(),
    ] {
        assert!(matches!(error, ApiError::NotFound), "{error:?}");
    }
    assert_eq!(botmatic.count("local"), 2);
}

#[tokio::test]
async fn a_contact_is_never_created_twice() {
    for (fault, created, may_have_happened) in [
        (Fault::RateLimited { retry_after: Some(0) }, 1, None),
        (Fault::Status(503), 1, None),
        (Fault::Status(502), 0, Some(true)),
        (Fault::DropBefore, 0, Some(true)),
        (Fault::DropAfter, 1, Some(true)),
    ] {
        let (botmatic, api) = start().await;
        let script = vec![Rule::once("POST", "/api/contacts", fault.clone())];
        botmatic.set_faults(Faults { script, ..Faults::default() }).unwrap();
        let result = api.create_contact(&token("local-token"), soon(), &named("Ada")).await;
        let error = result.err();
        let found = error.as_ref().map(ApiError::may_have_happened);
        assert_eq!(found, may_have_happened, "{fault:?}: {error:?}");
        assert_eq!(botmatic.count("local"), created, "{fault:?}");
    }
}

#[tokio::test]
async fn a_deletion_that_lost_its_answer_is_done() {
    let (botmatic, api) = start().await;
    let good = token("local-token");
    let id = api.create_contact(&good, soon(), &named("Ada")).await.unwrap();
    let script = vec![Rule::once("DELETE", "/api/contacts/*", Fault::DropAfter)];
    botmatic.set_faults(Faults { script, ..Faults::default() }).unwrap();
    api.delete_contact(&good, soon(), &id).await.unwrap();
    assert_eq!(botmatic.count("local"), 0);
}
