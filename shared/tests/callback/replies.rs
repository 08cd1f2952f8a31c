//! What each kind of reply becomes.

use patchcord::bots::Echo;

use super::*;
use crate::support::receiver::Post;

#[tokio::test]
async fn replies_are_the_objects_of_rasa() {
    let site = Site::start(SEND, Demands::default(), Echo).await;
    let text = |text: &str| json!({"recipient_id": "ada", "text": text});
    let buttons = json!([{"title": "Yes", "payload": "/yes"}]);
    for (reply, expected) in [
        (json!({"type": "text", "text": "hi"}), vec![text("hi")]),
        (json!({"type": "text", "text": "a\n\nb"}), vec![text("a"), text("b")]),
        (
            json!({"type": "image", "url": "https://e.com/c", "caption": "A cat"}),
            vec![json!({"recipient_id": "ada", "image": "https://e.com/c"}), text("A cat")],
        ),
        (
            json!({"type": "file", "data": "aGk=", "mime_type": "text/plain", "name": "a.txt"}),
            vec![json!({"recipient_id": "ada", "attachment": {"type": "file", "payload": {
                "src": "data:text/plain;base64,aGk=", "title": "a.txt",
            }}})],
        ),
        (
            json!({"type": "video", "url": "https://e.com/v"}),
            vec![json!({"recipient_id": "ada", "attachment": {"type": "video", "payload": {
                "src": "https://e.com/v",
            }}})],
        ),
        (
            json!({"type": "audio", "url": "https://e.com/a"}),
            vec![json!({"recipient_id": "ada", "attachment": {"type": "audio", "payload": {
                "src": "https://e.com/a",
            }}})],
        ),
        (
            json!({"type": "buttons", "text": "Sure?", "buttons": buttons}),
            vec![json!({"recipient_id": "ada", "text": "Sure?", "buttons": buttons})],
        ),
        (
            json!({"type": "quick_replies", "text": "Sure?", "buttons": buttons}),
            vec![json!({"recipient_id": "ada", "text": "Sure?", "buttons": buttons})],
        ),
        (
            json!({"type": "cards", "cards": [{"title": "Cat", "image_url": "https://e.com/c"}]}),
            vec![json!({"recipient_id": "ada", "image": "https://e.com/c"}), text("Cat")],
        ),
        (
            json!({"type": "custom", "json": {"a": 1}}),
            vec![json!({"recipient_id": "ada", "custom": {"a": 1}})],
        ),
        (json!({"type": "typing", "on": true}), vec![]),
    ] {
        let answer = site.send(&reply).await;
        assert_eq!(answer.status.as_u16(), 200, "{reply}: {}", answer.body);
        let posts = site.receiver.take_posts();
        assert_eq!(posts.iter().map(Post::json).collect::<Vec<_>>(), expected, "{reply}");
        let id = posts.first().map_or(Value::Null, |post| json!(post.header("webhook-id")));
        if expected.len() == 1 {
            assert_eq!(answer.json(), json!({"message_id": id, "dropped": false}), "{reply}");
        }
    }
    for reply in [
        json!({"type": "edit", "message_id": "1", "text": "new"}),
        json!({"type": "delete", "message_id": "1"}),
        json!({"type": "image", "id": "AgAC"}),
        json!({"type": "reaction", "message_id": "1", "emoji": "+1"}),
    ] {
        assert_eq!(site.send(&reply).await.status.as_u16(), 422, "{reply}");
    }
    assert!(site.receiver.take_posts().is_empty());
}
