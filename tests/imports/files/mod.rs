//! A file in the place of the external service, at every point of an import.

mod changed;
mod interrupted;
mod mapped;
mod retried;
mod unreadable;

use patchcord::app::ContactImport;
use patchcord::contacts::import::source::bytes_before;
use patchcord_tests::file_server::FileServer;
use patchcord_tests::imports::{Imports, TENANT};
use patchcord_tests::stack::TempFile;
use serde_json::{Value, json};

use super::id_of;

/// The columns that the mappings read.
const COLUMNS: [&str; 5] = ["id", "email", "first_name", "score", "address.city"];

/// A file of both formats, here and on a server.
const PLACES: [(&str, bool); 4] =
    [("csv", true), ("jsonl", true), ("csv", false), ("jsonl", false)];

/// The contacts of the CRM as a file.
struct Exported {
    text: String,
    server: FileServer,
    file: TempFile,
    /// What an import is asked for.
    source: Value,
}

impl Exported {
    /// As a file of this format, here or on a server.
    async fn new(imports: &Imports, format: &str, is_here: bool) -> Self {
        let text = exported(imports, format);
        let server = FileServer::start(text.clone()).await;
        let file = TempFile::new(&format!("contacts.{format}"), &text);
        let url = format!("{}/contacts.{format}", server.url());
        let source = if is_here { json!(file.path()) } else { json!(url) };
        Self { text, server, file, source }
    }
}

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
