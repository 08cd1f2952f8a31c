//! What Meta says of Instagram, in the words of every platform. The body is the samples of
//! <https://developers.facebook.com/documentation/business-messaging/instagram-messaging/webhooks>,
//! with ids in the place of placeholders and one message for each of the fields shown together.

use patchcord::chat::event::{EventKind, Message};

use crate::messenger::{assert_are, media, meta, payload, reaction, text, unknown};
use crate::{IGSID, told};

#[tokio::test]
async fn every_sample_becomes_an_event() {
    let inline =
        EventKind::Reply { to: "aWd_earlier".to_owned(), message: Message::Text("Yes".to_owned()) };
    let deleted = EventKind::MessageDeleted { message_id: "aWd_text".to_owned() };
    let button = "SELECTED-ICEBREAKER-REPLY-OR-CTA-BUTTON";
    let events = told("instagram", "instagram.json").await;
    assert_are(
        &events,
        &[
            ("aWd_text", text("MESSAGE-TEXT")),
            ("aWd_quick", payload("CUSTOMER-RESPONSE-PAYLOAD", "Red")),
            ("aWd_media", media(Message::Image, "a.jpg")),
            ("aWd_media#2", media(Message::Video, "a.mp4")),
            ("aWd_media#3", media(Message::File, "post.jpg")),
            ("aWd_media#4", media(Message::Video, "reel.mp4")),
            ("aWd_mention", media(Message::File, "story")),
            ("aWd_story", text("Love this!")),
            ("aWd_inline", inline),
            ("aWd_text:deleted", deleted),
            ("aWd_odd", unknown("unsupported")),
            ("aWd_once", unknown("ephemeral")),
            ("aWd_shop", text("In blue?")),
            (
                "reaction:1569262485349:5275811702471834:aWd_text",
                reaction("❤\u{fe0f}", false, "aWd_text"),
            ),
            ("aWd_ice", payload("CUSTOMER-RESPONSE-PAYLOAD", button)),
            ("referral:1502905976377:5275811702471834", unknown("referral")),
        ],
    );
    for event in &events {
        assert_eq!((event.platform.as_str(), event.target.room.as_str()), ("instagram", IGSID));
        assert_eq!(meta(event).account, "17841400008460056");
    }
    let of = |id: &str| meta(events.iter().find(|it| it.id.as_deref() == Some(id)).expect(id));
    assert_eq!(of("aWd_mention").attachments[0].kind, "story_mention");
    assert_eq!(of("aWd_story").story.as_ref().unwrap().id.as_deref(), Some("17858893269000001"));
    let product = of("aWd_shop").referral.as_ref().unwrap().product.as_ref().unwrap();
    assert_eq!(product.id.as_deref(), Some("PRODUCT-ID"));
}
