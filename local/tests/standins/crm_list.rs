//! Lists of the CRM, of contacts that are kept and of contacts that are generated.

use patchcord_local::standins::{CrmStandin, StandinOptions};
use serde_json::{Value, json};

use super::client::{Client, fields};

async fn start() -> (CrmStandin, Client) {
    let crm = CrmStandin::start(StandinOptions::default()).await.unwrap();
    let client = Client::of(&crm, "local-crm-key");
    (crm, client)
}

async fn page(client: &Client, query: &str) -> (Vec<Value>, Value) {
    let (status, body) = client.get(&format!("/contacts?{query}")).await;
    assert_eq!(status, 200, "{query}: {body}");
    let ids = body["contacts"].as_array().unwrap().iter().map(|c| c["id"].clone()).collect();
    (ids, body)
}

/// Every contact by way of `query`, which is given the number of the page.
async fn walk(client: &Client, query: impl Fn(usize) -> String) -> Vec<Value> {
    let mut all = Vec::new();
    for number in 0.. {
        let (ids, _) = page(client, &query(number)).await;
        if ids.is_empty() {
            break;
        }
        all.extend(ids);
    }
    all
}

async fn walk_cursor(client: &Client, limit: usize) -> Vec<Value> {
    let (mut all, body) = page(client, &format!("limit={limit}")).await;
    let mut cursor = body["next_cursor"].clone();
    while let Some(next) = cursor.as_str() {
        let (ids, body) = page(client, &format!("limit={limit}&cursor={next}")).await;
        all.extend(ids);
        cursor = body["next_cursor"].clone();
    }
    all
}

#[tokio::test]
async fn three_ways_of_paging_show_the_same() {
    let (crm, client) = start().await;
    for kind in ["kept", "generated"] {
        crm.reset();
        if kind == "generated" {
            crm.generate("local", 70, 1).unwrap();
        } else {
            for number in 0..70 {
                crm.user_creates("local", fields(json!({ "number": number }))).unwrap();
            }
        }
        for gone in ["c-1", "c-30", "c-31", "c-70"] {
            crm.user_deletes("local", gone).unwrap();
        }
        crm.user_creates("local", fields(json!({ "name": "Ada" }))).unwrap();
        let expected: Vec<Value> = (1..=71)
            .filter(|n| ![1, 30, 31, 70].contains(n))
            .map(|n| json!(format!("c-{n}")))
            .collect();
        let pages = walk(&client, |number| format!("page={}", number + 1)).await;
        let offsets = walk(&client, |number| format!("limit=7&offset={}", number * 7)).await;
        assert_eq!(pages, expected, "{kind} by page");
        assert_eq!(offsets, expected, "{kind} by offset");
        assert_eq!(walk_cursor(&client, 11).await, expected, "{kind} by cursor");
        assert_eq!(walk_cursor(&client, 67).await, expected, "{kind} in one page");
        assert_eq!(page(&client, "").await.1["total"], 67);
    }
}

#[tokio::test]
async fn finds_contacts_by_address() {
    let (crm, client) = start().await;
    crm.add_key("other", "other-key");
    let ada = || fields(json!({ "email": "ada+x@example.com" }));
    crm.user_creates("local", ada()).unwrap();
    crm.user_creates("other", ada()).unwrap();
    crm.user_creates("local", ada()).unwrap();
    let find = "email=ada%2Bx%40example.com";
    assert_eq!(page(&client, find).await.0, ["c-1", "c-3"]);
    assert_eq!(page(&client, "email=nobody@example.com").await.0, [] as [Value; 0]);

    crm.generate("local", 10, 5).unwrap();
    let (ids, body) = page(&client, "email=contact-7@5.example.com").await;
    assert_eq!(ids, ["c-7"]);
    assert_eq!(client.get("/contacts/c-7").await, (200, body["contacts"][0].clone()));
}

#[tokio::test]
async fn a_million_contacts_take_no_memory() {
    let (_crm, client) = start().await;
    let before = resident();
    let wanted = json!({ "count": 1_000_000, "seed": 1 });
    assert_eq!(client.call("PUT", "/_control/generate", wanted).await.0, 200);
    for page_number in [1, 2_500, 5_000] {
        let (ids, body) = page(&client, &format!("limit=200&page={page_number}")).await;
        assert_eq!((ids.len(), &body["total"]), (200, &json!(1_000_000)));
        assert_eq!(ids[199], json!(format!("c-{}", page_number * 200)));
        assert_eq!(body["next_cursor"].is_null(), page_number == 5_000);
    }
    // Kept, they would take some hundred megabytes. Other tests run beside this one.
    if let (Some(before), Some(after)) = (before, resident()) {
        assert!(after < before + 100_000, "{before} kB before, {after} kB after");
    }
}

/// The process's resident memory in kB, where that can be told.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
