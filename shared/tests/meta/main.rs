//! Messenger and Instagram: the webhook function, driven by what Meta sends, in front of a fake of
//! the Graph API that refuses what Meta refuses.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod batch;
mod configuration;
mod desk;
mod documents;
mod errors;
mod extras;
mod graph;
mod instagram;
mod lengths;
mod limits;
mod messenger;
mod odd;
mod queued;
mod replies;
mod samples;
mod sending;
mod signatures;
#[path = "../support"]
mod support {
    pub mod document;
    pub mod function;
    pub mod logs;
    pub mod server;
}

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Request;
use patchcord::app::Config;
use patchcord::chat::{Bot, BotResult, Context, Event, WebhookRequest};
use patchcord::connectors::registry::{Connectors, Stage};
use patchcord::ground::aws::Aws;
use patchcord::ground::clock::SystemClock;
use patchcord::ground::config::{Document, LoadError, SsmParameters};
use patchcord::ground::http::client;
use support::function::Function;
use support::logs;

/// What `webhooks/sign.py` signs with.
const APP_SECRET: &str = "6f1c5e2a9b7d4830";
const ACCESS_TOKEN: &str = "EAAG-page-token";
const VERIFY_TOKEN: &str = "meatyhamhock";
const PAGE: &str = "682498302938465";
const PSID: &str = "1254459154682919";
const IGSID: &str = "5275811702471834";

/// Made by `webhooks/sign.py` with Python's hmac: for each body its signature, and the proof that
/// belongs to the access token.
const SIGNATURES: &str = include_str!("webhooks/SIGNATURES");

/// The signature of the body in `webhooks/`.
fn signature(name: &str) -> &'static str {
    let mut lines = SIGNATURES.lines().filter_map(|line| line.split_once(' '));
    lines.find(|(file, _)| *file == name).expect(name).1
}

/// A body of `webhooks/`.
fn body(name: &str) -> Bytes {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/meta/webhooks/");
    Bytes::from(std::fs::read(format!("{path}{name}")).expect(name))
}

/// A request to a channel with this body, signed as `header` says.
fn signed(channel: &str, body: Bytes, header: &str) -> WebhookRequest {
    let request = Request::post(format!("/webhooks/{channel}/webhook"));
    request.header("X-Hub-Signature-256", header).body(body).unwrap()
}

/// The request that Meta sends a channel with a body of `webhooks/`.
fn webhook(channel: &str, name: &str) -> WebhookRequest {
    signed(channel, body(name), &format!("sha256={}", signature(name)))
}

/// The configuration with these lines in `channels`, on a machine where Meta's API may be without
/// TLS.
async fn configured(channels: &str) -> Result<Config, LoadError> {
    configured_at(Stage::Local, channels).await
}

/// The same at any stage.
async fn configured_at(stage: Stage, channels: &str) -> Result<Config, LoadError> {
    logs::start();
    let yaml = format!("channels:\n{channels}");
    let aws = Aws::from_env(client().unwrap(), Arc::new(SystemClock));
    let parameters = SsmParameters(aws.ssm(None).unwrap());
    let path = "patchcord.yaml".as_ref();
    let document = Document::parse(path, &yaml, &[], &|_| None, &parameters).await?;
    let connectors = Connectors::built_in();
    Config::from_document(document, &connectors, stage, &client().unwrap())
}

/// A channel's line with its secrets, and `more`.
fn channel(platform: &str, more: &str) -> String {
    format!(
        "  {platform}: {{type: {platform}, delivery: inline, app_secret: {APP_SECRET}, \
         verify_token: {VERIFY_TOKEN}, access_token: {ACCESS_TOKEN}{more}}}\n"
    )
}

/// A function with both channels, whose Graph API is at `url`.
async fn function(url: &str, bot: impl Bot) -> Function {
    let more = format!(", api_url: '{url}', send: {{token: k3y}}");
    let channels = channel("messenger", &more) + &channel("instagram", &more);
    let config = configured(&channels).await.unwrap();
    Function::start_with(config, |setup| setup.bot(bot)).await
}

/// What a bot was told of, in order.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<Event>>>);

impl Told {
    /// A bot that only remembers.
    fn bot(&self) -> impl Bot {
        let told = Arc::clone(&self.0);
        move |context: Context| {
            told.lock().unwrap().push(context.event().clone());
            async { BotResult::Ok(()) }
        }
    }

    /// The events so far.
    fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap().clone()
    }

    /// Their ids.
    fn ids(&self) -> Vec<String> {
        self.events().into_iter().map(|event| event.id.unwrap_or_default()).collect()
    }
}

/// What the bot is told of a body of `webhooks/`.
async fn told(channel: &str, name: &str) -> Vec<Event> {
    let told = Told::default();
    let function = function("http://127.0.0.1:9", told.bot()).await;
    let answer = function.handle(webhook(channel, name)).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""));
    told.events()
}
