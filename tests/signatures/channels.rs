//! Every channel whose requests prove who sent them. Another one is another entry.

use patchcord_tests::proofs::{hex_hmac_sha256, standard_webhook};

/// What is said in every request: it belongs into no log either.
pub const WORDS: &str = "my-private-words";

const TOKEN: &str = "s3cret-t0ken-of-callers";
const OUR_TOKEN: &str = "t0ken-that-we-send";
const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER_KEY: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// A channel.
pub struct Channel {
    pub name: &'static str,
    /// Its settings; `{url}` is a server that takes everything.
    pub settings: &'static str,
    /// What nobody may see.
    pub secrets: &'static [&'static str],
    /// A body with [`WORDS`] in it, which cannot be read without its last character.
    pub body: &'static str,
    /// What proves that a body was sent at a time, in seconds.
    pub proof: fn(&str, u64) -> Proof,
}

/// The headers of a right request.
pub struct Proof {
    /// The one whose value only somebody with a secret can make.
    pub header: &'static str,
    pub value: String,
    /// What belongs to it and is no secret.
    pub beside: Vec<(&'static str, String)>,
}

impl Proof {
    /// The same with another value.
    pub fn but(&self, value: &str) -> Self {
        Self { header: self.header, value: value.to_owned(), beside: self.beside.clone() }
    }
}

/// The channels.
pub const CHANNELS: &[Channel] = &[
    Channel {
        name: "rest",
        settings: "type: rest, auth: {token: s3cret-t0ken-of-callers}",
        secrets: &[TOKEN],
        body: r#"{"sender": "ada", "message": "my-private-words"}"#,
        proof: |_, _| bearer(TOKEN),
    },
    Channel {
        name: "callback",
        settings: "type: callback, delivery: inline, url: '{url}/s3cret-path', \
                   token: t0ken-that-we-send, auth: {token: s3cret-t0ken-of-callers}, \
                   signing_key: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        secrets: &[TOKEN, OUR_TOKEN, KEY, "s3cret-path"],
        body: r#"{"sender": "ada", "message": "my-private-words", "message_id": "1"}"#,
        proof: |_, _| bearer(TOKEN),
    },
    Channel {
        name: "standard-webhook",
        settings: "type: standard-webhook, delivery: inline, url: '{url}/s3cret-path', \
                   token: t0ken-that-we-send, \
                   keys: ['whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=', \
                          whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw]",
        secrets: &[OUR_TOKEN, KEY, OTHER_KEY, "s3cret-path"],
        body: r#"{"type": "message", "data": {"sender": "ada", "message": "my-private-words"}}"#,
        proof: |body, now| Proof {
            header: "webhook-signature",
            value: standard_webhook(KEY, "msg_1", now, body),
            beside: vec![
                ("webhook-id", "msg_1".to_owned()),
                ("webhook-timestamp", now.to_string()),
            ],
        },
    },
    Channel {
        name: "telegram",
        settings: "type: telegram, delivery: inline, api_url: '{url}', \
                   token: '123456:t0ken-that-we-send', secret_token: s3cret-t0ken-of-callers",
        secrets: &[TOKEN, OUR_TOKEN],
        body: r#"{"update_id": 1, "message": {"message_id": 2, "date": 1700000000,
            "chat": {"id": 3, "type": "private"}, "from": {"id": 3, "is_bot": false,
            "first_name": "Ada"}, "text": "my-private-words"}}"#,
        proof: |_, _| alone("x-telegram-bot-api-secret-token", TOKEN.to_owned()),
    },
    Channel {
        name: "slack",
        settings: "type: slack, delivery: inline, api_url: '{url}', \
                   signing_secret: s3cret-t0ken-of-callers, bot_token: t0ken-that-we-send",
        secrets: &[TOKEN, OUR_TOKEN],
        body: r#"{"type": "event_callback", "team_id": "T1", "api_app_id": "A1",
            "event": {"type": "message", "channel": "D1", "channel_type": "im", "user": "U2",
            "text": "my-private-words", "ts": "1355517523.000005"}, "event_id": "Ev1",
            "event_time": 1355517523, "authorizations": [{"team_id": "T1", "user_id": "U1",
            "is_bot": true}]}"#,
        proof: |body, now| Proof {
            header: "x-slack-signature",
            value: format!("v0={}", hex_hmac_sha256(TOKEN, &format!("v0:{now}:{body}"))),
            beside: vec![("x-slack-request-timestamp", now.to_string())],
        },
    },
    Channel {
        name: "messenger",
        settings: "type: messenger, delivery: inline, api_url: '{url}', verify_token: v3rify, \
                   app_secret: s3cret-t0ken-of-callers, access_token: t0ken-that-we-send",
        secrets: &[TOKEN, OUR_TOKEN, "v3rify"],
        body: r#"{"object": "page", "entry": [{"id": "1", "time": 1700000000000, "messaging": [
            {"sender": {"id": "2"}, "recipient": {"id": "1"}, "timestamp": 1700000000000,
            "message": {"mid": "m_1", "text": "my-private-words"}}]}]}"#,
        proof: hub,
    },
    Channel {
        name: "instagram",
        settings: "type: instagram, delivery: inline, api_url: '{url}', verify_token: v3rify, \
                   app_secret: s3cret-t0ken-of-callers, access_token: t0ken-that-we-send",
        secrets: &[TOKEN, OUR_TOKEN, "v3rify"],
        body: r#"{"object": "instagram", "entry": [{"id": "1", "time": 1700000000000, "messaging": [
            {"sender": {"id": "2"}, "recipient": {"id": "1"}, "timestamp": 1700000000000,
            "message": {"mid": "m_1", "text": "my-private-words"}}]}]}"#,
        proof: hub,
    },
];

/// Meta's signature, which is about the body alone.
fn hub(body: &str, _: u64) -> Proof {
    alone("x-hub-signature-256", format!("sha256={}", hex_hmac_sha256(TOKEN, body)))
}

fn bearer(token: &str) -> Proof {
    alone("authorization", format!("Bearer {token}"))
}

fn alone(header: &'static str, value: String) -> Proof {
    Proof { header, value, beside: Vec::new() }
}
