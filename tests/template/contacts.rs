//! What the functions `botmatic` and `contact-import` may do with their table is what they do, from
//! an installation to its end.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use patchcord_local::queue::{
    EventSourceMapping, MappingOptions, QueueAttributes, Sqs, SqsOptions,
};
use patchcord_local::runtime_api::{Lambda, LambdaOptions};
use patchcord_local::standins::{BotmaticStandin, CrmStandin, Reject, StandinOptions};
use patchcord_local::tables::Table;
use patchcord_tests::binaries;
use patchcord_tests::contacts::{CONFIG, PUSH_KEY, TOKEN};
use patchcord_tests::recorder::Recorder;
use patchcord_tests::stack::{TempFile, database};
use serde_json::{Value, json};

use super::parts::without;
use super::permissions::allowed;

const QUEUE: &str = "imports";
const ADMIN_KEY: &str = "the-admins-key";
const TIMEOUT: Duration = Duration::from_secs(30);
/// No import of two contacts takes longer.
const FINISHED: Duration = Duration::from_mins(1);

/// The function `botmatic`.
struct Botmatic(Lambda);

impl Botmatic {
    async fn ask(&self, method: Method, path: &str, key: &str, body: &Value) -> Value {
        let request = Request::builder().method(method).uri(format!("https://example.com{path}"));
        let request = request
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json");
        let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
        let answer = self.0.http(request.body(body).unwrap()).await.unwrap();
        assert!(answer.status().is_success(), "{path}: {} {:?}", answer.status(), answer.body());
        serde_json::from_slice(answer.body()).unwrap_or_default()
    }

    async fn event(&self, event: Value) -> Value {
        let answer = self.ask(Method::POST, "/botmatic", TOKEN, &event).await;
        assert_eq!(answer["success"], true, "{event}: {answer}");
        answer
    }

    async fn imports(&self, method: Method, path: &str, body: Value) -> Value {
        self.ask(method, &format!("/imports{path}"), ADMIN_KEY, &body).await
    }

    /// The newest import, once none runs.
    async fn finished(&self, integration: &str) -> Value {
        let wait = async {
            loop {
                let path = format!("?integration={integration}");
                let list = self.imports(Method::GET, &path, Value::Null).await;
                let imports = list["imports"].as_array().expect("a list");
                if imports.iter().all(|import| import["state"] != "running") {
                    return imports.first().expect("an import").clone();
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(FINISHED, wait).await.expect("an import that ends")
    }
}

async fn start(binary: std::path::PathBuf, dynamodb: &str, env: &[(&str, String)]) -> Lambda {
    let own = [
        ("DYNAMODB_ENDPOINT", dynamodb.to_owned()),
        ("CONTACTS_TABLE", Table::CONTACTS.to_owned()),
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
    ];
    let env = env.iter().cloned().chain(own).map(|(name, value)| (name.to_owned(), value));
    let options = LambdaOptions { binary, instances: 1, timeout: TIMEOUT, env: env.collect() };
    Lambda::start(options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_functions_may_do_with_contacts_what_they_do() {
    let dynamo = database().await;
    let crm = CrmStandin::start(StandinOptions::default()).await.unwrap();
    let service = BotmaticStandin::start(StandinOptions::default()).await.unwrap();
    let sqs = Sqs::start(SqsOptions::default()).await.unwrap();
    sqs.queues().create(QUEUE, QueueAttributes::default()).unwrap();
    let config = CONFIG.replace("base_url: CRM", &format!("base_url: {}", crm.endpoint()));
    let config = TempFile::new("patchcord.yaml", &config);
    let env = [
        ("PATCHCORD_CONFIG", config.path().display().to_string()),
        ("BOTMATIC_BASE_URL", service.endpoint()),
        ("IMPORT_QUEUE_URL", sqs.url(QUEUE)),
        ("AWS_ENDPOINT_URL_SQS", sqs.endpoint()),
    ];
    let by_botmatic = Recorder::start(dynamo.endpoint()).await;
    let by_import = Recorder::start(dynamo.endpoint()).await;
    let botmatic = Botmatic(start(binaries::botmatic(), &by_botmatic.endpoint(), &env).await);
    let import = start(binaries::contact_import(), &by_import.endpoint(), &env).await;
    let options = MappingOptions {
        queue: QUEUE.to_owned(),
        batch_size: 1,
        maximum_concurrency: 1,
        report_batch_item_failures: true,
    };
    let mapping = EventSourceMapping::start(Arc::clone(sqs.queues()), Arc::new(import), options);
    let mapping = mapping.unwrap();

    live(&botmatic, &crm, &service).await;

    let template = without(&[]);
    for (role, recorder) in [("BotmaticRole", by_botmatic), ("ImportRole", by_import)] {
        let allowed = allowed(&template, role, "dynamodb:", "ContactsTable");
        assert_eq!(allowed, recorder.permissions(), "{role}");
    }
    mapping.stop().await;
}

/// An integration from its installation to its end.
async fn live(botmatic: &Botmatic, crm: &CrmStandin, service: &BotmaticStandin) {
    let fields = |fields: Value| fields.as_object().cloned().unwrap().into_iter().collect();
    crm.user_creates("local", fields(json!({ "first_name": "Ada" }))).unwrap();
    crm.user_creates("local", fields(json!({ "first_name": "Eve" }))).unwrap();
    let (field, value) = ("firstname".to_owned(), json!("Eve"));
    let reject = vec![Reject { field, value, whole: false }];
    service.change_settings(|settings| settings.reject = reject);

    let installed = botmatic.event(json!({ "event": "install" })).await;
    let integration = installed["data"]["integration"].as_str().unwrap();
    let request = json!({ "integration": integration });
    botmatic.imports(Method::POST, "", request.clone()).await;
    let first = botmatic.finished(integration).await["import"].as_str().unwrap().to_owned();
    let status = botmatic.imports(Method::GET, &format!("/{first}"), Value::Null).await;
    assert_eq!(status["failures"].as_array().map(Vec::len), Some(1), "{status}");
    service.change_settings(|settings| settings.reject.clear());
    botmatic.imports(Method::POST, &format!("/{first}/retry"), Value::Null).await;
    botmatic.finished(integration).await;
    let begun = botmatic.imports(Method::POST, "", request).await;
    let begun = begun["import"].as_str().unwrap();
    botmatic.imports(Method::POST, &format!("/{begun}/cancel"), Value::Null).await;

    let contact = json!({ "id": 122, "firstname": "Grace" });
    for event in ["contact_created", "contact_updated"] {
        botmatic.event(json!({ "event": event, "data": contact })).await;
    }
    botmatic.event(json!({ "event": "contact_deleted", "data": { "contact_id": 122 } })).await;
    let pushed = format!("?integration={integration}");
    for (method, path, body) in [
        (Method::POST, String::new(), json!({ "id": "c-77", "first_name": "Mary" })),
        (Method::PATCH, "/c-77".to_owned(), json!({ "first_name": "May" })),
        (Method::DELETE, "/c-77".to_owned(), Value::Null),
    ] {
        let path = format!("/contacts{path}{pushed}");
        botmatic.ask(method, &path, PUSH_KEY, &body).await;
    }
    botmatic.event(json!({ "event": "uninstall" })).await;
}
