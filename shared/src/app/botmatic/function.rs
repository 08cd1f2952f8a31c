//! The function without the Lambda around it.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use serde_json::json;
use tokio::time::timeout;

use super::reply::{not_looked_up, retry_later};
use super::routes::{PATHS, Route, route};
use crate::app::answer::{AnswerBody, TIME_TO_ANSWER, json_answer};
use crate::app::problem::{problem, wrong_method};
use crate::app::webhook::MAX_BODY_BYTES;
use crate::botmatic::api::BotmaticApi;
use crate::botmatic::endpoint::{AuthCache, Handlers};
use crate::botmatic::integrations::{Integration, IntegrationId, IntegrationStore, TokenCache};
use crate::botmatic::settings::{CheckSettings, SettingsForm};
use crate::contacts::import::Imports;
use crate::contacts::installation::Installations;
use crate::contacts::push::Pushes;
use crate::contacts::sync::{Outcome, Sync};
use crate::ground::clock::{Clock, Deadline};
use crate::ground::http::credentials;
use crate::ground::metrics::{self, Metric};
use crate::ground::secret::Secret;

/// What the function is made of.
pub struct BotmaticParts {
    /// The installations.
    pub integrations: Arc<dyn IntegrationStore>,
    /// The same by token, as they were a moment ago.
    pub tokens: TokenCache,
    /// Installs and uninstalls.
    pub installations: Installations,
    /// The sync of contacts, where one is configured.
    pub sync: Option<Arc<Sync>>,
    /// Who may push contacts, and in which form.
    pub pushes: Option<Pushes>,
    /// The imports of contacts.
    pub imports: Arc<Imports>,
    /// Handlers of events and actions.
    pub handlers: Handlers,
    /// Who may send them; installed tokens if there is nobody to ask.
    pub auth: Option<AuthCache>,
    /// The settings page.
    pub form: Option<Arc<SettingsForm>>,
    /// What is checked besides what the form declares.
    pub check: Option<Arc<dyn CheckSettings>>,
    /// Botmatic's API.
    pub api: Arc<BotmaticApi>,
    /// Who may replace tokens.
    pub admin_key: Option<Secret>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What metrics call the function.
    pub service: String,
}

/// The function `botmatic`.
pub struct Botmatic(pub(super) BotmaticParts);

impl Botmatic {
    /// A function of these parts.
    pub const fn new(parts: BotmaticParts) -> Self {
        Self(parts)
    }

    /// The sync of contacts, for a program that tells of them itself; none without `contacts` in
    /// the configuration.
    pub fn sync(&self) -> Option<&Sync> {
        self.0.sync.as_deref()
    }

    /// The installations.
    pub fn integrations(&self) -> &dyn IntegrationStore {
        self.0.integrations.as_ref()
    }

    /// Botmatic's API: properties, events of campaigns, bots.
    pub fn api(&self) -> &BotmaticApi {
        &self.0.api
    }

    /// By what the function tells the time.
    pub fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    /// Answers one request, before `deadline`.
    pub async fn handle(
        &self,
        request: Request<Bytes>,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        let left = deadline.remaining(self.clock().now()).saturating_sub(TIME_TO_ANSWER);
        let answer = timeout(left, self.answer(request, deadline)).await;
        answer.unwrap_or_else(|_| {
            tracing::error!("the invocation's time is over");
            retry_later(None, "it was not finished in the time there is")
        })
    }

    async fn answer(&self, request: Request<Bytes>, deadline: Deadline) -> Response<AnswerBody> {
        let path = request.uri().path().to_owned();
        let Some(route) = route(&path) else { return problem(StatusCode::NOT_FOUND, PATHS) };
        if request.body().len() > MAX_BODY_BYTES {
            let limit = format!("expected a body of at most {MAX_BODY_BYTES} bytes");
            return problem(StatusCode::PAYLOAD_TOO_LARGE, &limit);
        }
        match (route, request.method()) {
            (Route::Health, &Method::GET) => {
                json_answer(StatusCode::OK, &json!({ "status": "ok" }))
            }
            (Route::Health, _) => wrong_method("GET"),
            (Route::Events, &Method::POST) => self.events(&request, deadline).await,
            (Route::Events | Route::Hooks, method) if method != Method::POST => {
                wrong_method("POST")
            }
            (Route::Settings, &Method::GET) => self.settings_page(&request, deadline).await,
            (Route::Settings, &Method::POST) => self.save_settings(request, deadline).await,
            (Route::Settings, _) => wrong_method("GET, POST"),
            (Route::Token { integration }, &Method::PUT) => {
                self.replace_token(integration, &request, deadline).await
            }
            (Route::Token { .. }, _) => wrong_method("PUT"),
            (
                route @ (Route::Imports
                | Route::Import { .. }
                | Route::CancelImport { .. }
                | Route::RetryImport { .. }),
                _,
            ) => self.imports(route, &request).await,
            (route, _) => self.pushed(route, &request, deadline).await,
        }
    }

    /// The installed integration that has this token, as it was a moment ago.
    pub(super) async fn installed(
        &self,
        token: &Secret,
    ) -> Result<Option<Arc<Integration>>, Response<AnswerBody>> {
        let found = self.0.tokens.by_token(token.expose()).await;
        let found = found.map_err(|error| not_looked_up(&error))?;
        Ok(found.filter(|integration| integration.is_installed()))
    }

    /// Forgets what is remembered of an integration that was uninstalled or got another token.
    pub(super) fn forget(&self, id: &IntegrationId) {
        self.0.tokens.invalidate(id);
        if let Some(auth) = &self.0.auth {
            auth.clear();
        }
    }

    /// Whether the request has the admin key.
    pub(super) fn is_admin(&self, headers: &HeaderMap) -> bool {
        let keys = self.0.admin_key.as_ref().zip(bearer(headers));
        keys.is_some_and(|(ours, theirs)| ours.matches(theirs.expose()))
    }

    /// Logs and counts what became of a contact. Ids only: no field of a contact, no token.
    pub(super) fn note(&self, integration: &Integration, from: &str, id: &str, outcome: &Outcome) {
        let (integration, outcome_name) = (integration.id.as_str(), outcome.name());
        let metric = match outcome {
            Outcome::Done { .. } | Outcome::Adopted { .. } => Metric::ContactsWritten,
            Outcome::Unchanged(_) => Metric::ContactsUnchanged,
            Outcome::NotFound | Outcome::Conflict | Outcome::Rejected(_) => Metric::ContactsRefused,
            Outcome::RetryLater { .. } => Metric::ContactsRetried,
        };
        let error = outcome.error();
        let error = error.as_deref();
        if outcome.is_success() {
            tracing::info!(integration, from, id, outcome = outcome_name, "contact");
        } else {
            tracing::warn!(integration, from, id, outcome = outcome_name, error, "contact");
        }
        metrics::count(metric, &self.0.service, "contacts", self.0.clock.now());
    }
}

/// The token of `Authorization: Bearer …`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<Secret> {
    Secret::try_from(credentials(headers, "bearer")?.to_owned()).ok()
}
