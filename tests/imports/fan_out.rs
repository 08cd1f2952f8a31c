//! Several functions work on one job.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use patchcord::botmatic::IntegrationId;
use patchcord::contacts::consumer::Cursor;
use patchcord::contacts::import::job::{JobId, Progress};
use patchcord::contacts::import::store::Taken;
use patchcord::contacts::import::{ImportRequest, Slice};
use patchcord_local::queue::{Counts, Invoke, InvokeError, NewMessage, Queues};
use patchcord_local::runtime_api::Lambda;
use patchcord_tests::contacts::CONFIG;
use patchcord_tests::imports::{Imports, ImportsOptions, QUEUE, TENANT};
use patchcord_tests::stack::TempFile;
use patchcord_tests::wait::until;
use serde_json::{Value, json};

use super::kills::function;
use super::private::nothing_private;

const TIME: Duration = Duration::from_secs(20);

/// The function as it is deployed, which remembers what it was invoked for.
struct Shared {
    function: Lambda,
    parts: Mutex<BTreeSet<u64>>,
    /// Where every message is sent to once more, and which of them are copies.
    copies: Option<(Arc<Queues>, Mutex<HashSet<String>>)>,
    _config: TempFile,
}

impl Shared {
    async fn start(imports: &Imports, instances: usize, is_twice: bool) -> Arc<Self> {
        let file = TempFile::new("patchcord.yaml", imports.contacts.config());
        let function = Lambda::start(function(imports, &file, instances, TIME)).await.unwrap();
        let copies = is_twice.then(|| (Arc::clone(imports.sqs.queues()), Mutex::default()));
        Arc::new(Self { function, parts: Mutex::default(), copies, _config: file })
    }

    /// One of them has closed the job, and said so.
    async fn check_closed_once(&self, import: &str) {
        let is_end = |text: &str| text.contains("import finished") && text.contains(import);
        let closed = || {
            let lines = self.function.logs().into_iter();
            lines.filter(|line| is_end(&line.text)).collect::<Vec<_>>()
        };
        // What is printed arrives a moment later.
        until(|| !closed().is_empty()).await;
        assert_eq!(closed().len(), 1, "{:?}", closed());
        nothing_private(&self.function);
    }
}

impl Invoke for Shared {
    async fn invoke(&self, event: Bytes) -> Result<Bytes, InvokeError> {
        let shown: Value = serde_json::from_slice(&event).unwrap();
        for record in shown["Records"].as_array().unwrap() {
            let [id, body] = ["messageId", "body"].map(|name| record[name].as_str().unwrap());
            let slice: Value = serde_json::from_str(body).unwrap();
            self.parts.lock().unwrap().extend(slice["part"].as_u64());
            let Some((queues, copies)) = &self.copies else { continue };
            let mut copies = copies.lock().unwrap();
            if copies.insert(id.to_owned()) {
                copies.insert(queues.send(QUEUE, NewMessage::new(body.to_owned())).unwrap());
            }
        }
        Invoke::invoke(&self.function, event).await
    }
}

/// So many contacts, of which Botmatic does not tell: the import alone is the question here.
async fn shared(count: u64) -> Imports {
    shared_with(count, ImportsOptions::default()).await
}

/// The same as the options say.
async fn shared_with(count: u64, options: ImportsOptions<'_>) -> Imports {
    let config = CONFIG.replace("settle_seconds: 1", "settle_seconds: 12");
    // Eight pages at a time in all, as the one DynamoDB of this machine bears.
    let import = "    concurrency: 1\n";
    let imports = Imports::with(count, ImportsOptions { config: &config, import, ..options }).await;
    imports.contacts.botmatic.change_settings(|settings| settings.deliver_to = None);
    imports
}

/// Every contact is there once, and every part is done.
async fn check(imports: &Imports, import: &str, count: u64, parts: u64) {
    let status = imports.ended(import).await;
    let counts = &status["counts"];
    // Whoever takes a part that nothing was heard of reads the page in work once more.
    let there = counts["created"].as_u64().unwrap() + counts["unchanged"].as_u64().unwrap();
    let shown = (&status["state"], &counts["seen"], there);
    assert_eq!(shown, (&json!("finished"), &json!(count), count), "{status}");
    assert_eq!((&status["parts"], &status["open_parts"]), (&json!(parts), &json!(0)), "{status}");
    assert_eq!(status["total"], count);
    imports.contacts.idle().await;
    assert_eq!(imports.contacts.botmatic.count(TENANT), usize::try_from(count).unwrap());
    assert_eq!(imports.differences().await, Vec::<String>::new());
    // It has ended before anybody is told. Whoever is may be told twice, with the same id.
    until(|| !imports.told.told().is_empty()).await;
    let told = imports.told.told();
    for it in &told {
        assert_eq!(it.id, import.replace('.', "-"));
        let data = &it.body["data"];
        assert_eq!(
            (&it.body["type"], &data["state"]),
            (&json!("import_finished"), &json!("finished"))
        );
        assert_eq!((&data["import"], &data["counts"]), (&json!(import), counts));
    }
}

async fn eight_share(count: u64) {
    let imports = shared(count).await;
    let function = Shared::start(&imports, 8, false).await;
    let mapping = imports.invoke(Arc::clone(&function), 8);
    let import = imports.begin(json!({})).await;
    check(&imports, &import, count, 8).await;
    assert_eq!(*function.parts.lock().unwrap(), (0..8).collect(), "every part was worked on");
    mapping.stop().await;
    function.check_closed_once(&import).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_functions_share_one_job() {
    eight_share(8_000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a minute or more: `make soak` runs it"]
async fn eight_functions_share_one_job_of_100_000() {
    eight_share(100_000).await;
}

/// Every part is done, and whoever has done it ended before looking whether others are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_eight_functions_that_find_it_done_one_closes_the_job() {
    let imports = shared(0).await;
    let function = Shared::start(&imports, 8, false).await;
    let instance = imports.instance().await;
    let store = instance.importer().imports();
    let integration = IntegrationId::try_from(imports.integration.clone()).unwrap();
    let import = JobId::new(integration.clone(), store.clock.now(), &store.random);
    store.jobs.start(&import, &ImportRequest::full(integration), None).await.unwrap();
    let later = store.clock.now() + TIME;
    for part in 0..8 {
        let taken = store.jobs.take(&import, part, 0, "somebody".to_owned(), later).await.unwrap();
        let Taken::Part(lease, _) = taken else { panic!("{part}: {taken:?}") };
        if part == 0 {
            let starts: Vec<_> = (1..8).map(|part| Cursor::Page(10 * part)).collect();
            assert!(store.jobs.divide(&lease, &starts, 8_000).await.unwrap());
        }
        store.jobs.finish(&lease, &Progress::default()).await.unwrap();
        let slice = json!(Slice { import: import.clone(), part, slice: 0 });
        imports.sqs.queues().send(QUEUE, NewMessage::new(slice.to_string())).unwrap();
    }
    let mapping = imports.invoke(Arc::clone(&function), 8);
    let import = import.to_string();
    let status = imports.ended(&import).await;
    assert_eq!((&status["state"], &status["open_parts"]), (&json!("finished"), &json!(0)));
    until(|| imports.sqs.queues().counts(QUEUE).unwrap() == Counts::default()).await;
    mapping.stop().await;
    function.check_closed_once(&import).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_message_twice_changes_nothing() {
    // So that there is a copy again while somebody works on its part.
    let visibility = Duration::from_secs(3);
    let imports =
        shared_with(2_400, ImportsOptions { visibility, ..ImportsOptions::default() }).await;
    let function = Shared::start(&imports, 4, true).await;
    let mapping = imports.invoke(Arc::clone(&function), 4);
    let import = imports.begin(json!({})).await;
    check(&imports, &import, 2_400, 2).await;
    // What is left of the copies is taken off the queue.
    until(|| imports.sqs.queues().counts(QUEUE).unwrap() == Counts::default()).await;
    check(&imports, &import, 2_400, 2).await;
    mapping.stop().await;
    function.check_closed_once(&import).await;
}
