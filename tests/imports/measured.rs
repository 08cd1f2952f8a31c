//! What CloudWatch counts: a line of the log for each page.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use patchcord::botmatic::Fields;
use patchcord_local::runtime_api::Lambda;
use patchcord_local::standins::Reject;
use patchcord_tests::contacts::PUSH_KEY;
use patchcord_tests::imports::{Imports, ImportsOptions, TENANT};
use patchcord_tests::stack::TempFile;
use serde_json::{Value, json};

use super::kills::function;

const OF_PAGES: [&str; 7] = [
    "ImportPages",
    "ImportPageMs",
    "ImportCreated",
    "ImportUpdated",
    "ImportUnchanged",
    "ImportFailed",
    "ImportDoubtful",
];
/// What the function is called where these tests run it.
const FUNCTION: &str = "function";
/// What is printed arrives a moment after the answer. Only a test that fails waits that long.
const ARRIVED: Duration = Duration::from_mins(2);

/// The lines of metrics that a function has printed, once there are so many.
async fn lines(lambda: &Lambda, count: usize) -> Vec<Value> {
    let all = || {
        let lines = lambda.logs().into_iter().filter(|line| line.text.contains("\"_aws\""));
        lines.map(|line| serde_json::from_str(&line.text).unwrap()).collect::<Vec<Value>>()
    };
    let wait = async {
        while all().len() < count {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let _ = tokio::time::timeout(ARRIVED, wait).await;
    all()
}

/// What is counted by these lines, each of which is of a page.
fn sums(lines: &[Value]) -> BTreeMap<&'static str, u64> {
    let mut sums = BTreeMap::new();
    for line in lines {
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        let names = directive["Metrics"].as_array().unwrap().iter().map(|it| &it["Name"]);
        assert_eq!(names.collect::<Vec<_>>(), OF_PAGES, "{line}");
        assert_eq!(directive["Namespace"], "Patchcord");
        assert_eq!(directive["Dimensions"][0], json!(["service"]));
        let shown = (&line["service"], &line["level"], &line["ImportPages"]);
        assert_eq!(shown, (&json!(FUNCTION), &json!("INFO"), &json!(1)), "{line}");
        for name in OF_PAGES {
            *sums.entry(name).or_default() += line[name].as_u64().unwrap();
        }
    }
    assert!(sums.remove("ImportPageMs") > Some(0), "pages take some time");
    sums
}

#[tokio::test]
async fn every_page_is_a_line_with_what_became_of_its_contacts() {
    let imports = Imports::with(250, ImportsOptions::default()).await;
    imports.contacts.botmatic.change_settings(|settings| settings.deliver_to = None);
    imports.contacts.crm.change_settings(|settings| settings.deliver_to = None);
    let poison = imports.contacts.crm.contact(TENANT, "c-117").unwrap();
    imports.contacts.botmatic.change_settings(|settings| {
        let (field, value) = ("email".to_owned(), poison.fields["email"].clone());
        settings.reject = vec![Reject { field, value, whole: false }];
    });
    let file = TempFile::new("patchcord.yaml", imports.contacts.config());
    let lambda = Lambda::start(function(&imports, &file, 1, Duration::from_secs(20)));
    let lambda = Arc::new(lambda.await.unwrap());
    let mapping = imports.invoke(Arc::clone(&lambda), 1);
    let mut before = 0;
    for [created, updated, unchanged] in [[249, 0, 0], [0, 20, 229]] {
        let status = imports.ended(&imports.begin(json!({ "page_size": 50 })).await).await;
        assert_eq!(status["state"], "finished", "{status}");
        let lines = lines(&lambda, before + 5).await.split_off(before);
        let expected = [
            ("ImportPages", 5),
            ("ImportCreated", created),
            ("ImportUpdated", updated),
            ("ImportUnchanged", unchanged),
            ("ImportFailed", 1),
            ("ImportDoubtful", 0),
        ];
        assert_eq!(sums(&lines), BTreeMap::from(expected), "{status}");
        before += lines.len();
        for id in 1..=20 {
            let fields: Fields = [("score".to_owned(), json!(5_000))].into_iter().collect();
            imports.contacts.crm.user_updates(TENANT, &format!("c-{id}"), fields).unwrap();
        }
    }

    imports.contacts.crm.revoke_key(PUSH_KEY);
    let status = imports.ended(&imports.begin(json!({})).await).await;
    assert_eq!(status["state"], "failed", "{status}");
    let lines = lines(&lambda, before + 1).await.split_off(before);
    let [line] = &lines[..] else { panic!("{lines:?}") };
    let shown = (&line["ImportsFailed"], &line["level"], &line["ImportPages"]);
    assert_eq!(shown, (&json!(1), &json!("ERROR"), &Value::Null));
    mapping.stop().await;
}
