//! The calls of DynamoDB that an event takes, one by one, and that `docs/contacts.md` says so.

use patchcord_tests::contacts::Contacts;
use patchcord_tests::recorder::Recorder;
use serde_json::{Value, json};

use crate::helpers::{event, fields, installed, push};

const GUIDE: &str = include_str!("../../docs/contacts.md");
const READ: &str = "GetItem";
const UPDATE: &str = "UpdateItem";
const TRANSACTION: &str = "TransactWriteItems";

/// An installed integration whose calls of DynamoDB are recorded. Its token is not remembered yet.
pub async fn recorded() -> (Contacts, String, Recorder) {
    let (mut contacts, integration) = installed().await;
    let dynamodb = Recorder::start(contacts.dynamo.endpoint()).await;
    contacts.url = contacts.another_instance_at(&dynamodb.endpoint()).await;
    (contacts, integration, dynamodb)
}

/// Who tells of what.
enum Told {
    Botmatic(&'static str, Value),
    Crm(&'static str, &'static str, Value),
}
use Told::{Botmatic, Crm};

/// The row of the table, what is told, its outcome, and the calls that takes.
type Case = (&'static str, Told, &'static str, Vec<&'static str>);

fn cases() -> [Case; 9] {
    let ada = |name: &str| json!({ "id": "b-2", "firstname": name });
    let adopted = json!({ "id": "b-3", "email": "bob@example.com" });
    let eve = |name: &str| json!({ "id": "c-9", "first_name": name });
    let (of_botmatic, of_crm) =
        ("Botmatic: changed, echo, or deleted", "CRM: changed, echo, or deleted");
    [
        (
            "Botmatic: created",
            Botmatic("contact_created", ada("Ada")),
            "done",
            vec![UPDATE, READ, TRANSACTION, TRANSACTION],
        ),
        (of_botmatic, Botmatic("contact_updated", ada("Ada")), "unchanged", vec![UPDATE, UPDATE]),
        (of_botmatic, Botmatic("contact_updated", ada("A.")), "done", vec![UPDATE, UPDATE]),
        (
            of_botmatic,
            Botmatic("contact_deleted", json!({ "id": "b-2" })),
            "done",
            vec![UPDATE, TRANSACTION],
        ),
        (
            "Botmatic: adopted",
            Botmatic("contact_created", adopted),
            "adopted",
            vec![UPDATE, READ, TRANSACTION, READ, TRANSACTION],
        ),
        (
            "CRM: created",
            Crm("POST", "/contacts", eve("Eve")),
            "done",
            vec![READ, READ, UPDATE, READ, TRANSACTION, TRANSACTION],
        ),
        (
            of_crm,
            Crm("PATCH", "/contacts/c-9", eve("Eve")),
            "unchanged",
            vec![READ, READ, UPDATE, UPDATE],
        ),
        (
            of_crm,
            Crm("PATCH", "/contacts/c-9", eve("E.")),
            "done",
            vec![READ, READ, UPDATE, UPDATE],
        ),
        (
            of_crm,
            Crm("DELETE", "/contacts/c-9", Value::Null),
            "",
            vec![READ, READ, UPDATE, TRANSACTION],
        ),
    ]
}

#[tokio::test]
async fn every_event_takes_the_calls_that_are_documented() {
    let (contacts, integration, dynamodb) = recorded().await;
    contacts.crm.user_creates("local", fields(json!({ "email": "bob@example.com" }))).unwrap();
    // The first one has the token looked up, and the integration.
    event(&contacts, "contact_created", json!({ "id": "b-1", "score": 1 })).await;
    let mut before = dynamodb.calls().len();
    assert_eq!(before, 2 + documented("Botmatic: created"));
    for (row, told, outcome, expected) in cases() {
        let (status, answer) = match told {
            Botmatic(name, data) => event(&contacts, name, data).await,
            Crm(method, path, body) => push(&contacts, &integration, (method, path), body).await,
        };
        let became = answer["data"].get("outcome").unwrap_or(&answer["outcome"]);
        assert_eq!(became.as_str().unwrap_or_default(), outcome, "{row}: {status} {answer}");
        let calls: Vec<_> = dynamodb.calls().drain(before..).map(|it| it.operation).collect();
        before += calls.len();
        assert_eq!(calls, expected, "{row}: {outcome}");
        assert_eq!(calls.len(), documented(row), "{row}: {outcome}");
    }
}

/// The number in the last cell of a row.
fn documented(row: &str) -> usize {
    let lines = GUIDE.lines().filter_map(|line| line.strip_prefix(&format!("| {row} |")));
    let rows: Vec<_> = lines.map(|line| line.trim_end_matches([' ', '|'])).collect();
    assert_eq!(rows.len(), 1, "{row}");
    rows[0].rsplit('|').next().unwrap().trim().parse().unwrap()
}
