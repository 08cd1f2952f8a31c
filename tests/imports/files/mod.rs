//! A file in the place of the external service, at every point of an import.

mod changed;
mod interrupted;
mod mapped;
mod retried;
mod unreadable;

use patchcord::app::ContactImport;
use patchcord::contacts::import::job::JobId;
use patchcord::contacts::import::source::bytes_before;
use patchcord_tests::imports::{Imports, TENANT};
use serde_json::{Value, json};

/// The columns that the mappings read.
const COLUMNS: [&str; 5] = ["id", "email", "first_name", "score", "address.city"];

/// The contacts of the CRM, which live somewhere now, as a file of this format.
fn exported(imports: &Imports, format: &str) -> String {
    let crm = &imports.contacts.crm;
    crm.change_settings(|settings| settings.deliver_to = None);
    for (index, contact) in crm.contacts(TENANT).into_iter().enumerate() {
        let city = json!({ "address": { "city": format!("Saint-\"{index}\", Bühl") } });
        let city = serde_json::from_value(city).unwrap();
        crm.user_updates(TENANT, &contact.id, city).unwrap();
    }
    let contacts: Vec<_> = crm.contacts(TENANT).iter().map(|it| crm.to_json(it)).collect();
    let lines = contacts.iter().map(|contact| match format {
        "csv" => row(contact),
        _ => contact.to_string(),
    });
    let header = (format == "csv").then(|| COLUMNS.join(","));
    header.into_iter().chain(lines).map(|line| line + "\n").collect()
}

fn row(contact: &Value) -> String {
    let fields = COLUMNS.map(|column| {
        let value = &contact.pointer(&format!("/{}", column.replace('.', "/"))).unwrap();
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("\"{}\"", text.replace('"', "\"\""))
    });
    fields.join(",")
}

/// How many bytes of the file are before the place where an import has stopped.
async fn place(imports: &Imports, status: &Value) -> u64 {
    let function = imports.contacts.importer().await;
    let jobs = &function.importer().imports().jobs;
    let parts = jobs.parts(&id_of(status)).await.unwrap();
    let [part] = &parts[..] else { panic!("a file is not divided: {parts:?}") };
    bytes_before(&part.progress.cursor).expect("a place in a file")
}

fn id_of(status: &Value) -> JobId {
    JobId::try_from(status["import"].as_str().unwrap().to_owned()).unwrap()
}

/// What an import has not brought over: where, what, and why.
async fn failures(function: &ContactImport, status: &Value) -> Vec<[String; 3]> {
    let page = function.importer().imports().failures(&id_of(status), None, 1_000).await.unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let shown = page.failures.iter().map(|failure| {
        let shown = json!(failure);
        let whose = if shown["place"].is_null() { "external_id" } else { "place" };
        [whose, "kind", "reason"].map(|name| text(&shown[name]))
    });
    shown.collect()
}
