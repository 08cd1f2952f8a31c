//! Every channel whose requests prove who sent them. Another one is another entry.

use patchcord_tests::proofs::standard_webhook;

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
];

fn bearer(token: &str) -> Proof {
    Proof { header: "authorization", value: format!("Bearer {token}"), beside: Vec::new() }
}
