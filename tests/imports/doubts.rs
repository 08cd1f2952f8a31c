//! Contacts in doubt: how many there are, and which of them are created again.

use std::time::Duration;

use patchcord::app::ContactImport;
use patchcord::contacts::ExternalId;
use patchcord::contacts::import::Slice;
use patchcord::contacts::import::job::{Failure, Kind};
use patchcord::ground::clock::Deadline;
use patchcord_local::standins::{Fault, Faults, Outcome, Rule};
use patchcord_tests::contacts::{CONFIG, Contacts};
use serde_json::{Value, json};

use super::{id_of, import, invoke, stopped_once, with_contacts};

/// Much longer than an invocation.
const SETTLE: Duration = Duration::from_mins(10);

/// What becomes of the next requests that create contacts on Botmatic. Nobody is told of any.
fn creations(contacts: &Contacts, faults: Vec<(u32, Fault)>) {
    contacts.botmatic.change_settings(|settings| settings.deliver_to = None);
    contacts.crm.change_settings(|settings| settings.deliver_to = None);
    let rules = faults
        .into_iter()
        .map(|(times, fault)| Rule { times, ..Rule::once("POST", "/api/contacts", fault) });
    let faults = Faults { script: rules.collect(), ..Faults::default() };
    contacts.botmatic.set_faults(faults).unwrap();
}

/// An invocation that has only so many milliseconds.
pub async fn briefly(function: &ContactImport, event: Value, millis: u64) -> Value {
    let now = function.importer().imports().clock.now();
    let deadline = Deadline::after(Duration::from_millis(millis), now);
    function.handle(event, deadline).await.unwrap()
}

/// Both services have told of a change within [`SETTLE`].
async fn settling_late() -> Contacts {
    let settle = format!("settle_seconds: {}", SETTLE.as_secs());
    Contacts::patient_with(&CONFIG.replace("settle_seconds: 1", &settle), |setup| setup).await
}

/// Botmatic does what it is asked and does not say so: the event of the new contact makes the pair,
/// and in the end nothing is in doubt.
#[tokio::test]
async fn a_lost_answer_is_made_up_for_by_the_event() {
    let contacts = settling_late().await;
    contacts.crm.generate("local", 200, 7).unwrap();
    let (integration, function) = (contacts.install().await, contacts.importer().await);
    let script = vec![Rule::once("POST", "/api/contacts", Fault::DropAfter)];
    contacts.botmatic.set_faults(Faults { script, ..Faults::default() }).unwrap();
    let status = invoke(&function, json!({ "integration": integration })).await;
    let counts = &status["counts"];
    let shown = (&status["state"], &counts["seen"], &counts["doubtful"]);
    assert_eq!(shown, (&json!("running"), &json!(200), &json!(100)), "{status}");
    contacts.idle().await;
    contacts.clock.advance(SETTLE);

    let status = import(&function, status["next"].clone()).await;
    let counts = &status["counts"];
    assert_eq!((&counts["seen"], &counts["doubtful"]), (&json!(200), &json!(0)), "{status}");
    let jobs = &function.importer().imports().jobs;
    let left = jobs.failures(&id_of(&status), None, 10).await.unwrap().failures;
    assert_eq!(left, []);
    contacts.idle().await;
    assert_eq!(contacts.differences(&integration).await, Vec::<String>::new());
}

/// Botmatic creates half of them and does not say so; then it is away, and the page is read again.
#[tokio::test]
async fn what_a_retry_has_put_in_doubt_itself_it_does_not_create_again() {
    let (contacts, integration, function) = with_contacts(10).await;
    creations(&contacts, vec![(1, Fault::DropBefore)]);
    let status = import(&function, json!({ "integration": integration })).await;
    assert_eq!(status["counts"]["doubtful"], 10, "{status}");

    let away = (u32::MAX, Fault::Status(503));
    creations(&contacts, vec![(1, Fault::Status(422)), (1, Fault::DropAfter), away]);
    let retry = function.importer().imports().retry(&id_of(&status), true).await.unwrap();
    let is_away = || {
        let requests = contacts.botmatic.requests().recent;
        requests.last().is_some_and(|it| it.status == Outcome::Status(503))
    };
    let slice = Slice { import: retry.import, part: 0, slice: 0 };
    let status = stopped_once(&function, &slice, is_away).await;
    assert_eq!((&status["state"], &status["counts"]["seen"]), (&json!("running"), &json!(0)));
    assert_eq!(contacts.botmatic.count("local"), 5);

    creations(&contacts, Vec::new());
    let status = import(&contacts.importer().await, json!({ "import": slice.import })).await;
    assert_eq!(contacts.botmatic.count("local"), 10, "{status}");
    let counts = &status["counts"];
    assert_eq!((&counts["created"], &counts["doubtful"]), (&json!(5), &json!(5)), "{status}");
}

/// Whoever has noted its failures was killed before its progress was saved: what has its pair by
/// then counts for none of those that stay in doubt.
#[tokio::test]
async fn a_failure_that_was_noted_in_vain_resolves_no_other_doubt() {
    let contacts = settling_late().await;
    contacts.crm.generate("local", 1, 7).unwrap();
    let (integration, function) = (contacts.install().await, contacts.importer().await);
    creations(&contacts, Vec::new());
    import(&function, json!({ "integration": integration })).await;
    let paired = ExternalId::new(contacts.crm.contacts("local")[0].id.as_str()).unwrap();
    for name in ["a", "b"] {
        let fields = json!({ "email": format!("{name}@example.com") });
        contacts.crm.user_creates("local", serde_json::from_value(fields).unwrap()).unwrap();
    }
    creations(&contacts, vec![(1, Fault::DropBefore)]);
    // Too early for what is in doubt to be looked at once more.
    let status = invoke(&function, json!({ "integration": integration })).await;
    assert_eq!((&status["state"], &status["counts"]["doubtful"]), (&json!("running"), &json!(2)));
    let noted = Failure::of(&paired, Kind::Doubtful, "noted in vain");
    let jobs = &function.importer().imports().jobs;
    jobs.note_failures(&id_of(&status), &[noted]).await.unwrap();
    contacts.clock.advance(SETTLE);

    let status = import(&function, status["next"].clone()).await;
    let counts = json!({
        "seen": 3, "created": 0, "updated": 0, "unchanged": 1, "failed": 0, "doubtful": 2,
    });
    assert_eq!(status["counts"], counts, "{status}");
    let left = jobs.failures(&id_of(&status), None, 10).await.unwrap().failures;
    assert_eq!(left.len(), 2, "{left:?}");
}

/// Botmatic answers 500, which does not say that nothing was done.
#[tokio::test]
async fn while_botmatic_fails_not_everything_gets_into_doubt() {
    let (contacts, integration, function) = with_contacts(2_000).await;
    creations(&contacts, vec![(u32::MAX, Fault::Status(500))]);
    let request = json!({ "integration": integration, "page_size": 10 });
    let request = serde_json::from_value(request).unwrap();
    let begun = function.importer().imports().start(&request).await.unwrap();
    for number in 0..4 {
        // It ends by itself.
        let slice = Slice { import: begun.import.clone(), part: 0, slice: number };
        let status = stopped_once(&function, &slice, || false).await;
        assert_eq!(status["state"], "running", "{status}");
    }
    creations(&contacts, Vec::new());
    let status = import(&contacts.importer().await, json!({ "import": begun.import })).await;
    let counts = &status["counts"];
    let [created, unchanged, doubtful] =
        ["created", "unchanged", "doubtful"].map(|it| counts[it].as_u64().unwrap());
    // A page behind one that was given back is read once more, and there already.
    let there = created + unchanged;
    assert_eq!((&status["state"], there + doubtful), (&json!("finished"), 2_000), "{status}");
    // The pages that are at work at a time, and one for each time that it was tried again.
    assert!((30..=300).contains(&doubtful), "{status}");
    assert_eq!(contacts.botmatic.count("local"), usize::try_from(there).unwrap());
}

/// Somebody goes on, again and again, with an import that only waits for what Botmatic may still
/// tell.
#[tokio::test]
async fn nobody_looks_at_doubts_too_early() {
    let contacts = settling_late().await;
    contacts.crm.generate("local", 3, 7).unwrap();
    let (integration, function) = (contacts.install().await, contacts.importer().await);
    creations(&contacts, vec![(1, Fault::DropBefore)]);
    let mut status = invoke(&function, json!({ "integration": integration })).await;
    for _ in 0..20 {
        assert_eq!((&status["state"], &status["open_parts"]), (&json!("running"), &json!(1)));
        let wait = status["next_in_seconds"].as_u64();
        assert!(wait.is_some_and(|wait| (500..=600).contains(&wait)), "{status}");
        status = invoke(&function, status["next"].clone()).await;
    }
    contacts.clock.advance(SETTLE);
    let status = invoke(&function, status["next"].clone()).await;
    assert_eq!(status["state"], "finished", "{status}");
}
