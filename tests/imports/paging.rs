//! Lists that are read by page number, by offset, and by cursor.

use std::collections::BTreeSet;
use std::time::Duration;

use patchcord_tests::contacts::CONFIG;
use patchcord_tests::imports::{Imports, ImportsOptions, TENANT};
use serde_json::json;

/// A CRM whose list goes on like this; `limit` is what it is asked for.
fn config(kind: &str, limit: &str, has_total: bool) -> String {
    let total = if has_total { ", total: total" } else { "" };
    let next = if kind == "cursor" { ", next: next_cursor" } else { "" };
    let consumer = format!(
        r#"consumer:
    type: http
    base_url: CRM
    auth: {{type: header, prefix: "Bearer ", value: local-crm-key}}
    contact: {{id: id, email: email}}
    operations:
      get_contact: {{method: GET, path: "/contacts/{{{{ id }}}}"}}
      list_contacts:
        method: GET
        path: /contacts
        query: {{ {kind}: "{{{{ {kind} }}}}", limit: "{limit}" }}
        result: contacts
        paging: {{ type: {kind}{next}{total} }}"#
    );
    CONFIG.replace("consumer: {type: rest, base_url: CRM, token: local-crm-key}", &consumer)
}

/// Imports `count` contacts from such a CRM. How many parts and requests that took, and what is on
/// Botmatic.
async fn imported(count: u64, config: &str) -> (u64, u64, BTreeSet<String>) {
    // As much at a time as the one DynamoDB of this machine bears.
    let options =
        ImportsOptions { config, import: "    concurrency: 2\n", ..ImportsOptions::default() };
    let imports = Imports::with(count, options).await;
    // The list alone is the question here.
    imports.contacts.botmatic.change_settings(|settings| settings.deliver_to = None);
    let mapping = imports.run(2, Duration::from_secs(20)).await;
    let import = imports.begin(json!({})).await;
    let status = imports.ended(&import).await;
    let asked = imports.contacts.crm.requests().count("GET", "/contacts");
    let expected = json!({
        "seen": count, "created": count, "updated": 0, "unchanged": 0, "failed": 0, "doubtful": 0,
    });
    assert_eq!((&status["state"], &status["counts"]), (&json!("finished"), &expected), "{status}");
    assert_eq!(imports.differences().await, Vec::<String>::new());
    mapping.stop().await;
    let there = imports.contacts.botmatic.contacts(TENANT);
    let emails = there.iter().map(|it| it.fields["email"].as_str().unwrap().to_owned()).collect();
    (status["parts"].as_u64().unwrap(), asked, emails)
}

#[tokio::test]
async fn however_a_list_is_read_the_result_is_the_same() {
    let mut results = Vec::new();
    for kind in ["page", "offset", "cursor"] {
        for (limit, has_total) in [("{{ limit }}", true), ("{{ limit }}", false), ("30", true)] {
            let (parts, asked, emails) = imported(250, &config(kind, limit, has_total)).await;
            assert_eq!((parts, emails.len()), (1, 250), "{kind}, {limit}, {has_total}");
            if has_total {
                // Of numbered pages, the one after the last says that it was.
                let pages = if limit == "30" { 9 } else { 3 };
                let expected = pages + u64::from(kind == "page");
                assert_eq!(asked, expected, "requests: {kind}, {limit}");
            }
            results.push(emails);
        }
    }
    assert!(results.iter().all(|result| *result == results[0]));
}

#[tokio::test]
async fn a_list_that_is_counted_through_is_divided() {
    for (kind, limit, expected) in
        [("page", "{{ limit }}", 2), ("offset", "30", 2), ("cursor", "{{ limit }}", 1)]
    {
        let (parts, _, _) = imported(2_050, &config(kind, limit, true)).await;
        assert_eq!(parts, expected, "{kind}, {limit}");
    }
}
