//! Who gets in: what the specification's library has signed, and what somebody has changed.

use patchcord::bots::Echo;

use super::*;

#[tokio::test]
async fn what_is_signed_gets_in() {
    for name in ["hello", "both keys", "strange and ours", "300 s ago", "300 s ahead"] {
        let crm = Crm::start("", Echo).await;
        let answer = crm.ask(&signed(name)).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""), "{name}");
        let posts = crm.receiver.take_posts();
        assert_eq!(posts.len(), 1, "{name}");
        assert_eq!(posts[0].json()["data"]["text"], "1: hello", "{name}");
    }
}

#[tokio::test]
async fn what_is_not_is_refused_and_has_no_effect() {
    let crm = Crm::start("", Echo).await;
    let right = signed("hello");
    let changed = |change: &dyn Fn(&mut Signed)| {
        let mut signed = right.clone();
        change(&mut signed);
        request(&signed)
    };
    let without = |name: &str| {
        let mut request = request(&right);
        request.headers_mut().remove(name);
        request
    };
    let mut requests = vec![
        ("another key", request(&signed("stranger's key"))),
        ("an old key", request(&signed("old key"))),
        ("stale", request(&signed("stale"))),
        ("future", request(&signed("future"))),
        ("another id", changed(&|it| it.id = "msg_2".to_owned())),
        ("another time", changed(&|it| it.at = "1700000001".to_owned())),
        ("another body", changed(&|it| it.body = signed("rest").body)),
        ("no id", without("webhook-id")),
        ("no time", without("webhook-timestamp")),
        ("no signature", without("webhook-signature")),
        ("an empty id", request(&signed("no id"))),
        ("an empty signature", changed(&|it| it.signature.clear())),
        ("another version", changed(&|it| it.signature = it.signature.replace("v1", "v2"))),
    ];
    for length in [1, 3, 10, 30, 46] {
        requests.push(("truncated", changed(&|it| it.signature.truncate(length))));
    }
    for bit in 0..right.body.len() * 8 {
        let mut request = request(&right);
        let mut body = request.body().to_vec();
        body[bit / 8] ^= 1 << (bit % 8);
        *request.body_mut() = body.into();
        requests.push(("a flipped bit", request));
    }
    let signature = right.signature.strip_prefix("v1,").unwrap();
    for (name, request) in requests {
        let answer = crm.function.handle(request).await;
        assert_eq!(answer.status.as_u16(), 401, "{name}: {}", answer.body);
        assert!(!answer.body.contains(signature), "{name}: {}", answer.body);
        assert!(crm.receiver.take_posts().is_empty(), "{name}");
    }
    // No conversation has begun.
    crm.ask(&right).await;
    assert_eq!(crm.receiver.take_posts()[0].json()["data"]["text"], "1: hello");
}

#[tokio::test]
async fn any_key_lets_in_while_one_is_replaced() {
    let crm = Crm::with_keys(&["channel", "old"], "channel", "", Echo).await;
    for (name, expected) in [
        ("old key", 200),
        ("both keys", 200),
        ("hello", 200),
        ("stranger's key", 401),
        ("stale", 401),
    ] {
        assert_eq!(crm.ask(&signed(name)).await.status.as_u16(), expected, "{name}");
    }
}

#[tokio::test]
async fn the_reason_is_told_to_whom_has_the_key_only() {
    let crm = Crm::start("", Echo).await;
    let stale = crm.ask(&signed("stale")).await.json();
    assert_eq!(stale["detail"], "expected a `webhook-timestamp` within 300 s of now");
    let forged = Signed { signature: signed("hello").signature, ..signed("stale") };
    let forged = crm.ask(&forged).await.json();
    let expected =
        "expected `webhook-id`, `webhook-timestamp` and a `webhook-signature` that fits the body";
    assert_eq!(forged["detail"], expected);
}

#[tokio::test]
async fn a_replay_is_acknowledged_and_has_no_second_effect() {
    let crm = Crm::start("", Echo).await;
    for expected in [1, 0, 0] {
        assert_eq!(crm.ask(&signed("hello")).await.status.as_u16(), 200);
        assert_eq!(crm.receiver.take_posts().len(), expected);
    }
    // The same message, sent again at another time; and another one.
    assert_eq!(crm.ask(&signed("300 s ago")).await.status.as_u16(), 200);
    assert!(crm.receiver.take_posts().is_empty());
    assert_eq!(crm.ask(&signed("another")).await.status.as_u16(), 200);
    assert_eq!(crm.receiver.take_posts()[0].json()["data"]["text"], "2: hello");
}
