//! Imports: the function `contact-import` between the stand-ins, on an embedded DynamoDB.
#![cfg(test)]

mod basics;
mod bounds;
mod cancelled;
mod changed_meanwhile;
mod changing;
mod circles;
mod command;
mod doubts;
mod fan_out;
mod files;
mod jobs;
mod kills;
mod lost_answers;
mod measured;
mod modes;
mod outages;
mod paging;
mod poisoned;
mod private;
mod refusals;
mod renewed;
mod routes;
mod shown;
mod told;
mod uninstalled;

use std::pin::pin;
use std::time::Duration;

use patchcord::app::ContactImport;
use patchcord::contacts::import::Slice;
use patchcord::contacts::import::job::JobId;
use patchcord::ground::clock::Deadline;
use patchcord_local::standins::Faults;
use patchcord_tests::contacts::Contacts;
use patchcord_tests::imports::{FINISHED, Imports, ImportsOptions};
use patchcord_tests::wait::{until, within};
use serde_json::{Value, json};

/// The time of an invocation.
const TIME: Duration = Duration::from_secs(20);

/// Invokes the function, as somebody does by hand, and then to go on until it is finished.
async fn import(function: &ContactImport, request: Value) -> Value {
    within(FINISHED, async {
        let mut answer = invoke(function, request).await;
        while let Some(next) = answer.get("next") {
            answer = invoke(function, next.clone()).await;
        }
        answer
    })
    .await
}

fn id_of(status: &Value) -> JobId {
    JobId::try_from(status["import"].as_str().expect("an id").to_owned()).expect("an id")
}

async fn invoke(function: &ContactImport, event: Value) -> Value {
    let now = function.importer().imports().clock.now();
    let deadline = Deadline::after(TIME, now);
    function.handle(event, deadline).await.expect("an answer")
}

/// Contacts with every external contact on the CRM, and nothing on Botmatic yet.
async fn with_contacts(count: u64) -> (Contacts, String, ContactImport) {
    let contacts = Contacts::start().await;
    contacts.crm.generate("local", count, 7).expect("contacts");
    let integration = contacts.install().await;
    let function = contacts.importer().await;
    (contacts, integration, function)
}

/// A service with so many contacts, one of whose pages is brought over after the other.
async fn one_by_one(count: u64) -> Imports {
    let options = ImportsOptions { import: "    concurrency: 1\n", ..ImportsOptions::default() };
    Imports::with(count, options).await
}

/// An import of this source, or of the service if it is null, that was stopped after some pages.
async fn stopped(imports: &Imports, source: &Value) -> Value {
    let botmatic = &imports.contacts.botmatic;
    // So that there is somebody to stop.
    botmatic.set_faults(Faults { latency_ms: 200, ..Faults::default() }).unwrap();
    let request = json!({ "integration": imports.integration, "source": source, "page_size": 20 });
    let request = serde_json::from_value(request).expect("a request");
    let function = imports.contacts.importer().await;
    let begun = function.importer().imports().start(&request).await.expect("an import");
    let slice = Slice { import: begun.import, part: 0, slice: 0 };
    let some = || botmatic.requests().count("POST", "/api/contacts") >= 2;
    let status = stopped_once(&function, &slice, some).await;
    assert_eq!(status["state"], "running", "it has ended before it was stopped: {status}");
    botmatic.set_faults(Faults::default()).unwrap();
    status
}

/// Works on a slice with a function that is stopped once something is so, and then begins nothing
/// any more. How far the import has come by its end.
async fn stopped_once(function: &ContactImport, slice: &Slice, is_so: impl Fn() -> bool) -> Value {
    let importer = function.importer();
    let imports = importer.imports();
    // Nothing but that ends it, also where the machine has too much to do.
    let deadline = Deadline::after(FINISHED, imports.clock.now());
    let mut work = pin!(importer.work(slice, deadline));
    let worked = tokio::select! {
        worked = &mut work => worked,
        () = until(is_so) => {
            importer.stop();
            work.await
        }
    };
    worked.expect("a slice");
    let status = imports.status(&slice.import).await.expect("an answer");
    json!(status.expect("an import"))
}
