//! `POST /api/integrationtokens/validate`.

use axum::{
    Form, Json,
    extract::{FromRequest, Request, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Botmatic;
use crate::standins::{Refusal, app::App, extract::is};

const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Deserialize)]
struct Token {
    token: String,
}

/// A form, without a bearer token: the token in question is the field. One that nobody has is a
/// good question with the answer no.
pub(super) async fn validate(
    State(app): State<App<Botmatic>>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    if !is(request.headers(), FORM) {
        return Err(Refusal::MediaType(FORM));
    }
    let form = Form::<Token>::from_request(request, &app).await;
    let Form(form) = form.map_err(|_| Refusal::Invalid("token: expected one".to_owned()))?;
    Ok(Json(json!({ "success": app.core.tenant_of(&form.token).is_some() })))
}
