//! What only Telegram tells, by its type.

use patchcord::chat::Event;
use patchcord::connectors::telegram::extras::{
    CallbackQuery, Chat, ChatKind, Command, Contact, DeepLink, InlineQuery, MessageId, User,
};
use serde_json::{Value, json};

use super::fake::{Telegram, USER};
use super::harness::{configured, heard, settings, text};

#[tokio::test]
async fn commands_have_a_name_a_bot_and_arguments() {
    let command = |name: &str, bot: Option<&str>, arguments: &str| {
        let (name, arguments) = (name.to_owned(), arguments.to_owned());
        Some(Command { name, bot: bot.map(str::to_owned), arguments })
    };
    let link = |parameter: &str| Some(DeepLink(parameter.to_owned()));
    for (said, length, offset, expected, deep_link) in [
        ("/start", 6, 0, command("start", None, ""), None),
        (
            "/start spring-sale_1",
            6,
            0,
            command("start", None, "spring-sale_1"),
            link("spring-sale_1"),
        ),
        ("/start@MyBot x", 12, 0, command("start", Some("MyBot"), "x"), link("x")),
        ("/start two words", 6, 0, command("start", None, "two words"), None),
        ("/find  red shoes 😀 ", 5, 0, command("find", None, "red shoes 😀"), None),
        ("please /start x", 6, 7, None, None),
        ("/etc or /go", 3, 8, None, None),
        ("/é", 2, 0, None, None),
        ("/short", 99, 0, None, None),
    ] {
        let mut update = text(1, said);
        let entity = json!({ "type": "bot_command", "offset": offset, "length": length });
        update["message"]["entities"] =
            json!([{ "type": "bold", "offset": 0, "length": 1 }, entity]);
        let event = heard(&update).await.remove(0);
        assert_eq!(event.extensions.get(), expected.as_ref(), "{said}");
        assert_eq!(event.extensions.get(), deep_link.as_ref(), "{said}");
        assert_eq!(event.text(), Some(said));
    }
    let mut captioned = text(1, "");
    captioned["message"] = json!({
        "message_id": 3, "chat": { "id": USER }, "photo": [{ "file_id": "F" }], "caption": "/show",
        "caption_entities": [{ "type": "bot_command", "offset": 0, "length": 5 }],
    });
    let event = heard(&captioned).await.remove(0);
    assert_eq!(event.extensions.get(), command("show", None, "").as_ref());
    assert!(heard(&text(1, "/start")).await[0].extensions.get::<Command>().is_none(), "no entity");
}

#[tokio::test]
async fn people_chats_and_messages_are_typed() {
    let mut update = text(1, "hi");
    update["message"]["from"]["language_code"] = json!("fr");
    let event = heard(&update).await.remove(0);
    let user = event.extensions.get::<User>().unwrap();
    assert_eq!((user.id, user.language_code.as_deref(), user.is_bot), (USER, Some("fr"), false));
    let chat = event.extensions.get::<Chat>().unwrap();
    assert_eq!((chat.id, chat.kind, chat.is_forum), (USER, ChatKind::Private, false));
    assert_eq!(event.extensions.get(), Some(&MessageId("1365".to_owned())));
    update["message"]["sender_chat"] = json!({ "id": -5, "type": "of a later version" });
    let event = heard(&update).await.remove(0);
    assert!(event.extensions.get::<User>().is_none(), "`from` is made up then");
}

#[tokio::test]
async fn queries_contacts_and_buttons_are_typed() {
    let from = json!({ "id": USER, "first_name": "Test" });
    let query = json!({ "update_id": 2, "inline_query": {
        "id": 134_567_890_097_i64, "from": from, "query": "shoes", "offset": "50",
        "chat_type": "sender",
    } });
    let expected = InlineQuery {
        id: "134567890097".to_owned(),
        query: "shoes".to_owned(),
        offset: "50".to_owned(),
        chat_type: Some("sender".to_owned()),
    };
    assert_eq!(heard(&query).await[0].extensions.get(), Some(&expected));

    let button = json!({ "update_id": 3, "callback_query": {
        "id": "77", "from": from, "data": "Y",
        "message": { "message_id": 30, "date": 0, "chat": { "id": -5, "type": "group" } },
    } });
    let event = heard(&button).await.remove(0);
    let expected = CallbackQuery { id: "77".to_owned(), inline_message_id: None };
    assert_eq!(event.extensions.get(), Some(&expected));
    assert_eq!(event.extensions.get(), Some(&MessageId("30".to_owned())));
    assert_eq!(event.extensions.get::<Chat>().unwrap().kind, ChatKind::Group);
    assert_eq!(event.extensions.get::<User>().unwrap().id, USER);

    let mut contact = text(4, "");
    contact["message"]["text"] = Value::Null;
    contact["message"]["contact"] =
        json!({ "phone_number": "+33123456789", "first_name": "Ada", "user_id": USER });
    let event = heard(&contact).await.remove(0);
    let contact = event.extensions.get::<Contact>().unwrap();
    assert_eq!((&*contact.phone_number, contact.user_id), ("+33123456789", Some(USER)));
}

#[tokio::test]
async fn a_reaction_tells_of_whom_it_is_where_and_to_what() {
    let update = json!({ "update_id": 5, "message_reaction": {
        "chat": { "id": -5, "type": "group" }, "message_id": 42, "date": 1_700_000_000,
        "user": { "id": USER, "first_name": "Test" },
        "old_reaction": [], "new_reaction": [{ "type": "emoji", "emoji": "👍" }],
    } });
    let event = heard(&update).await.remove(0);
    assert_eq!(event.extensions.get(), Some(&MessageId("42".to_owned())));
    assert_eq!(event.extensions.get::<User>().unwrap().id, USER);
    assert_eq!(event.extensions.get::<Chat>().unwrap().id, -5);
}

/// Events wait in the queue as JSON, without their extensions.
#[tokio::test]
async fn an_event_that_has_waited_has_them_again() {
    let mut update = text(1, "/start sale");
    update["message"]["entities"] = json!([{ "type": "bot_command", "offset": 0, "length": 6 }]);
    let event = heard(&update).await.remove(0);
    let mut waited: Event = serde_json::from_value(serde_json::to_value(&event).unwrap()).unwrap();
    assert!(waited.extensions.get::<DeepLink>().is_none());
    let telegram = Telegram::start().await;
    let config = configured(&settings(&telegram, "")).await.unwrap();
    let connector = &config.channels["telegram"].connector;
    connector.extend_event(&mut waited);
    assert_eq!(waited.extensions.get(), Some(&DeepLink("sale".to_owned())));
    assert_eq!(waited.extensions.get::<User>(), event.extensions.get::<User>());
    assert_eq!(connector.session_key(&waited), connector.session_key(&event));
}
