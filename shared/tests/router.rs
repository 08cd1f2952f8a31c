//! The router, driven through contexts.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod support {
    pub mod context;
}

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use patchcord::chat::context::Intent;
use patchcord::chat::event::EventKind;
use patchcord::chat::router::{Flow, Handler, Kind, Next, Plugin};
use patchcord::chat::{Bot, BotError, BotResult, Context, Event, Media, Message, Router};
use serde_json::{Map, json};
use support::context::{button, event, run, text};

/// Says `word`.
fn says(word: &'static str) -> impl Handler {
    move |context: Context| async move {
        context.send_text(word).await?;
        Ok::<_, BotError>(())
    }
}

/// Fails with `word`.
fn fails(word: &'static str) -> impl Handler {
    move |_: Context| async move { Err::<(), _>(BotError::from(word)) }
}

fn image() -> Event {
    event(EventKind::Message(Message::Image(Media::url("https://example.com/i"))))
}

#[tokio::test]
async fn an_event_goes_to_the_route_that_matches() {
    let bot = Router::new()
        .text("hi", says("text"))
        .payload("BUY", says("payload"))
        .kind(Kind::Image, says("kind"))
        .when(|context| context.event().text().is_some_and(|text| text.len() > 20), says("long"))
        .platform("other", says("platform"))
        .fallback(says("fallback"));
    let mut elsewhere = text("hello");
    "other".clone_into(&mut elsewhere.platform);
    let mut answer = EventKind::Reply { to: "1".to_owned(), message: Message::Text("hi".into()) };
    let reply = event(answer.clone());
    if let EventKind::Reply { message, .. } = &mut answer {
        *message = Message::Text("HI".to_owned());
    }
    for (event, expected) in [
        (text("hi"), "text"),
        (reply, "text"),
        (text("hi there"), "fallback"),
        (event(answer), "fallback"),
        (button("BUY"), "payload"),
        (button("hi"), "fallback"),
        (text("BUY"), "fallback"),
        (image(), "kind"),
        (text("a text of more than twenty"), "long"),
        (elsewhere, "platform"),
        (event(EventKind::Typing { on: true }), "fallback"),
    ] {
        let ran = run(&bot, event).await;
        ran.result.unwrap();
        assert_eq!(ran.texts, [expected]);
    }
}

#[tokio::test]
async fn a_regular_expression_leaves_its_captures() {
    async fn order(context: Context) -> BotResult {
        let captures = context.captures();
        let groups = (0..4).map(|index| captures.get(index).unwrap_or("none").to_owned());
        context.send_text(groups.collect::<Vec<_>>().join("|")).await?;
        Ok(())
    }
    let bot = Router::new()
        .regex(r"(?i)order (\d+)(?: of (\w+))?", order)
        .unwrap()
        .when(|context| context.event().is_text(), order);
    for (said, expected) in [
        ("my ORDER 12 of tea!", "ORDER 12 of tea|12|tea|none"),
        ("order 3", "order 3|3|none|none"),
        ("order x", "none|none|none|none"), // of no regular expression
    ] {
        assert_eq!(run(&bot, text(said)).await.texts, [expected]);
    }
    let error = Router::new().regex("(", order).err().expect("not a regular expression");
    assert!(error.to_string().starts_with("expected a regular expression"));
}

#[tokio::test]
async fn the_first_route_wins_and_next_goes_on() {
    async fn not_me(context: Context) -> Result<Flow, BotError> {
        context.send_text("not me").await?;
        Ok(Flow::Next)
    }
    let bot = Router::new()
        .regex("^(h)i$", not_me)
        .unwrap()
        .text("hi", |context: Context| async move {
            let captures = context.captures(); // those of the route before are gone
            context.send_text(format!("first {:?}", captures.get(1))).await?;
            BotResult::Ok(())
        })
        .text("hi", says("second"))
        .text("bye", not_me)
        .fallback(says("fallback"));
    assert_eq!(run(&bot, text("hi")).await.texts, ["not me", "first None"]);
    assert_eq!(run(&bot, text("bye")).await.texts, ["not me", "fallback"]);

    let bot = Router::new().text("hi", not_me);
    let ran = run(&bot, text("hi")).await;
    ran.result.unwrap(); // nobody else: that is no error
    assert_eq!(ran.texts, ["not me"]);
    assert!(run(&bot, text("other")).await.texts.is_empty());
}

#[tokio::test]
async fn a_handler_hands_over_with_the_same_context() {
    async fn first(context: Context) -> Result<Flow, BotError> {
        context.set_state(json!({"name": "Ada"}))?;
        context.insert_extra(7_u8);
        Ok(Flow::to(second))
    }
    async fn second(context: Context) -> Result<Flow, BotError> {
        let name: String = context.state_field("name").ok_or("no name")?;
        context.send_text(format!("{name} {:?}", context.extra::<u8>())).await?;
        Ok(Flow::Next)
    }
    let bot = Router::new().text("hi", first).fallback(says("after"));
    assert_eq!(run(&bot, text("hi")).await.texts, ["Ada Some(7)", "after"]);
}

#[tokio::test]
async fn a_circle_of_handlers_ends_with_an_error() {
    struct Pong; // of two plain functions that name each other, the types would be a circle too
    #[async_trait]
    impl Handler for Pong {
        async fn call(&self, _: Context) -> Result<Flow, BotError> {
            Ok(Flow::to(ping))
        }
    }
    async fn ping(context: Context) -> Result<Flow, BotError> {
        context.send_text("ping").await?;
        Ok(Flow::to(Pong))
    }
    let ran = run(&Router::new().text("hi", ping), text("hi")).await;
    let error = ran.result.unwrap_err().to_string();
    assert!(error.contains("handed over more than 32 times"), "{error}");
    assert_eq!(ran.texts.len(), 17); // the first, and 16 of 32
}

#[tokio::test]
async fn the_error_handler_gets_every_error_and_decides() {
    let on_error = |context: Context, error: BotError| async move {
        context.send_text(format!("sorry: {error}")).await?;
        if error.to_string() == "small" { Ok(()) } else { Err(error) }
    };
    let bot = Router::new()
        .text("small", fails("small"))
        .text("hand over", |_: Context| async { Ok::<_, BotError>(Flow::to(fails("small"))) })
        .fallback(fails("large"))
        .on_error(on_error);
    for (said, sorry, is_error) in [
        ("small", "sorry: small", false),
        ("hand over", "sorry: small", false),
        ("other", "sorry: large", true),
    ] {
        let ran = run(&bot, text(said)).await;
        assert_eq!((ran.texts, ran.result.is_err()), (vec![sorry.to_owned()], is_error), "{said}");
    }
    let ran = run(&Router::new().text("hi", fails("plain")), text("hi")).await;
    assert_eq!(ran.result.unwrap_err().to_string(), "plain"); // without an error handler
}

/// Notes when it is entered and left.
struct Noting(&'static str, Arc<Mutex<Vec<String>>>);

#[async_trait]
impl Plugin for Noting {
    async fn around(&self, context: Context, next: Next<'_>) -> BotResult {
        self.1.lock().unwrap().push(format!("{} in", self.0));
        context.set_intent(Intent { name: self.0.to_owned(), confidence: 1.0 });
        let result = next.run(context).await;
        self.1.lock().unwrap().push(format!("{} out {}", self.0, result.is_ok()));
        result
    }
}

/// Lets nobody in who says `no`.
struct Refusing;

#[async_trait]
impl Plugin for Refusing {
    async fn around(&self, context: Context, next: Next<'_>) -> BotResult {
        match context.event().text() {
            Some("no") => Ok(()),
            _ => next.run(context).await,
        }
    }
}

#[tokio::test]
async fn plugins_wrap_every_event_in_order() {
    async fn intent(context: Context) -> BotResult {
        let intent = context.intent().ok_or("no intent")?;
        context.send_text(intent.name).await?;
        Ok(())
    }
    let notes: Arc<Mutex<Vec<String>>> = Arc::default();
    let bot = Router::new()
        .text("fail", fails("error"))
        .fallback(intent)
        .on_error(|_: Context, error: BotError| async move { Err(error) })
        .plugin(Noting("outer", Arc::clone(&notes)))
        .plugin(Refusing)
        .plugin(Noting("inner", Arc::clone(&notes)));
    let all = ["outer in", "inner in", "inner out true", "outer out true"];
    for (said, texts, expected) in [
        ("hi", vec!["inner"], &all[..]),
        ("no", vec![], &["outer in", "outer out true"]),
        ("fail", vec![], &["outer in", "inner in", "inner out false", "outer out false"]),
    ] {
        assert_eq!(run(&bot, text(said)).await.texts, texts, "{said}");
        assert_eq!(std::mem::take(&mut *notes.lock().unwrap()), expected, "{said}");
    }
}

#[tokio::test]
async fn a_router_gives_the_initial_state() {
    async fn count(context: Context) -> BotResult {
        let count: u64 = context.state_field("count").ok_or("no count")?;
        context.set_state(json!({"count": count + 1}))?;
        context.reset_state();
        context.send_text(format!("{:?}", context.state_field::<u64>("count"))).await?;
        Ok(())
    }
    let state: Map<_, _> = [("count".to_owned(), json!(5))].into_iter().collect();
    let bot = Router::new().fallback(count).with_initial_state(state.clone());
    assert_eq!(Bot::initial_state(&bot), state);
    assert_eq!(run(&bot, text("hi")).await.texts, ["Some(5)"]);
}
