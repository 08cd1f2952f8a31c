//! Imports with their queue: the function `botmatic` starts them, a queue invokes the function
//! `contact-import`, and somebody is told when they are finished.

use std::sync::Arc;
use std::time::Duration;

use patchcord::app::{BotmaticSetup, ContactImport};
use patchcord::ground::http::client;
use patchcord_local::queue::{
    EventSourceMapping, Invoke, MappingOptions, QueueAttributes, Sqs, SqsOptions,
};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::contacts::{CONFIG, Contacts, answer};
use crate::instances::Instances;
use crate::sqs::functions_client;
use crate::wait::in_time;
use crate::webhooks::{KEY, Webhooks};

/// The queue of imports.
pub const QUEUE: &str = "imports";
/// Who may start imports.
pub const ADMIN_KEY: &str = "the-admins-key";
/// The one tenant.
pub const TENANT: &str = "local";
/// Between two looks.
const POLL: Duration = Duration::from_millis(20);
/// An invocation is over by then, also where the machine has too much to do. Received again before
/// that, a message would give its part to somebody else, who reads the page in work once more.
const VISIBILITY: Duration = Duration::from_mins(1);
/// No import of these tests takes longer.
pub const FINISHED: Duration = Duration::from_mins(10);

/// Everything that runs.
pub struct Imports {
    /// The stand-ins, the function `botmatic`, the database.
    pub contacts: Contacts,
    /// The queue.
    pub sqs: Sqs,
    /// Who is told of the end.
    pub told: Webhooks,
    /// The integration that is installed.
    pub integration: String,
}

/// How it is started.
pub struct ImportsOptions<'a> {
    /// `patchcord.yaml`, to which the section `contacts.import` is added.
    pub config: &'a str,
    /// Lines of that section.
    pub import: &'a str,
    /// For how long a message is hidden that somebody has received.
    pub visibility: Duration,
    /// Whether both services deliver until it is taken.
    pub patient: bool,
}

impl Default for ImportsOptions<'_> {
    fn default() -> Self {
        Self { config: CONFIG, import: "", visibility: VISIBILITY, patient: false }
    }
}

impl Imports {
    /// With `count` contacts on the CRM, and nothing on Botmatic yet.
    pub async fn start(count: u64) -> Self {
        Self::with(count, ImportsOptions::default()).await
    }

    /// The same as the options say.
    pub async fn with(count: u64, options: ImportsOptions<'_>) -> Self {
        let sqs = Sqs::start(SqsOptions::default()).await.expect("a queue");
        let attributes = QueueAttributes {
            visibility_timeout: options.visibility,
            ..QueueAttributes::default()
        };
        sqs.queues().create(QUEUE, attributes).expect("a queue");
        let told = Webhooks::start().await;
        let config = format!(
            "{}  import:\n    on_install: false\n    finished: {{url: {}, secret: {KEY}}}\n{}",
            options.config,
            told.url(),
            options.import
        );
        let queue = functions_client(&sqs.endpoint(), &sqs.url(QUEUE));
        let adjust = |setup: BotmaticSetup| setup.queue(queue);
        let contacts = if options.patient {
            Contacts::patient_with(&config, adjust).await
        } else {
            Contacts::with(&config, adjust).await
        };
        contacts.crm.generate(TENANT, count, 7).expect("contacts");
        let integration = contacts.install().await;
        Self { contacts, sqs, told, integration }
    }

    /// An instance of the function `contact-import` in this process, which has a queue.
    ///
    /// # Panics
    /// If it cannot be started.
    pub async fn instance(&self) -> ContactImport {
        let queue = functions_client(&self.sqs.endpoint(), &self.sqs.url(QUEUE));
        let setup = self.contacts.import_setup().await.queue(queue);
        setup.function().expect("contacts in the configuration")
    }

    /// So many instances, invoked by the queue, an invocation of which has so much time.
    pub async fn run(&self, instances: usize, time: Duration) -> EventSourceMapping {
        self.invoke(Arc::new(Instances::of(self, instances, time).await), instances)
    }

    /// The queue invokes `function`, so often at a time at most.
    ///
    /// # Panics
    /// If there is no queue.
    pub fn invoke<I: Invoke>(&self, function: Arc<I>, at_once: usize) -> EventSourceMapping {
        let options = MappingOptions {
            queue: QUEUE.to_owned(),
            batch_size: 1,
            maximum_concurrency: at_once,
            report_batch_item_failures: true,
        };
        let queues = Arc::clone(self.sqs.queues());
        EventSourceMapping::start(queues, function, options).expect("a queue")
    }

    /// Asks the function `botmatic`, with the admin's key: the status, and the answer.
    pub async fn ask(
        &self,
        method: http::Method,
        path: &str,
        body: Option<&Value>,
    ) -> (u16, Value) {
        let url = format!("{}{path}", self.contacts.url);
        let request = client().expect("a client").request(method, url).bearer_auth(ADMIN_KEY);
        answer(match body {
            Some(body) => request.body(body.to_string()),
            None => request,
        })
        .await
    }

    /// Starts an import of the integration with these members.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn begin(&self, members: Value) -> String {
        let mut request = json!({ "integration": self.integration });
        if let (Some(request), Value::Object(members)) = (request.as_object_mut(), members) {
            request.extend(members);
        }
        let (status, begun) = self.ask(http::Method::POST, "/imports", Some(&request)).await;
        assert_eq!(status, 202, "{begun}");
        begun["import"].as_str().expect("an id").to_owned()
    }

    /// Tries the failures of an import again.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn retry(&self, import: &str, create_doubtful: bool) -> String {
        let path = format!("/imports/{import}/retry");
        let body = json!({ "create_doubtful": create_doubtful });
        let (status, begun) = self.ask(http::Method::POST, &path, Some(&body)).await;
        assert_eq!(status, 202, "{begun}");
        begun["import"].as_str().expect("an id").to_owned()
    }

    /// How far an import has come, with 1,000 failures at most.
    ///
    /// # Panics
    /// If there is none.
    pub async fn status(&self, import: &str) -> Value {
        let path = format!("/imports/{import}?failures=1000");
        in_time(async {
            loop {
                match self.ask(http::Method::GET, &path, None).await {
                    (200, found) => return found,
                    // A machine that has too much to do.
                    (503, _) => sleep(POLL).await,
                    (status, found) => panic!("{status} {found}"),
                }
            }
        })
        .await
    }

    /// What is wrong with the two sides, as [`Contacts::differences`] says it.
    pub async fn differences(&self) -> Vec<String> {
        self.contacts.differences(&self.integration).await
    }

    /// What an import was once it had ended.
    ///
    /// # Panics
    /// If it does not end.
    pub async fn ended(&self, import: &str) -> Value {
        self.until(import, |status| status["state"] != "running").await
    }

    /// How far an import has come once `is_there` says so.
    ///
    /// # Panics
    /// If that does not happen.
    pub async fn until(&self, import: &str, is_there: impl Fn(&Value) -> bool) -> Value {
        let mut status = Value::Null;
        let wait = async {
            loop {
                status = self.status(import).await;
                if is_there(&status) {
                    return;
                }
                sleep(POLL).await;
            }
        };
        let waited = timeout(FINISHED, wait).await;
        assert!(waited.is_ok(), "it does not get there: {status}");
        status
    }
}
