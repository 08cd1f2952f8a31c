//! What the external side tells of its contacts: plain requests, and vendors' webhooks.

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{Method, Request, Response, StatusCode, Uri};
use serde_json::json;

use super::function::Botmatic;
use super::reply::{as_json, not_looked_up, outcome, text};
use super::routes::Route;
use crate::app::answer::{AnswerBody, json_answer};
use crate::app::problem::{problem, wrong_method};
use crate::botmatic::integrations::{Integration, IntegrationId};
use crate::contacts::push::{self, PushError, Pushed, Pushes};
use crate::contacts::sync::{Job, Outcome, Sync};
use crate::contacts::{ExternalId, InvalidId};
use crate::ground::clock::Deadline;
use crate::ground::http::query_parameter;
use crate::ground::telemetry::Chain;

/// How many contacts of one request are handled at once.
const CONCURRENCY: usize = 8;
const EXTERNAL: &str = "ext";
pub(super) const NO_CONTACTS: &str =
    "no contacts are kept here: expected `contacts` in patchcord.yaml";

type Answer = Response<AnswerBody>;

impl Botmatic {
    pub(super) async fn pushed(
        &self,
        route: Route<'_>,
        request: &Request<Bytes>,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        let (Some(sync), Some(pushes)) = (&self.0.sync, &self.0.pushes) else {
            return problem(StatusCode::NOT_FOUND, NO_CONTACTS);
        };
        let integration = match self.addressed(request.uri()).await {
            Ok(integration) => integration,
            Err(refusal) => return refusal,
        };
        let job = Job { integration: &integration, deadline };
        let answer = match (route, request.method()) {
            (Route::Hooks, _) => self.hooks(sync, pushes, &job, request).await,
            (route, method) => match self.verified(pushes, &integration, request) {
                Err(error) => Err(refused(&error)),
                Ok(()) => match (route, method) {
                    (Route::Contacts, &Method::POST) => self.create(sync, &job, request).await,
                    (Route::Contacts, &Method::PATCH) => {
                        self.change_many(sync, &job, request).await
                    }
                    (Route::Contact { id }, &Method::PATCH) => {
                        self.change(sync, &job, &id, request).await
                    }
                    (Route::Contact { id }, &Method::DELETE) => self.delete(sync, &job, &id).await,
                    (Route::Contacts, _) => Ok(wrong_method("POST, PATCH")),
                    _ => Ok(wrong_method("PATCH, DELETE")),
                },
            },
        };
        answer.unwrap_or_else(|refusal| refusal)
    }

    /// The installed integration that `?integration=…` names. Somebody who has no key learns
    /// nothing from this: the answer is that to a wrong key.
    async fn addressed(&self, uri: &Uri) -> Result<Integration, Answer> {
        let expected = || problem(StatusCode::BAD_REQUEST, "expected `?integration=` with its id");
        let id =
            query_parameter(uri, "integration").and_then(|id| IntegrationId::try_from(id).ok());
        let found = self.0.integrations.installed(&id.ok_or_else(expected)?).await;
        let found = found.map_err(|error| not_looked_up(&error))?;
        found.ok_or_else(|| refused(&PushError::Unauthorized))
    }

    fn verified(
        &self,
        pushes: &Pushes,
        integration: &Integration,
        request: &Request<Bytes>,
    ) -> Result<(), PushError> {
        let now = self.0.clock.now();
        pushes.verify(request.headers(), request.body(), &integration.settings, now)
    }

    async fn create(
        &self,
        sync: &Sync,
        job: &Job<'_>,
        request: &Request<Bytes>,
    ) -> Result<Answer, Answer> {
        let fields = push::contact(request.body()).map_err(|error| refused(&error))?;
        let Some(id) = sync.external_id(&fields) else {
            return Ok(problem(StatusCode::UNPROCESSABLE_ENTITY, "expected a contact with its id"));
        };
        let became = sync.created_outside(job, id.clone(), Some(fields)).await;
        self.note(job.integration, EXTERNAL, id.as_str(), &became);
        Ok(outcome(&became, StatusCode::CREATED))
    }

    async fn change(
        &self,
        sync: &Sync,
        job: &Job<'_>,
        id: &str,
        request: &Request<Bytes>,
    ) -> Result<Answer, Answer> {
        let id = ExternalId::new(id).map_err(no_id)?;
        let fields = push::contact(request.body()).map_err(|error| refused(&error))?;
        let became = sync.changed_outside(job, id.clone(), Some(fields)).await;
        self.note(job.integration, EXTERNAL, id.as_str(), &became);
        Ok(outcome(&became, StatusCode::OK))
    }

    async fn change_many(
        &self,
        sync: &Sync,
        job: &Job<'_>,
        request: &Request<Bytes>,
    ) -> Result<Answer, Answer> {
        let contacts = push::contacts(request.body()).map_err(|error| refused(&error))?;
        let ids: Option<Vec<_>> = contacts.iter().map(|fields| sync.external_id(fields)).collect();
        let Some(ids) = ids else {
            let expected = "expected every contact with its id";
            return Ok(problem(StatusCode::UNPROCESSABLE_ENTITY, expected));
        };
        let became = sync.many_changed_outside(job, ids.iter().cloned().zip(contacts).collect());
        let became = became.await;
        for (id, became) in ids.iter().zip(&became) {
            self.note(job.integration, EXTERNAL, id.as_str(), became);
        }
        Ok(all_of(&became))
    }

    async fn delete(&self, sync: &Sync, job: &Job<'_>, id: &str) -> Result<Answer, Answer> {
        let id = ExternalId::new(id).map_err(no_id)?;
        let became = sync.deleted_outside(job, id.clone()).await;
        self.note(job.integration, EXTERNAL, id.as_str(), &became);
        Ok(outcome(&became, StatusCode::NO_CONTENT))
    }

    /// A vendor's webhook. What is not about a contact is fine.
    async fn hooks(
        &self,
        sync: &Sync,
        pushes: &Pushes,
        job: &Job<'_>,
        request: &Request<Bytes>,
    ) -> Result<Answer, Answer> {
        let (settings, now) = (&job.integration.settings, self.0.clock.now());
        let (method, uri) = (request.method(), request.uri());
        let (headers, body) = (request.headers(), request.body());
        let events = pushes.receive(method, uri, headers, body, settings, now);
        let events = events.map_err(|error| refused(&error))?;
        // There is one event of each contact at most. What is gone goes first: another contact may
        // have its address now, which Botmatic may allow once.
        let (gone, others): (Vec<_>, Vec<_>) =
            events.into_iter().partition(|event| matches!(event, Pushed::Deleted { .. }));
        let mut became = Vec::new();
        for events in [gone, others] {
            let each = events.into_iter().map(|event| self.hook(sync, job, event));
            became.extend(stream::iter(each).buffered(CONCURRENCY).collect::<Vec<_>>().await);
        }
        let became: Vec<_> = became.into_iter().flatten().collect();
        Ok(all_of(&became))
    }

    async fn hook(&self, sync: &Sync, job: &Job<'_>, event: Pushed) -> Option<Outcome> {
        let id = match &event {
            Pushed::Unreadable { expected } => {
                tracing::warn!(expected, "an event of a webhook is not as documented");
                return None;
            }
            event => event.id()?.clone(),
        };
        let became = match event {
            Pushed::Created { id, fields } => sync.created_outside(job, id, fields).await,
            Pushed::Changed { id, fields } => sync.changed_outside(job, id, fields).await,
            Pushed::Deleted { id } => sync.deleted_outside(job, id).await,
            Pushed::Ignored | Pushed::Unreadable { .. } => return None,
        };
        self.note(job.integration, EXTERNAL, id.as_str(), &became);
        Some(became)
    }
}

fn no_id(error: InvalidId) -> Answer {
    problem(StatusCode::BAD_REQUEST, &error.to_string())
}

/// What became of each, in the order in which they were handled. If one has to be told again, all
/// have to be: it does no harm, and a status is what senders look at.
fn all_of(became: &[Outcome]) -> Answer {
    let retry = became.iter().find(|it| matches!(it, Outcome::RetryLater { .. }));
    if let Some(retry) = retry {
        return outcome(retry, StatusCode::OK);
    }
    let is_success = became.iter().all(Outcome::is_success);
    let items: Vec<_> = became.iter().map(as_json).collect();
    json_answer(StatusCode::OK, &json!({ "success": is_success, "contacts": items }))
}

fn refused(error: &PushError) -> Answer {
    let detail = error.to_string();
    match error {
        PushError::Unauthorized | PushError::Stale => text(StatusCode::UNAUTHORIZED, &detail),
        // Whoever has no key learns nothing from this, not even that there is such an integration.
        PushError::NotConfigured | PushError::Unsendable { .. } => {
            tracing::warn!(error = %Chain(error), "pushes cannot be verified");
            text(StatusCode::UNAUTHORIZED, &PushError::Unauthorized.to_string())
        }
        PushError::Malformed { .. } => problem(StatusCode::BAD_REQUEST, &detail),
    }
}
