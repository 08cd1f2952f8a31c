//! Several functions work on one job.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use patchcord_local::queue::{Counts, Invoke, InvokeError, NewMessage, Queues};
use patchcord_local::runtime_api::Lambda;
use patchcord_tests::contacts::CONFIG;
use patchcord_tests::imports::{Imports, ImportsOptions, QUEUE, TENANT};
use patchcord_tests::instances::Instances;
use patchcord_tests::stack::TempFile;
use serde_json::{Value, json};

use super::kills::function;
use super::private::nothing_private;

const TIME: Duration = Duration::from_secs(20);

/// Sends every message of the queue once more.
struct Twice {
    function: Instances,
    queues: Arc<Queues>,
    copies: Mutex<HashSet<String>>,
}

impl Invoke for Twice {
    async fn invoke(&self, event: Bytes) -> Result<Bytes, InvokeError> {
        let shown: Value = serde_json::from_slice(&event).unwrap();
        for record in shown["Records"].as_array().unwrap() {
            let id = record["messageId"].as_str().unwrap().to_owned();
            let mut copies = self.copies.lock().unwrap();
            if copies.insert(id) {
                let body = record["body"].as_str().unwrap().to_owned();
                copies.insert(self.queues.send(QUEUE, NewMessage::new(body)).unwrap());
            }
        }
        self.function.invoke(event).await
    }
}

/// So many contacts, of which Botmatic does not tell: the import alone is the question here.
async fn shared(count: u64) -> Imports {
    let config = CONFIG.replace("settle_seconds: 1", "settle_seconds: 12");
    // Eight pages at a time in all, as the one DynamoDB of this machine bears.
    let import = "    concurrency: 1\n";
    let options = ImportsOptions { config: &config, import, ..ImportsOptions::default() };
    let imports = Imports::with(count, options).await;
    imports.contacts.botmatic.change_settings(|settings| settings.deliver_to = None);
    imports
}

/// Every contact is there once, the job was closed once, and every part was worked on.
async fn check(imports: &Imports, import: &str, count: u64, parts: u64) {
    let status = imports.ended(import).await;
    let expected = json!({
        "seen": count, "created": count, "updated": 0, "unchanged": 0, "failed": 0, "doubtful": 0,
    });
    assert_eq!((&status["state"], &status["counts"]), (&json!("finished"), &expected), "{status}");
    assert_eq!((&status["parts"], &status["open_parts"]), (&json!(parts), &json!(0)), "{status}");
    assert_eq!(status["total"], count);
    imports.contacts.idle().await;
    assert_eq!(imports.contacts.botmatic.count(TENANT), usize::try_from(count).unwrap());
    assert_eq!(imports.differences().await, Vec::<String>::new());
    let told = imports.told.told();
    let ids: HashSet<_> = told.iter().map(|it| &it.id).collect();
    assert_eq!(ids.len(), 1, "{told:?}");
    for it in &told {
        assert_eq!(it.id, import.replace('.', "-"));
        let data = &it.body["data"];
        assert_eq!(
            (&it.body["type"], &data["state"]),
            (&json!("import_finished"), &json!("finished"))
        );
        assert_eq!((&data["import"], &data["counts"]), (&json!(import), &expected));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_functions_share_one_job() {
    let imports = shared(8_000).await;
    let instances = Arc::new(Instances::of(&imports, 8, TIME).await);
    let mapping = imports.invoke(Arc::clone(&instances), 8);
    let import = imports.begin(json!({})).await;
    check(&imports, &import, 8_000, 8).await;
    assert_eq!(instances.parts(), (0..8).collect(), "every part was worked on");
    mapping.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a quarter of an hour: `make soak` runs it"]
async fn eight_functions_share_one_job_of_100_000() {
    let imports = shared(100_000).await;
    let file = TempFile::new("patchcord.yaml", imports.contacts.config());
    let lambda = Arc::new(Lambda::start(function(&imports, &file, 8, TIME)).await.unwrap());
    let mapping = imports.invoke(Arc::clone(&lambda), 8);
    let import = imports.begin(json!({})).await;
    check(&imports, &import, 100_000, 8).await;
    nothing_private(&lambda);
    mapping.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_message_twice_changes_nothing() {
    let imports = shared(2_400).await;
    let function = Instances::of(&imports, 4, TIME).await;
    let (queues, copies) = (Arc::clone(imports.sqs.queues()), Mutex::default());
    let mapping = imports.invoke(Arc::new(Twice { function, queues, copies }), 4);
    let import = imports.begin(json!({})).await;
    check(&imports, &import, 2_400, 2).await;
    // What is left of the copies is taken off the queue.
    while imports.sqs.queues().counts(QUEUE).unwrap() != Counts::default() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    check(&imports, &import, 2_400, 2).await;
    mapping.stop().await;
}
