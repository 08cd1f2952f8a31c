//! What Rasa's `CallbackInput` does
//! (<https://github.com/RasaHQ/rasa/blob/main/rasa/core/channels/callback.py>): it answers
//! `success`, and posts each object to the URL.

use patchcord::bots::Echo;
use patchcord::chat::{BotResult, Connector as _, Context, Delivery, RequestError, WebhookRequest};
use patchcord::connectors::callback::CallbackConnector;
use patchcord::connectors::registry::{ChannelSettings, Stage};
use patchcord::ground::http::client;
use serde_json::{Map, Value, json};

use super::*;
use crate::support::receiver::Post;
use crate::support::worker::answer_later;

fn connector(url: &str) -> CallbackConnector {
    let settings =
        ChannelSettings::new("site", json!({ "url": url }), Stage::Local, client().unwrap());
    CallbackConnector::from_settings(&settings).unwrap()
}

#[tokio::test]
async fn a_message_is_a_success_and_the_replies_are_posted() {
    let site = Site::start("", Demands::default(), Echo).await;
    let answer = site.ask(&json!({"sender": "ada", "message": "one\n\ntwo"})).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "success"));
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let posts = site.receiver.take_posts();
    let bodies: Vec<_> = posts.iter().map(Post::json).collect();
    let said = |text: &str| json!({"recipient_id": "ada", "text": text});
    assert_eq!(bodies, [said("1: one"), said("two")]);
    assert!(posts.iter().all(|post| post.status == 204), "{posts:?}");
    assert_ne!(posts[0].header("webhook-id"), posts[1].header("webhook-id"));

    let nobody = site.ask(&json!({"message": "hi"})).await;
    assert_eq!(nobody.body, "success");
    let expected = json!({"recipient_id": "default", "text": "1: hi"});
    assert_eq!(site.receiver.take_posts()[0].json(), expected);
}

#[tokio::test]
async fn wrong_requests_are_refused_as_on_the_rest_channel() {
    let site = Site::start("auth: {token: s3cret}", Demands::default(), Echo).await;
    let with_token = |body: &'static str| {
        let mut request = post("/webhooks/site/webhook", &Value::Null);
        *request.body_mut() = body.into();
        request.headers_mut().insert("authorization", "Bearer s3cret".parse().unwrap());
        request
    };
    for (body, expected) in [
        ("", r#"expected a JSON body such as {"sender": "user1", "message": "hello"}"#),
        ("hello", "expected JSON (line 1, column 1)"),
        ("{}", r#"message: expected a text, such as "hello""#),
        (r#"{"message": "m", "sender": []}"#, "sender: expected a text or a number"),
        (r#"{"message": "m", "metadata": 3}"#, "metadata: expected an object"),
    ] {
        let answer = site.function.handle(with_token(body)).await;
        assert_eq!(answer.status.as_u16(), 400, "{body}");
        assert_eq!(answer.json()["detail"], expected, "{body}");
    }
    assert_eq!(site.ask(&json!({"message": "m"})).await.status.as_u16(), 401);
    assert!(site.receiver.take_posts().is_empty());
    let right = site.function.handle(with_token(r#"{"message": "m"}"#)).await;
    assert_eq!(right.body, "success");
    assert_eq!(site.receiver.take_posts().len(), 1);
}

/// Says what it knows of the way a message came.
async fn tell(context: Context) -> BotResult {
    let event = context.event();
    let known = json!({
        "platform": event.platform, "input": event.input_channel(), "metadata": event.metadata,
    });
    context.send_custom(known).await?;
    Ok(())
}

#[tokio::test]
async fn the_metadata_can_come_from_elsewhere() {
    fn extract(_: &WebhookRequest, body: &Value) -> Result<Map<String, Value>, RequestError> {
        let page = body.get("page").ok_or_else(|| RequestError::malformed("page: expected"))?;
        Ok(Map::from_iter([("page".to_owned(), page.clone())]))
    }
    let receiver = Receiver::start(Demands::default()).await;
    let connector = connector(&receiver.url).with_metadata(extract);
    let config = config(&channel(&receiver.url, ""), Stage::Local).await.unwrap();
    let function = Function::start_with(config, |setup| {
        setup.bot(tell).adjust("site", |_: CallbackConnector| connector).unwrap()
    })
    .await;
    let body = json!({"message": "hi", "page": "/cart", "input_channel": "web"});
    function.handle(post("/webhooks/site/webhook", &body)).await;
    let expected = json!({"platform": "callback", "input": "web", "metadata": {"page": "/cart"}});
    assert_eq!(receiver.take_posts()[0].json()["custom"], expected);
}

#[tokio::test]
async fn what_the_caller_calls_the_way_survives_the_queue() {
    let receiver = Receiver::start(Demands::default()).await;
    let connector = connector(&receiver.url);
    let body = json!({"sender": "ada", "message": "hi", "input_channel": "web", "metadata": {}});
    answer_later("site", connector, &post("/", &body), tell).await;
    let expected = json!({"platform": "callback", "input": "web", "metadata": {}});
    assert_eq!(receiver.take_posts()[0].json()["custom"], expected);
}

#[tokio::test]
async fn replies_wait_for_nobody_unless_it_is_said_so() {
    let connector = connector("http://127.0.0.1:1/");
    assert_eq!(connector.deliveries(), [Delivery::Queued, Delivery::Inline]);
}
