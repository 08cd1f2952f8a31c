//! What the receiver's statuses mean.

use patchcord::bots::Echo;

use super::*;

#[tokio::test]
async fn a_status_says_whether_to_try_again() {
    let site = Site::start(SEND, Demands::default(), Echo).await;
    let now = Some("0");
    let fine = |answer: &Value| answer["dropped"] == false;
    let dropped = |answer: &Value| answer["dropped"] == true;
    let refused = |answer: &Value| answer["status"] == 422;
    let to_mend = |answer: &Value| answer["status"] == 502;
    for (name, answers, expected, posts) in [
        ("200", vec![(200, None)], &fine as &dyn Fn(&Value) -> bool, 1),
        ("299", vec![(299, None)], &fine, 1),
        ("slow down", vec![(429, now), (200, None)], &fine, 2),
        ("come back", vec![(503, now), (200, None)], &fine, 2),
        ("broken", vec![(500, None), (502, None), (200, None)], &fine, 3),
        ("gone", vec![(410, None)], &dropped, 1),
        ("moved", vec![(302, None)], &refused, 1),
        ("not found", vec![(404, None)], &to_mend, 1),
        ("not authorized", vec![(401, None)], &to_mend, 1),
        ("not allowed", vec![(403, None)], &to_mend, 1),
        ("too slow", vec![(408, None)], &to_mend, 1),
    ] {
        site.receiver.will_answer(&answers);
        let answer = site.send(&json!({"type": "text", "text": "s3cret words"})).await;
        assert!(expected(&answer.json()), "{name}: {}", answer.body);
        assert!(!answer.body.contains("s3cret") && !answer.body.contains("127.0"), "{name}");
        let got = site.receiver.take_posts();
        assert_eq!(got.len(), posts, "{name}");
        let ids: std::collections::BTreeSet<_> =
            got.iter().map(|post| post.header("webhook-id")).collect();
        assert_eq!(ids.len(), 1, "{name}: the same reply has the same id");
    }
    site.receiver.will_answer(&[(404, None)]);
    let answer = site.send(&json!({"type": "text", "text": "hi"})).await;
    assert_eq!(answer.json()["detail"], "the platform does not let us: status 404");
}

#[tokio::test]
async fn a_pause_that_is_too_long_is_handed_on() {
    let site = Site::start(SEND, Demands::default(), Echo).await;
    for (status, seconds, expected) in
        [(429, "600", "601"), (503, "600", "601"), (503, "18446744073709551615", "86401")]
    {
        site.receiver.will_answer(&[(status, Some(seconds))]);
        let answer = site.send(&json!({"type": "text", "text": "hi"})).await;
        let found = (answer.status.as_u16(), answer.header("retry-after"));
        assert_eq!(found, (503, expected), "{status}");
        assert_eq!(site.receiver.take_posts().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_asked_again_later() {
    let yaml = channel("http://127.0.0.1:1/replies?key=s3cret", SEND);
    let config = config(&yaml, Stage::Local).await.unwrap();
    let function = Function::start_with(config, |setup| setup.bot(Echo)).await;
    let site = Site { function, receiver: Receiver::start(Demands::default()).await };
    let answer = site.send(&json!({"type": "text", "text": "hi"})).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "1"));
    assert!(!answer.body.contains("s3cret"), "{}", answer.body);
}

#[tokio::test]
async fn the_second_object_is_not_posted_after_a_refusal_of_the_first() {
    let site = Site::start("", Demands::default(), Echo).await;
    site.receiver.will_answer(&[(400, None)]);
    let answer = site.ask(&says("one\n\ntwo", "m-1")).await;
    assert_eq!(
        (answer.body.as_str(), answer.header("patchcord-failure")),
        ("success", "bot-failed")
    );
    assert_eq!(site.receiver.take_posts().len(), 1);
}

#[tokio::test]
async fn whoever_is_gone_does_not_stop_the_bot() {
    let site = Site::start("", Demands::default(), Echo).await;
    site.receiver.will_answer(&[(410, None)]);
    let answer = site.ask(&says("hi", "m-1")).await;
    assert_eq!((answer.body.as_str(), answer.header("patchcord-failure")), ("success", ""));
    site.ask(&says("again", "m-2")).await;
    let posts = site.receiver.take_posts();
    assert_eq!(posts[1].json()["text"], "2: again", "the state was kept");
}

#[tokio::test]
async fn a_message_without_a_target_goes_nowhere() {
    let site = Site::start(SEND, Demands::default(), Echo).await;
    let reply = json!({"type": "text", "text": "hi"});
    let mut request = post("/webhooks/site/send", &json!({ "reply": reply }));
    request.headers_mut().insert("authorization", "Bearer s3nd".parse().unwrap());
    let answer = site.function.handle(request).await;
    let expected =
        r#"target: expected one such as {"room": "…"}, because the channel has no default"#;
    assert_eq!((answer.status.as_u16(), &answer.json()["detail"]), (400, &json!(expected)));
}
