//! What a receiver knows us and a repeated reply by. The signature is that of the specification's
//! own library.

use std::sync::Arc;

use patchcord::bots::Echo;
use patchcord::ground::clock::{ManualClock, Timestamp};

use super::*;
use crate::support::receiver::Post;
use crate::support::standard_webhooks::{NOW, key, signed};

#[tokio::test]
async fn a_reply_is_signed_as_the_specifications_library_signs_it() {
    let demands = Demands { token: Some("r3ceiver"), key: Some(key("channel")) };
    let receiver = Receiver::start(demands).await;
    let settings = format!("token: r3ceiver, signing_key: '{}'", key("channel"));
    let config = config(&channel(&receiver.url, &settings), Stage::Local).await.unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(NOW)));
    let function = Function::try_start_at(clock, config, |setup| setup.bot(Echo)).await.unwrap();
    function.handle(post("/webhooks/site/webhook", &says("hello", "m-1"))).await;
    let expected = signed("callback");
    let posts = receiver.take_posts();
    assert_eq!((posts.len(), posts[0].status), (1, 204));
    assert_eq!(posts[0].text, expected.body);
    assert_eq!(posts[0].header("webhook-id"), expected.id);
    assert_eq!(posts[0].header("webhook-timestamp"), expected.at);
    assert_eq!(posts[0].header("webhook-signature"), expected.signature);
    assert_eq!(posts[0].header("authorization"), "Bearer r3ceiver");
}

#[tokio::test]
async fn without_a_key_there_is_an_id_and_no_signature() {
    let site = Site::start("", Demands::default(), Echo).await;
    site.ask(&says("hello", "m-1")).await;
    let posts = site.receiver.take_posts();
    assert_eq!(posts[0].header("webhook-id"), signed("callback").id);
    for name in ["webhook-signature", "webhook-timestamp", "authorization"] {
        assert_eq!(posts[0].header(name), "", "{name}");
    }
}

/// The ids of what is posted to the receiver when these are asked.
async fn ids(site: &Site, bodies: &[Value]) -> Vec<String> {
    for body in bodies {
        assert_eq!(site.ask(body).await.body, "success", "{body}");
    }
    let posts = site.receiver.take_posts();
    posts.iter().map(|post: &Post| post.header("webhook-id").to_owned()).collect()
}

#[tokio::test]
async fn an_id_belongs_to_one_reply_to_one_message_of_one_sender() {
    let site = Site::start("", Demands::default(), Echo).await;
    let of = |sender: &str| json!({"sender": sender, "message": "hi", "message_id": "1"});
    let anonymous = json!({"message": "hi"});
    let asked = [of("ada"), of("bob"), anonymous.clone(), anonymous];
    let mut ids = ids(&site, &asked).await;
    ids.extend(self::ids(&site, &[says("a\n\nb", "2")]).await);
    assert_eq!(ids.len(), 6);
    let different: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(different.len(), ids.len(), "{ids:?}");
}

#[tokio::test]
async fn a_message_that_is_answered_once_more_after_a_crash_gets_the_same_ids() {
    let mut all = Vec::new();
    for _ in 0..2 {
        let site = Site::start("", Demands::default(), Echo).await;
        all.push(ids(&site, &[says("one\n\ntwo", "m-1")]).await);
    }
    assert_eq!(all[0], all[1]);
}
