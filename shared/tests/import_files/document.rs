//! The examples of `docs/import-files.md` are understood.

use patchcord::contacts::import::source::FileConfig;
use serde_json::json;

use crate::support::folder::Folder;
use crate::support::source::file;

fn examples(kind: &str) -> Vec<&'static str> {
    let document = include_str!("../../../docs/import-files.md");
    let begin = format!("```{kind}\n");
    let examples = document.split(&begin).skip(1);
    examples.map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn every_file_is_understood() {
    let examples = examples("json");
    assert_eq!(examples.len(), 4);
    for example in examples {
        let config = serde_json::from_str::<FileConfig>(example);
        config.unwrap_or_else(|error| panic!("{example}: {error}"));
    }
}

#[tokio::test]
async fn every_content_is_as_described() {
    let folder = Folder::new("document");
    for (kind, expected) in [
        (
            "csv",
            json!([
                {"id": "7", "name": "Lovelace, Ada", "address": {"city": "London"}, "emails": [{"value": "ada@example.com"}]},
                {"id": "8", "name": "Grace", "address": {"city": "New\nYork"}, "emails": [{"value": ""}]},
            ]),
        ),
        (
            "jsonl",
            json!([
                {"id": 7, "name": "Ada", "address": {"city": "London"}, "vip": true},
                {"id": 8, "name": "Grace", "address": null},
            ]),
        ),
    ] {
        let [example] = examples(kind)[..] else { panic!("one example of {kind}") };
        let content = file(folder.write(&format!("a.{kind}"), example)).all().await.unwrap();
        assert_eq!((json!(content.contacts), content.unreadable.len()), (expected, 0));
    }
}
