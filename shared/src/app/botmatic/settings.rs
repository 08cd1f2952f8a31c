//! `GET` and `POST /botmatic/settings`, and the replacement of a token.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

use super::function::Botmatic;
use super::reply::{not_looked_up, retry_later, text};
use crate::app::answer::{AnswerBody, json_answer};
use crate::app::problem::problem;
use crate::botmatic::integrations::{Integration, IntegrationError, IntegrationId};
use crate::botmatic::settings::{Entered, Note, Outcome, SettingsForm, Submission};
use crate::contacts::installation::InstallationError;
use crate::ground::clock::Deadline;
use crate::ground::http::query_parameter;
use crate::ground::secret::Secret;
use crate::ground::telemetry::Chain;

const NO_PAGE: &str = "there is no settings page: expected `botmatic.settings` in patchcord.yaml";

impl Botmatic {
    pub(super) async fn settings_page(
        &self,
        request: &Request<Bytes>,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        let Some(form) = &self.0.form else { return problem(StatusCode::NOT_FOUND, NO_PAGE) };
        let token = query_parameter(request.uri(), "token");
        let token = token.and_then(|token| Secret::try_from(token).ok());
        let integration = match self.owner_of(token, deadline).await {
            Ok(integration) => integration,
            Err(refusal) => return refusal,
        };
        let note = Note { label: "Integration".to_owned(), value: integration.id.to_string() };
        match form.page(integration.token.expose(), &integration.saved, &[note]) {
            Ok(page) => {
                let mut response = Response::new(AnswerBody::from(Bytes::from(page.html)));
                *response.headers_mut() = page.headers;
                response
            }
            Err(error) => {
                tracing::error!(error = %Chain(&error), "no settings page");
                problem(StatusCode::INTERNAL_SERVER_ERROR, "the page cannot be shown")
            }
        }
    }

    pub(super) async fn save_settings(
        &self,
        request: Request<Bytes>,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        let Some(form) = &self.0.form else { return problem(StatusCode::NOT_FOUND, NO_PAGE) };
        let (parts, body) = request.into_parts();
        let content_type = parts.headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        let submission = match Submission::parse(content_type.unwrap_or_default(), body).await {
            Ok(submission) => submission,
            Err(error) => return problem(error.status(), &error.to_string()),
        };
        let integration = match self.owner_of(Some(submission.token.clone()), deadline).await {
            Ok(integration) => integration,
            Err(refusal) => return refusal,
        };
        let outcome = match self.save(form, &submission, &integration, deadline).await {
            Ok(outcome) => outcome,
            Err(error) if error.is_retryable() => return retry_later(None, &error.to_string()),
            Err(error) => return problem(StatusCode::CONFLICT, &error.to_string()),
        };
        json_answer(StatusCode::OK, &serde_json::to_value(outcome).unwrap_or_default())
    }

    async fn save(
        &self,
        form: &SettingsForm,
        submission: &Submission,
        integration: &Integration,
        deadline: Deadline,
    ) -> Result<Outcome, IntegrationError> {
        let mut settings = match form.validate(submission, &integration.saved) {
            Ok(settings) => settings,
            Err(errors) => return Ok(Outcome::refused(errors)),
        };
        if let Some(check) = &self.0.check {
            let (id, entered) = (integration.id.clone(), form.values(&settings));
            let entered = Entered { integration: id, settings: entered, deadline };
            if let Err(errors) = check.check(entered).await {
                return Ok(Outcome::refused(errors));
            }
            // That takes a while, in which somebody else may have saved what was left empty here.
            let stored = self.0.integrations.by_id(&integration.id).await?;
            let stored = stored.ok_or(IntegrationError::NotFound)?;
            settings = match form.validate(submission, &stored.saved) {
                Ok(settings) => settings,
                Err(errors) => return Ok(Outcome::refused(errors)),
            };
        }
        let saved = self.0.integrations.save_settings(&integration.id, &settings).await;
        self.0.tokens.invalidate(&integration.id);
        saved.inspect_err(|error| tracing::error!(error = %Chain(error), "settings not saved"))?;
        tracing::info!(integration = integration.id.as_str(), "settings saved");
        Ok(Outcome::saved())
    }

    /// The installed integration that has `token`, which Botmatic knows. It is read from the store:
    /// what is saved is laid over the settings it has.
    async fn owner_of(
        &self,
        token: Option<Secret>,
        deadline: Deadline,
    ) -> Result<Integration, Response<AnswerBody>> {
        let refused = || text(StatusCode::UNAUTHORIZED, "Not authorized.");
        let token = token.ok_or_else(refused)?;
        let is_known = self.0.api.validate_token(&token, deadline).await;
        let is_known = is_known.map_err(|error| {
            tracing::error!(error = %Chain(&error), "token not validated");
            retry_later(error.retry_after(), "Botmatic did not validate the token")
        })?;
        if !is_known {
            return Err(refused());
        }
        let found = self.0.integrations.by_token(token.expose()).await;
        let found = found.map_err(|error| not_looked_up(&error))?;
        found.filter(Integration::is_installed).ok_or_else(refused)
    }

    /// `PUT /integrations/{id}/token`, for whoever runs the function.
    pub(super) async fn replace_token(
        &self,
        integration: &str,
        request: &Request<Bytes>,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        if !self.is_admin(request.headers()) {
            return text(StatusCode::UNAUTHORIZED, "Not authorized");
        }
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let token = body["token"].as_str().and_then(|it| Secret::try_from(it.to_owned()).ok());
        let id = IntegrationId::try_from(integration.to_owned());
        let (Some(token), Ok(id)) = (token, id) else {
            return problem(StatusCode::BAD_REQUEST, "expected {\"token\": \"…\"}");
        };
        let replaced = self.0.installations.replace_token(&id, &token, deadline).await;
        self.forget(&id);
        match replaced {
            Ok(_) => json_answer(StatusCode::OK, &json!({ "success": true })),
            Err(InstallationError::Refused) => {
                problem(StatusCode::UNPROCESSABLE_ENTITY, "Botmatic does not know the token")
            }
            Err(InstallationError::Integration(IntegrationError::NotFound)) => {
                problem(StatusCode::NOT_FOUND, "there is no such integration")
            }
            Err(error) => {
                tracing::error!(error = %Chain(&error), "token not replaced");
                let detail = error.to_string();
                match error {
                    error if error.is_retryable() => retry_later(None, &detail),
                    _ => problem(StatusCode::CONFLICT, &detail),
                }
            }
        }
    }
}
