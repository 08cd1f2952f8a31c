//! The function `botmatic` between the stand-ins for Botmatic and for a CRM, on an embedded
//! DynamoDB: everything real but the two services, in one process so that thousands of events take
//! seconds.

mod function;
mod importer;

use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use patchcord::app::{Botmatic, BotmaticSetup};
use patchcord::botmatic::Fields;
use patchcord::ground::http::client;
use patchcord_local::dynamodb::Dynamo;
use patchcord_local::standins::{
    BotmaticStandin, CrmStandin, OutboxSnapshot, Retry, StandinOptions,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::clock::ShiftedClock;
use crate::stack::database;

/// The token that the stand-in for Botmatic knows, and the key of the stand-in for a CRM.
pub const TOKEN: &str = "local-token";
/// What the CRM sends with what it pushes.
pub const PUSH_KEY: &str = "local-crm-key";
/// The time of an invocation.
const INVOCATION: Duration = Duration::from_secs(20);
/// The same where servers are silent: it ends what waits for them.
const SHORT_INVOCATION: Duration = Duration::from_secs(2);
/// All is delivered by then, also what the longest of these tests leaves.
pub const DELIVERED: Duration = Duration::from_mins(10);
/// Services that deliver until it is taken.
const PATIENT: Retry = Retry {
    attempts: 100_000,
    backoff: Duration::from_millis(20),
    most: Duration::from_millis(200),
    timeout: Duration::from_secs(10),
    at_once: 8,
};

/// The settings page in [`CONFIG`].
pub const SETTINGS: &str = "settings: {fields: [{name: api_key, type: secret, label: API key}]}";
/// The two sections of the configuration, as `patchcord.yaml` has them. `CRM` as a base URL is
/// replaced by the address of the CRM.
pub const CONFIG: &str = r"
botmatic:
  encryption_keys: a key that is only for these tests, and long
  admin_key: the-admins-key
  settings: {fields: [{name: api_key, type: secret, label: API key}]}
contacts:
  settle_seconds: 1
  mappings:
    - {botmatic: {name: id}, ext: {name: id}, id: true}
    - {botmatic: {name: email}, ext: {name: email}, clear: true}
    - {botmatic: {name: firstname}, ext: {name: first_name}, clear: true}
    - {botmatic: {name: score, type: integer}, ext: {name: score}}
    - {botmatic: {name: city, type: text}, ext: {name: address.city}, clear: true}
  consumer: {type: rest, base_url: CRM, token: local-crm-key}
  push: {key: local-crm-key}
";

/// Everything that runs.
pub struct Contacts {
    /// The stand-in for Botmatic. It delivers to the function.
    pub botmatic: BotmaticStandin,
    /// The stand-in for a CRM. It pushes to the function.
    pub crm: CrmStandin,
    /// The database.
    pub dynamo: Dynamo,
    /// Where the function answers.
    pub url: String,
    /// The function itself.
    pub function: Arc<Botmatic>,
    /// By what it tells the time.
    pub clock: Arc<ShiftedClock>,
    config: String,
}

impl Contacts {
    /// With [`CONFIG`].
    pub async fn start() -> Self {
        Self::with(CONFIG, |setup| setup).await
    }

    /// With [`CONFIG`], services that deliver until it is taken, and time for that: `settle` is
    /// longer than any of it takes. A CRM that is silent is waited for a moment, Botmatic until the
    /// end of the `invocation`.
    pub async fn patient(settle: Duration, invocation: Duration) -> Self {
        let settle = format!("settle_seconds: {}", settle.as_secs());
        let config = CONFIG
            .replace("settle_seconds: 1", &settle)
            .replace("base_url: CRM,", "base_url: CRM, timeout_seconds: 0.5,");
        Self::start_with(&config, PATIENT, invocation, |setup| setup).await
    }

    /// The same with a configuration of one's own, and what a `main.rs` would add: a CRM that is
    /// silent is waited for as long as it says.
    pub async fn patient_with(
        config: &str,
        adjust: impl FnOnce(BotmaticSetup) -> BotmaticSetup,
    ) -> Self {
        Self::start_with(config, PATIENT, SHORT_INVOCATION, adjust).await
    }

    /// With a configuration of one's own, and what a `main.rs` would add.
    pub async fn with(config: &str, adjust: impl FnOnce(BotmaticSetup) -> BotmaticSetup) -> Self {
        Self::start_with(config, Retry::default(), INVOCATION, adjust).await
    }

    async fn start_with(
        config: &str,
        retry: Retry,
        invocation: Duration,
        adjust: impl FnOnce(BotmaticSetup) -> BotmaticSetup,
    ) -> Self {
        let dynamo = database().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let mut options = StandinOptions { retry, ..StandinOptions::default() };
        options.settings.deliver_to = Some(format!("{url}/botmatic"));
        let botmatic = BotmaticStandin::start(options).await.expect("a stand-in");
        let mut options = StandinOptions { retry, ..StandinOptions::default() };
        options.settings.deliver_to = Some(url.clone());
        let crm = CrmStandin::start(options).await.expect("a stand-in");

        let config = config.replace("base_url: CRM", &format!("base_url: {}", crm.endpoint()));
        let clock = Arc::<ShiftedClock>::default();
        let setup =
            function::setup(&config, [&dynamo.endpoint(), &botmatic.endpoint()], &clock).await;
        let function = Arc::new(adjust(setup).function());
        function::serve(listener, Arc::clone(&function), invocation);
        Self { botmatic, crm, dynamo, url, function, clock, config }
    }

    /// Another instance of the function, which answers at the URL that is returned.
    ///
    /// # Panics
    /// If it cannot be started.
    pub async fn another_instance(&self) -> String {
        self.another_instance_at(&self.dynamo.endpoint()).await
    }

    /// The same with another way to the database.
    ///
    /// # Panics
    /// If it cannot be started.
    pub async fn another_instance_at(&self, dynamodb: &str) -> String {
        let endpoints = [dynamodb, &*self.botmatic.endpoint()];
        let setup = function::setup(&self.config, endpoints, &self.clock).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        function::serve(listener, Arc::new(setup.function()), INVOCATION);
        url
    }

    /// Installs the integration for the tenant `local`, tells the CRM what it is called, and
    /// returns that.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn install(&self) -> String {
        let (status, answer) = self.event(TOKEN, &json!({ "event": "install" })).await;
        let id = answer["data"]["integration"].as_str().map(str::to_owned);
        let id = id.unwrap_or_else(|| panic!("install: {status} {answer}"));
        self.crm.set_integration("local", &id);
        id
    }

    /// Posts a body to the endpoint for Botmatic: the status, and the answer as JSON, or as a text.
    ///
    /// # Panics
    /// If there is no answer.
    pub async fn event(&self, token: &str, body: &Value) -> (u16, Value) {
        let request = client().expect("a client").post(format!("{}/botmatic", self.url));
        answer(request.bearer_auth(token).body(body.to_string())).await
    }

    /// The text of the configuration, as both functions have it.
    pub fn config(&self) -> &str {
        &self.config
    }

    /// How many requests both services got.
    pub fn requests(&self) -> u64 {
        self.botmatic.requests().total() + self.crm.requests().total()
    }

    /// Once nothing more is delivered, neither by Botmatic nor by the CRM.
    ///
    /// # Panics
    /// If that does not happen: with the place that waits, and with what is still to be delivered.
    #[track_caller]
    pub fn idle(&self) -> impl Future<Output = ()> {
        let place = Location::caller();
        async move {
            let wait = async {
                loop {
                    self.botmatic.idle().await;
                    self.crm.idle().await;
                    if self.botmatic.outbox().waiting == 0 && self.crm.outbox().waiting == 0 {
                        return;
                    }
                }
            };
            if timeout(DELIVERED, wait).await.is_err() {
                let outboxes = [self.botmatic.outbox(), self.crm.outbox()]
                    .map(|outbox| OutboxSnapshot { recent: Vec::new(), ..outbox });
                panic!("{place}: not all is delivered by Botmatic and the CRM: {outboxes:?}");
            }
        }
    }
}

/// The fields of a contact.
///
/// # Panics
/// If it is no object.
pub fn fields(contact: Value) -> Fields {
    match contact {
        Value::Object(fields) => fields,
        other => panic!("expected an object, got {other}"),
    }
}

/// Sends a request: the status, and the answer as JSON, or as a text if it is none.
///
/// # Panics
/// If there is no answer.
pub async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let text = response.text().await.expect("its body");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
