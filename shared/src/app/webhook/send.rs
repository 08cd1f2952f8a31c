//! `POST /webhooks/{channel}/send`: something is said that answers nothing, by who has the key.

use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::error::Category;
use serde_json::json;

use super::{MAX_BODY_BYTES, Webhook, refuse};
use crate::app::answer::{AnswerBody, json_answer};
use crate::app::channel::Channel;
use crate::app::problem::{problem, retry_later};
use crate::chat::{Reply, RequestError, SendError, Target, WebhookRequest};
use crate::ground::clock::Deadline;
use crate::ground::telemetry::Chain;

const NO_TARGET: &str =
    r#"target: expected one such as {"room": "…"}, because the channel has no default"#;

/// What is said, and where.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    /// Where the channel has a default target, this may be left out.
    #[serde(default)]
    target: Option<Target>,
    reply: Reply,
}

impl Webhook {
    pub(super) async fn send(
        &self,
        request: &WebhookRequest,
        name: &str,
        channel: &Channel,
        deadline: Deadline,
    ) -> Response<AnswerBody> {
        let Some(auth) = &channel.send else {
            let expected = "expected a channel with `send:` in patchcord.yaml";
            return problem(StatusCode::NOT_FOUND, expected);
        };
        let checked = auth.check(request, self.clock.now());
        let (target, reply) = match checked.and_then(|()| read(request, channel)) {
            Ok(message) => message,
            Err(error) => return refuse(name, &error),
        };
        let speaker = self.dispatcher.speaker(&channel.connector, name, deadline);
        let error = match speaker.say(None, &target, reply).await {
            Ok(sent) => {
                let sent = json!({ "message_id": sent.message_id, "dropped": sent.is_dropped });
                return json_answer(StatusCode::OK, &sent);
            }
            Err(error) => error,
        };
        tracing::warn!(channel = name, error = %Chain(&error), "not sent");
        match &error {
            SendError::RateLimited { retry_after } => {
                retry_later(retry_after.as_secs() + 1, &error.to_string())
            }
            SendError::Unavailable { .. } => problem(StatusCode::BAD_GATEWAY, &error.to_string()),
            error if error.is_retryable() => retry_later(1, &error.to_string()),
            _ => problem(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
        }
    }
}

fn read(request: &WebhookRequest, channel: &Channel) -> Result<(Target, Reply), RequestError> {
    if request.body().len() > MAX_BODY_BYTES {
        return Err(RequestError::TooLarge { limit: MAX_BODY_BYTES });
    }
    let mut json = serde_json::Deserializer::from_slice(request.body());
    let message: Message = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let place = match error.path().to_string().as_str() {
            "." => String::new(), // the message itself
            path => format!("{path}: "),
        };
        RequestError::malformed(format!(
            r#"{place}{}; expected a message such as {{"target": {{"room": "…"}}, "reply": {{"type": "text", "text": "…"}}}}"#,
            shape(error.inner()),
        ))
    })?;
    let target = message.target.or_else(|| channel.connector.default_target());
    let target = target.ok_or_else(|| RequestError::malformed(NO_TARGET))?;
    Ok((target, message.reply))
}

/// What is wrong, without the value that is: this is logged.
fn shape(error: &serde_json::Error) -> String {
    if error.classify() != Category::Data {
        return format!("no JSON (line {}, column {})", error.line(), error.column());
    }
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    if text.starts_with("missing field") {
        return text.to_owned();
    }
    // What there is instead is quoted before that.
    let expected = text.rsplit_once(", expected ").map(|(_, expected)| expected);
    expected.map_or_else(|| "not what was expected".to_owned(), |it| format!("expected {it}"))
}
