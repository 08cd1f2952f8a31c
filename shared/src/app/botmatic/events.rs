//! `POST /botmatic`: what Botmatic sends. It is parsed, then its sender is authenticated, then it is
//! done, always with the same value: how a sender is authenticated depends on the event, and what is
//! neither an event nor an action is answered with 403 whatever the token (`docs/botmatic.md`).
//! Before the sender is authenticated nothing is looked up but the token.

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

use super::function::{Botmatic, bearer};
use super::reply::{as_json, retry_later, text};
use crate::app::answer::{AnswerBody, json_answer};
use crate::app::problem::problem;
use crate::botmatic::endpoint::{
    Answer, Auth, AuthError, Call, HandlerError, Kind, Request as Message, RequestError,
};
use crate::botmatic::integrations::Integration;
use crate::contacts::installation::InstallationError;
use crate::contacts::sync::{Job, Outcome};
use crate::ground::clock::Deadline;
use crate::ground::secret::Secret;
use crate::ground::telemetry::Chain;

const INSTALL: &str = "install";
const UNINSTALL: &str = "uninstall";
const BOTMATIC: &str = "botmatic";

impl Botmatic {
    pub(super) async fn events(
        &self,
        request: &Request<Bytes>,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        let message = match Message::parse(request.body()) {
            Ok(message) => message,
            Err(error) => return refused(error),
        };
        let answer = match (message.kind, message.name.as_str(), bearer(request.headers())) {
            (Kind::Event, INSTALL | UNINSTALL, None) => {
                Err(not_installed(&InstallationError::Refused))
            }
            (_, _, None) => Err(not_authorized(&AuthError::Refused)),
            (Kind::Event, INSTALL, Some(token)) => self.install(&token, &message, deadline).await,
            (Kind::Event, UNINSTALL, Some(token)) => {
                self.uninstall(&token, &message, deadline).await
            }
            (_, _, Some(token)) => self.anything_else(&token, &message, deadline).await,
        };
        answer
            .map_or_else(|refusal| refusal, |answer| json_answer(StatusCode::OK, &answer.to_json()))
    }

    async fn install(
        &self,
        token: &Secret,
        message: &Message,
        deadline: Deadline,
    ) -> Result<Answer, Response<AnswerBody>> {
        let installed = self.0.installations.install(token, deadline).await;
        let (integration, import) = installed.map_err(|error| not_installed(&error))?;
        tracing::info!(integration = integration.id.as_str(), "installed");
        let mut data = json!({ "integration": integration.id });
        if let Some(import) = import {
            data["import"] = json!(import);
        }
        let auth = auth_of(&integration);
        let said = self.call_back(auth, message, deadline).await;
        Ok(said.map_or_else(|| Answer::success(data), Answer::from))
    }

    /// The callback of whoever runs the function comes first, and again where the deletion takes
    /// more than one call.
    async fn uninstall(
        &self,
        token: &Secret,
        message: &Message,
        deadline: Deadline,
    ) -> Result<Answer, Response<AnswerBody>> {
        let installations = &self.0.installations;
        let begun = installations.begin_uninstall(token, deadline).await;
        let Some(integration) = begun.map_err(|error| not_installed(&error))? else {
            return Ok(Answer::success(Value::Null));
        };
        self.forget(&integration.id);
        let said = self.call_back(auth_of(&integration), message, deadline).await;
        let finished = installations.finish_uninstall(&integration.id, deadline).await;
        finished.map_err(|error| not_installed(&error))?;
        tracing::info!(integration = integration.id.as_str(), "uninstalled");
        Ok(said.map_or_else(|| Answer::success(Value::Null), Answer::from))
    }

    async fn anything_else(
        &self,
        token: &Secret,
        message: &Message,
        deadline: Deadline,
    ) -> Result<Answer, Response<AnswerBody>> {
        let installed = match &self.0.auth {
            None => self.installed(token).await?,
            Some(_) => None,
        };
        let (auth, integration) = match (&self.0.auth, installed) {
            (Some(auth), _) => {
                let auth =
                    auth.authenticate(token).await.map_err(|error| not_authorized(&error))?;
                let integration = self.installed(&auth.token).await?;
                (auth, integration)
            }
            (None, Some(integration)) => (auth_of(&integration), Some(integration)),
            (None, None) => return Err(not_authorized(&AuthError::Refused)),
        };
        let told = self.0.sync.as_ref().zip(integration.as_deref());
        let outcome = match (message.kind, message.name.as_str(), told) {
            (Kind::Event, "contact_created" | "contact_updated", Some((sync, integration))) => {
                let (id, fields) = message.contact().map_err(refused)?;
                let job = Job { integration, deadline };
                let outcome = sync.changed_on_botmatic(&job, id.clone(), fields.clone()).await;
                self.note(integration, BOTMATIC, id.as_str(), &outcome);
                Some(outcome)
            }
            (Kind::Event, "contact_deleted", Some((sync, integration))) => {
                let id = message.deleted_contact().map_err(refused)?;
                let outcome =
                    sync.deleted_on_botmatic(&Job { integration, deadline }, id.clone()).await;
                self.note(integration, BOTMATIC, id.as_str(), &outcome);
                Some(outcome)
            }
            _ => None,
        };
        if let Some(outcome) = &outcome {
            if let Outcome::RetryLater { after, reason, .. } = outcome {
                return Err(retry_later(*after, reason));
            }
            if !outcome.is_success() {
                return Ok(Answer::failure(outcome.error().unwrap_or_default()));
            }
        }
        Ok(match (self.call_back(auth, message, deadline).await, outcome) {
            (Some(said), _) => Answer::from(said),
            (None, Some(outcome)) => Answer::success(as_json(&outcome)),
            (None, None) => {
                let (kind, name) = (message.kind.key(), &message.name);
                Answer::failure(format!("No {kind} \"{name}\" defined"))
            }
        })
    }

    /// What the handler that is registered for the message says.
    async fn call_back(
        &self,
        auth: Auth,
        message: &Message,
        deadline: Deadline,
    ) -> Option<Result<Value, HandlerError>> {
        let handler = self.0.handlers.find(message.kind, &message.name)?;
        Some(handler.handle(Call { auth, data: message.body().clone(), deadline }).await)
    }
}

fn auth_of(integration: &Integration) -> Auth {
    let client = Some(json!({ "integration": integration.id }));
    Auth { token: integration.token.clone(), client }
}

/// Botmatic's form: a text, and no more.
fn refused(error: RequestError) -> Response<AnswerBody> {
    match error {
        RequestError::Neither => text(StatusCode::FORBIDDEN, &error.to_string()),
        error => problem(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

fn not_authorized(error: &AuthError) -> Response<AnswerBody> {
    match error {
        AuthError::Refused => text(StatusCode::UNAUTHORIZED, &error.to_string()),
        AuthError::Unavailable(_) => {
            tracing::error!(error = %Chain(error), "not authenticated");
            retry_later(None, &error.to_string())
        }
    }
}

/// Botmatic not answering is not a refusal: 503, so that it tries again.
fn not_installed(error: &InstallationError) -> Response<AnswerBody> {
    if matches!(error, InstallationError::Refused) {
        return text(StatusCode::UNAUTHORIZED, &error.to_string());
    }
    tracing::error!(error = %Chain(error), "not installed, or not uninstalled");
    match error {
        error if error.is_retryable() => retry_later(None, &error.to_string()),
        error => problem(StatusCode::BAD_GATEWAY, &error.to_string()),
    }
}
