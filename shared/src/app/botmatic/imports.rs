//! `/imports`: starting imports, ending them, and looking at them. For whoever has the admin key.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::function::Botmatic;
use super::reply::{retry_later, text};
use super::routes::Route;
use crate::app::answer::{AnswerBody, json_answer};
use crate::app::problem::{problem, wrong_method};
use crate::botmatic::IntegrationId;
use crate::contacts::import::job::JobId;
use crate::contacts::import::store::JobError;
use crate::contacts::import::{Begun, ImportRequest, StartError};
use crate::ground::clock::Timestamp;
use crate::ground::http::{only_parameters, query_parameter};
use crate::ground::telemetry::Chain;

/// How many imports a list has, and how many failures a page.
const LIST: u16 = 20;
const FAILURES: u16 = 100;
const MAX_FAILURES: u16 = 1_000;
const NO_QUEUE: &str = "IMPORT_QUEUE_URL is not set here, so nothing would work on the import: \
     invoke the function contact-import instead";

const NO_BODY: &str = r#"expected a body that says whose contacts, such as {"integration": "ID"}"#;

type Answer = Response<AnswerBody>;

/// The body of `POST /imports/{id}/retry`, which need not be there.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RetryRequest {
    create_doubtful: bool,
}

impl Botmatic {
    pub(super) async fn imports(
        &self,
        route: Route<'_>,
        request: &Request<Bytes>,
    ) -> Response<AnswerBody> {
        if !self.is_admin(request.headers()) {
            return text(StatusCode::UNAUTHORIZED, "Not authorized");
        }
        if self.0.sync.is_none() {
            return problem(StatusCode::NOT_FOUND, super::pushes::NO_CONTACTS);
        }
        let answer = match (route, request.method()) {
            (Route::Imports, &Method::GET) => self.list_imports(request).await,
            (Route::Imports, &Method::POST) => self.start_import(request).await,
            (Route::Imports, _) => Ok(wrong_method("GET, POST")),
            (Route::Import { id }, &Method::GET) => self.import(id, request).await,
            (Route::Import { .. }, _) => Ok(wrong_method("GET")),
            (Route::CancelImport { id }, &Method::POST) => self.cancel_import(id).await,
            (Route::RetryImport { id }, &Method::POST) => self.retry_import(id, request).await,
            _ => Ok(wrong_method("POST")),
        };
        answer.unwrap_or_else(|refusal| refusal)
    }

    async fn start_import(&self, request: &Request<Bytes>) -> Result<Answer, Answer> {
        if request.body().is_empty() {
            return Err(malformed(NO_BODY.to_owned()));
        }
        let request: ImportRequest = read(request.body()).map_err(malformed)?;
        if !self.0.imports.slices.is_queue() {
            return Ok(problem(StatusCode::SERVICE_UNAVAILABLE, NO_QUEUE));
        }
        Ok(begun(self.0.imports.start(&request).await))
    }

    async fn retry_import(&self, id: &str, request: &Request<Bytes>) -> Result<Answer, Answer> {
        let RetryRequest { create_doubtful } = if request.body().is_empty() {
            RetryRequest::default()
        } else {
            read(request.body()).map_err(malformed)?
        };
        if !self.0.imports.slices.is_queue() {
            return Ok(problem(StatusCode::SERVICE_UNAVAILABLE, NO_QUEUE));
        }
        let id = id_of(id).map_err(malformed)?;
        Ok(begun(self.0.imports.retry(&id, create_doubtful).await))
    }

    async fn cancel_import(&self, id: &str) -> Result<Answer, Answer> {
        let id = id_of(id).map_err(malformed)?;
        let is_ended = self.0.imports.cancel(&id).await.map_err(|error| failed(&error))?;
        Ok(json_answer(StatusCode::OK, &json!({ "import": id, "cancelled": is_ended })))
    }

    async fn list_imports(&self, request: &Request<Bytes>) -> Result<Answer, Answer> {
        only_parameters(request.uri(), &["integration"]).map_err(malformed)?;
        let expected = "expected `?integration=` with its id, whose imports are listed; or \
             /imports/{id} with that of an import";
        let integration = query_parameter(request.uri(), "integration");
        let integration = integration.and_then(|id| IntegrationId::try_from(id).ok());
        let integration = integration.ok_or_else(|| problem(StatusCode::BAD_REQUEST, expected))?;
        let jobs = self.0.imports.list(&integration, LIST).await;
        let jobs = jobs.map_err(|error| failed(&error))?;
        let jobs: Vec<_> = jobs
            .iter()
            .map(|job| {
                json!({
                    "import": job.id,
                    "mode": job.request.mode,
                    "dry_run": job.request.dry_run,
                    "state": job.state,
                    "started_at": job.started.to_rfc3339(),
                    "ended_at": job.ended.map(Timestamp::to_rfc3339),
                })
            })
            .collect();
        Ok(json_answer(StatusCode::OK, &json!({ "imports": jobs })))
    }

    /// How far it has come, with a page of what has failed: `?failures_after=` says which one,
    /// `?failures=` how many.
    async fn import(&self, id: &str, request: &Request<Bytes>) -> Result<Answer, Answer> {
        let id = id_of(id).map_err(malformed)?;
        only_parameters(request.uri(), &["failures", "failures_after"]).map_err(malformed)?;
        let status = self.0.imports.status(&id).await.map_err(|error| failed(&error))?;
        let Some(status) = status else { return Err(failed(&JobError::NotFound)) };
        let limit = match query_parameter(request.uri(), "failures") {
            None => FAILURES,
            Some(limit) => limit
                .parse()
                .ok()
                .filter(|limit| (1..=MAX_FAILURES).contains(limit))
                .ok_or_else(|| {
                    let expected = format!("failures: expected a number from 1 to {MAX_FAILURES}");
                    problem(StatusCode::BAD_REQUEST, &expected)
                })?,
        };
        let after =
            query_parameter(request.uri(), "failures_after").filter(|after| !after.is_empty());
        let page = self.0.imports.failures(&id, after.as_deref(), limit).await;
        let page = page.map_err(|error| failed(&error))?;
        let failures: Vec<Value> = page
            .failures
            .iter()
            .map(|failure| {
                let mut shown = json!(failure);
                shown["retryable"] = json!(failure.is_retryable());
                shown
            })
            .collect();
        let mut answer = json!(status);
        answer["failures"] = json!(failures);
        answer["failures_next"] = json!(page.next);
        Ok(json_answer(StatusCode::OK, &answer))
    }
}

fn read<T: serde::de::DeserializeOwned>(body: &Bytes) -> Result<T, String> {
    let mut json = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut json).map_err(|error| match error.path().to_string() {
        _ if error.inner().is_syntax() || error.inner().is_eof() => {
            format!("malformed JSON: {}", error.inner())
        }
        path if path == "." => error.inner().to_string(),
        path => format!("{path}: {}", error.inner()),
    })
}

fn id_of(id: &str) -> Result<JobId, String> {
    JobId::try_from(id.to_owned()).map_err(|error| error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn malformed(expected: String) -> Answer {
    problem(StatusCode::BAD_REQUEST, &expected)
}

fn begun(begun: Result<Begun, StartError>) -> Answer {
    let error = match begun {
        Ok(Begun { import, is_new }) => {
            let status = if is_new { StatusCode::ACCEPTED } else { StatusCode::OK };
            return json_answer(status, &json!({ "import": import, "started": is_new }));
        }
        Err(error) => error,
    };
    let detail = error.to_string();
    match &error {
        StartError::NotInstalled | StartError::NotFound => problem(StatusCode::NOT_FOUND, &detail),
        StartError::Running => problem(StatusCode::CONFLICT, &detail),
        StartError::File(_) => problem(StatusCode::UNPROCESSABLE_ENTITY, &detail),
        StartError::Integration(_) | StartError::Jobs(_) | StartError::Queue(_) => {
            tracing::error!(error = %Chain(&error), "import not started");
            retry_later(None, &detail)
        }
    }
}

fn failed(error: &JobError) -> Answer {
    match error {
        JobError::NotFound => problem(StatusCode::NOT_FOUND, &error.to_string()),
        error => {
            tracing::error!(error = %Chain(error), "imports not read");
            retry_later(None, &error.to_string())
        }
    }
}
