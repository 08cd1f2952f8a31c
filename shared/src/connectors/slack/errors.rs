//! What Slack's error codes mean (<https://docs.slack.dev/reference/methods/chat.postMessage#errors>;
//! every method lists its own).

use std::time::Duration;

use serde_json::Value;

use super::wire::text_at;
use crate::chat::SendError;

/// `"ok": false`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Slack says {code}")]
pub(super) struct Refusal {
    /// Slack's code for why.
    pub code: String,
    /// The right that the app lacks, where that is why.
    needed: Option<String>,
    /// How long to wait, where that is asked for.
    retry_after: Option<Duration>,
}

/// Where Slack asks to slow down and does not say for how long.
const DEFAULT_PAUSE: Duration = Duration::from_secs(1);

/// A call that did not succeed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    /// Slack has refused it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It was not answered.
    #[error(transparent)]
    Outage(#[from] SendError),
}

impl Refusal {
    /// The refusal that `answer` is; none if it is `"ok": true`.
    pub fn of(answer: &Value, retry_after: Option<Duration>) -> Option<Self> {
        if answer.get("ok") == Some(&Value::Bool(true)) {
            return None;
        }
        let plain = |text: &&str| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_:,.-".contains(&byte);
            text.len() <= 100 && text.bytes().all(is_plain)
        };
        let code = text_at(answer, "/error").filter(plain).unwrap_or("no error code");
        let needed = text_at(answer, "/needed").filter(plain).map(str::to_owned);
        Some(Self { code: code.to_owned(), needed, retry_after })
    }

    /// Whether the bot cannot write in that conversation, though somebody in it may have called it.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.code.as_str(), "channel_not_found" | "not_in_channel")
    }
}

impl From<Refusal> for SendError {
    fn from(refusal: Refusal) -> Self {
        let reason = match &refusal.needed {
            Some(needed) => format!("{} (needed: {needed})", refusal.code),
            None => refusal.code.clone(),
        };
        match refusal.code.as_str() {
            "ratelimited" | "rate_limited" => {
                Self::rate_limited(refusal.retry_after.unwrap_or(DEFAULT_PAUSE))
            }
            // The conversation, the person or the workspace is gone, or the bot is not let in.
            "channel_not_found"
            | "is_archived"
            | "is_inactive"
            | "not_in_channel"
            | "user_disabled"
            | "user_not_found"
            | "user_not_visible"
            | "user_not_in_channel"
            | "account_inactive"
            | "team_not_found"
            | "messages_tab_disabled"
            | "cannot_dm_bot"
            | "invalid_channel" => Self::Unreachable { reason },
            // It passes.
            "internal_error"
            | "fatal_error"
            | "service_unavailable"
            | "request_timeout"
            | "update_failed"
            | "file_update_failed"
            | "external_channel_migrating"
            | "team_added_to_org"
            | "org_login_required" => Self::Failed(refusal.into()),
            // The bot's own token: somebody has to see to it.
            "invalid_auth"
            | "missing_scope"
            | "not_allowed_token_type"
            | "not_authed"
            | "token_expired"
            | "token_revoked" => Self::Unavailable { reason },
            _ => Self::Refused { reason },
        }
    }
}

impl From<CallError> for SendError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(refusal) => refusal.into(),
            CallError::Outage(error) => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn meaning(answer: &Value) -> String {
        match SendError::from(Refusal::of(answer, Some(Duration::from_secs(30))).unwrap()) {
            SendError::RateLimited { retry_after } => format!("wait {}", retry_after.as_secs()),
            SendError::Unreachable { reason } => format!("unreachable {reason}"),
            SendError::Refused { reason } => format!("refused {reason}"),
            SendError::Unavailable { reason } => format!("unavailable {reason}"),
            SendError::Failed(error) => format!("failed {error}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn codes_mean_what_is_to_be_done() {
        for (code, expected) in [
            ("ratelimited", "wait 30"),
            ("rate_limited", "wait 30"),
            ("channel_not_found", "unreachable channel_not_found"),
            ("is_archived", "unreachable is_archived"),
            ("not_in_channel", "unreachable not_in_channel"),
            ("user_disabled", "unreachable user_disabled"),
            ("account_inactive", "unreachable account_inactive"),
            ("invalid_auth", "unavailable invalid_auth"),
            ("invalid_blocks", "refused invalid_blocks"),
            ("of_a_later_version", "refused of_a_later_version"),
            ("internal_error", "failed Slack says internal_error"),
            ("fatal_error", "failed Slack says fatal_error"),
            ("service_unavailable", "failed Slack says service_unavailable"),
        ] {
            assert_eq!(meaning(&json!({"ok": false, "error": code})), expected, "{code}");
        }
        let long = Refusal::of(&json!({"error": "ratelimited"}), Some(Duration::from_hours(25)));
        let SendError::RateLimited { retry_after } = long.unwrap().into() else { panic!() };
        assert_eq!(retry_after, Duration::from_hours(24));
        let missing = json!({"ok": false, "error": "missing_scope", "needed": "chat:write"});
        assert_eq!(meaning(&missing), "unavailable missing_scope (needed: chat:write)");
        assert_eq!(Refusal::of(&json!({"ok": true}), None), None);
    }

    #[test]
    fn a_reason_is_a_code_and_nothing_else() {
        for answer in [
            json!({}),
            json!(null),
            json!({"ok": "true"}),
            json!({"ok": false, "error": "you wrote: my password"}),
            json!({"ok": false, "error": "x".repeat(101)}),
        ] {
            assert_eq!(meaning(&answer), "refused no error code", "{answer}");
        }
    }
}
