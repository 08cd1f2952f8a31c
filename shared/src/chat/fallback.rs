//! Renders what a platform cannot show as something that it can: buttons as a numbered list, an
//! image as its URL. Where no rendering makes sense the sender gets an error.

use super::reply::{Button, ButtonAction, Card, Media, Reply, ReplyKind};

/// Nothing sensible stands in for this kind of reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this channel cannot show a reply of kind {0:?}, and nothing can stand in for it")]
pub struct Unsupported(pub ReplyKind);

/// `reply` in kinds for which `supports` is true, in order; empty for a typing indicator that the
/// platform does not have.
///
/// Every platform is expected to support text. The renderings follow Rasa's `OutputChannel`
/// (<https://rasa.com/docs/rasa/reference/rasa/core/channels/channel/>).
pub fn render(
    reply: Reply,
    supports: &dyn Fn(ReplyKind) -> bool,
) -> Result<Vec<Reply>, Unsupported> {
    let kind = reply.kind();
    if supports(kind) {
        return Ok(vec![reply]);
    }
    match reply {
        Reply::Image(media) | Reply::File(media) | Reply::Video(media) | Reply::Audio(media) => {
            Ok(vec![Reply::text(link(&media).ok_or(Unsupported(kind))?)])
        }
        Reply::QuickReplies { text, buttons } => render(Reply::Buttons { text, buttons }, supports),
        Reply::Buttons { text, buttons } => Ok(vec![Reply::text(numbered(&text, &buttons))]),
        Reply::Cards { cards } => {
            let replies = cards.into_iter().map(|card| render_card(card, supports));
            Ok(replies.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        }
        Reply::Custom { json } => Ok(vec![Reply::text(json.to_string())]),
        Reply::Typing { .. } => Ok(Vec::new()),
        Reply::Text { .. } | Reply::Reaction { .. } | Reply::Edit { .. } | Reply::Delete { .. } => {
            Err(Unsupported(kind))
        }
    }
}

/// A card as its picture, then its words with its buttons.
fn render_card(
    card: Card,
    supports: &dyn Fn(ReplyKind) -> bool,
) -> Result<Vec<Reply>, Unsupported> {
    let text = match card.subtitle {
        Some(subtitle) => format!("{}: {subtitle}", card.title),
        None => card.title,
    };
    let words = if card.buttons.is_empty() {
        Reply::text(text)
    } else {
        Reply::Buttons { text, buttons: card.buttons }
    };
    let picture = card.image_url.map(|url| Reply::Image(Media::url(url)));
    let mut replies = Vec::new();
    for reply in picture.into_iter().chain([words]) {
        replies.extend(render(reply, supports)?);
    }
    Ok(replies)
}

/// Its URL, below its caption; none of what only the platform has, or only we.
fn link(media: &Media) -> Option<String> {
    let url = media.as_url()?;
    Some(match &media.caption {
        Some(caption) => format!("{caption}\n{url}"),
        None => url.to_owned(),
    })
}

/// The text and then one line a button: `1. Yes`, or `2. Our site: https://…`.
fn numbered(text: &str, buttons: &[Button]) -> String {
    let lines = buttons.iter().enumerate().map(|(index, button)| match &button.action {
        ButtonAction::Payload(_) => format!("\n{}. {}", index + 1, button.title),
        ButtonAction::Url(url) => format!("\n{}. {}: {url}", index + 1, button.title),
    });
    std::iter::once(text.to_owned()).chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text_only(kind: ReplyKind) -> bool {
        kind == ReplyKind::Text
    }

    #[test]
    fn a_platform_of_text_gets_text() {
        let buttons = vec![Button::payload("Yes", "Y"), Button::url("Site", "https://example.com")];
        let list = "Sure?\n1. Yes\n2. Site: https://example.com";
        let picture = Media { caption: Some("A cat".to_owned()), ..Media::url("https://e.com/c") };
        let card = Card {
            title: "Cat".to_owned(),
            subtitle: Some("grey".to_owned()),
            image_url: Some("https://e.com/c".to_owned()),
            buttons: vec![Button::payload("Take", "T")],
        };
        let cases = [
            ("image", Reply::Image(picture), vec!["A cat\nhttps://e.com/c"]),
            ("file", Reply::File(Media::url("https://e.com/f")), vec!["https://e.com/f"]),
            (
                "buttons",
                Reply::Buttons { text: "Sure?".to_owned(), buttons: buttons.clone() },
                vec![list],
            ),
            ("quick", Reply::QuickReplies { text: "Sure?".to_owned(), buttons }, vec![list]),
            (
                "cards",
                Reply::Cards { cards: vec![card] },
                vec!["https://e.com/c", "Cat: grey\n1. Take"],
            ),
            ("custom", Reply::Custom { json: json!({"a": 1}) }, vec![r#"{"a":1}"#]),
            ("typing", Reply::Typing { on: true }, vec![]),
        ];
        for (name, reply, expected) in cases {
            let expected: Vec<_> = expected.into_iter().map(Reply::text).collect();
            assert_eq!(render(reply, &text_only), Ok(expected), "{name}");
        }
    }

    #[test]
    fn quick_replies_become_buttons_where_there_are_buttons() {
        let supports = |kind| matches!(kind, ReplyKind::Text | ReplyKind::Buttons);
        let buttons = vec![Button::payload("Yes", "Y")];
        let reply = Reply::QuickReplies { text: "Sure?".to_owned(), buttons: buttons.clone() };
        let expected = vec![Reply::Buttons { text: "Sure?".to_owned(), buttons }];
        assert_eq!(render(reply, &supports), Ok(expected));
    }

    #[test]
    fn what_nothing_can_stand_in_for_is_an_error() {
        let text = "new".to_owned();
        let edit = Reply::Edit { message_id: "1".to_owned(), text, buttons: Vec::new() };
        assert_eq!(render(edit, &text_only), Err(Unsupported(ReplyKind::Edit)));
        let file = Reply::File(Media::data("a.txt", "text/plain", "words"));
        assert_eq!(render(file, &text_only), Err(Unsupported(ReplyKind::File)));
    }
}
