//! Imports: the function `contact-import` between the stand-ins, on an embedded DynamoDB.
#![cfg(test)]

mod basics;
mod cancelled;
mod changing;
mod circles;
mod doubts;
mod fan_out;
mod jobs;
mod kills;
mod lost_answers;
mod modes;
mod outages;
mod paging;
mod poisoned;
mod private;
mod refusals;
mod routes;
mod told;
mod uninstalled;

use std::time::Duration;

use patchcord::app::ContactImport;
use patchcord::ground::clock::Deadline;
use patchcord_tests::contacts::Contacts;
use serde_json::Value;

/// Invokes the function, as somebody does by hand, and then to go on until it is finished.
async fn import(function: &ContactImport, request: Value) -> Value {
    let mut answer = invoke(function, request).await;
    while let Some(next) = answer.get("next") {
        answer = invoke(function, next.clone()).await;
    }
    answer
}

async fn invoke(function: &ContactImport, event: Value) -> Value {
    let now = function.importer().imports().clock.now();
    let deadline = Deadline::after(Duration::from_secs(20), now);
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
