//! The samples that have to do with imports.

use std::path::PathBuf;
use std::time::Duration;

use patchcord_local::queue::{QueueAttributes, Receive, Sqs, SqsOptions};
use patchcord_local::runtime_api::{Lambda, LambdaOptions};
use patchcord_local::standins::{BotmaticStandin, CrmStandin, StandinOptions};
use patchcord_local::tables::Table;
use patchcord_tests::binaries::{self, root};
use patchcord_tests::local_stack::LocalStack;
use patchcord_tests::stack::{TempFile, database};
use serde_json::{Value, json};

use super::{SAMPLE_INTEGRATION, invoke, sample};

/// What the sample of a message calls the import.
const SAMPLE_IMPORT: &str = "0123456789abcdef0123456789abcdef.1a1fe63bf9e86a83ddb";
const ADMIN_KEY: &str = "local-admin-key";
const QUEUE: &str = "imports";

/// Imports as somebody starts them with `cargo lambda invoke`, with a queue or without.
pub fn check_invocations(stack: &LocalStack, integration: &str) {
    for (file, mode, dry_run) in [
        ("contact-import-dry-run.json", "full", true),
        ("contact-import.json", "full", false),
        ("contact-import-missing.json", "missing", false),
    ] {
        let event = sample(file).replace(SAMPLE_INTEGRATION, integration);
        let mut answer = import(stack, file, &event);
        while answer["state"] == "running" {
            answer = import(stack, file, &json!({ "import": answer["import"] }).to_string());
        }
        let shown = ["state", "mode", "dry_run"].map(|name| answer[name].clone());
        assert_eq!(shown, [json!("finished"), json!(mode), json!(dry_run)], "{file}: {answer}");
    }
    let answer = import(stack, "message", &sample("contact-import-sqs.json"));
    assert_eq!(answer, json!({ "batchItemFailures": [] }), "of an import that there is not");
}

fn import(stack: &LocalStack, file: &str, event: &str) -> Value {
    let answer = invoke(stack, "contact-import", event);
    let answer = answer.unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{file}: expected JSON, got {answer}"))
}

/// The functions as they are deployed, with a queue between them, and a person who takes the message
/// off the queue and invokes the function with the sample.
#[tokio::test]
async fn an_import_is_started_and_looked_at_and_its_message_works_on_it() {
    let dynamo = database().await;
    let crm = CrmStandin::start(StandinOptions::default()).await.unwrap();
    let service = BotmaticStandin::start(StandinOptions::default()).await.unwrap();
    crm.generate("local", 30, 7).unwrap();
    let sqs = Sqs::start(SqsOptions::default()).await.unwrap();
    sqs.queues().create(QUEUE, QueueAttributes::default()).unwrap();
    let config = TempFile::new("patchcord.yaml", &shipped());
    let env = [
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_ENDPOINT_URL_SQS", sqs.endpoint()),
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ("BOTMATIC_BASE_URL", service.endpoint()),
        ("CONTACTS_TABLE", Table::CONTACTS.to_owned()),
        ("CRM_BASE_URL", crm.endpoint()),
        ("DYNAMODB_ENDPOINT", dynamo.endpoint()),
        ("IMPORT_QUEUE_URL", sqs.url(QUEUE)),
        ("PATCHCORD_ADMIN_KEY", ADMIN_KEY.to_owned()),
        ("PATCHCORD_CONFIG", config.path().display().to_string()),
        ("PATCHCORD_ENCRYPTION_KEY", "a key for this test, and no other one".to_owned()),
        ("PATCHCORD_PUSH_KEY", "local-crm-key".to_owned()),
    ];
    let start = async |binary: PathBuf| {
        let env = env.clone().map(|(name, value)| (name.to_owned(), value)).into();
        let timeout = Duration::from_secs(30);
        Lambda::start(LambdaOptions { binary, instances: 1, timeout, env }).await.unwrap()
    };
    let botmatic = start(binaries::botmatic()).await;
    let contact_import = start(binaries::contact_import()).await;
    let (_, installed) = ask(&botmatic, sample("botmatic-install.json")).await;
    let integration = installed["data"]["integration"].as_str().unwrap();
    let of_ours = |file: &str| sample(file).replace(SAMPLE_INTEGRATION, integration);

    // An installation may have started it.
    let (status, begun) = ask(&botmatic, of_ours("botmatic-imports-start.json")).await;
    assert!(matches!(status, 200 | 202), "{status} {begun}");
    let import = begun["import"].as_str().unwrap();
    let list = async || {
        let (status, list) = ask(&botmatic, of_ours("botmatic-imports-list.json")).await;
        assert_eq!((status, &list["imports"][0]["import"]), (200, &begun["import"]), "{list}");
        list["imports"][0]["state"].clone()
    };
    assert_eq!(list().await, "running");

    let message = sample("contact-import-sqs.json").replace(SAMPLE_IMPORT, import);
    let in_sample: Value = serde_json::from_str(&message).unwrap();
    let receive = Receive { max: 10, visibility_timeout: None, wait: Some(Duration::ZERO) };
    let received = sqs.queues().receive(QUEUE, receive).await.unwrap();
    let bodies: Vec<_> = received.iter().map(|message| json!(message.body)).collect();
    assert!(bodies.contains(&in_sample["Records"][0]["body"]), "{bodies:?}");
    let answer = contact_import.invoke(message).await.unwrap();
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(answer, json!({ "batchItemFailures": [] }));
    assert_eq!(list().await, "finished");
    assert_eq!(service.count("local"), 30);
}

/// The shipped configuration, with an admin's key.
fn shipped() -> String {
    let shipped = std::fs::read_to_string(root().join("patchcord.yaml")).unwrap();
    if shipped.contains("admin_key") {
        return shipped;
    }
    let section = format!("\nbotmatic:\n  admin_key: {ADMIN_KEY}\n");
    assert_eq!(shipped.matches("\nbotmatic:\n").count(), 1);
    shipped.replace("\nbotmatic:\n", &section)
}

/// What a function answers to an event of a function URL: the status, and the body as JSON.
async fn ask(function: &Lambda, event: String) -> (u64, Value) {
    let answer = function.invoke(event).await.unwrap();
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    let body = answer["body"].as_str().unwrap_or_default();
    (answer["statusCode"].as_u64().unwrap(), serde_json::from_str(body).unwrap_or_default())
}
