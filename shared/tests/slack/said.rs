//! What only Slack has is something said: if the bot fails afterwards, it is not asked again.

use http::Request;
use patchcord::chat::{BotResult, Context};
use patchcord::connectors::slack::{SlackContext as _, SlackError};
use patchcord::ground::http::percent_encode;
use serde_json::json;

use crate::fake::Fake;
use crate::signatures::connector;
use crate::worker::answer_later;

#[derive(Clone, Copy)]
enum Method {
    Ephemeral,
    Respond,
    Open,
    Update,
    Home,
}

async fn call(method: Method, context: &Context) -> Result<(), SlackError> {
    let view = json!({"type": "modal"});
    match method {
        Method::Ephemeral => context.send_ephemeral("hi").await,
        Method::Respond => context.respond(json!({"text": "hi"})).await,
        Method::Open => context.open_view(view).await.map(drop),
        Method::Update => context.update_view("V1", view).await,
        Method::Home => context.publish_home(view).await,
    }
}

#[tokio::test]
async fn a_bot_that_fails_after_it_is_not_asked_again() {
    let fake = Fake::start().await;
    let url = percent_encode(&format!("{}/respond", fake.url));
    let body = format!(
        "command=%2Fhi&text=&team_id=T1&channel_id=C1&user_id=U1&trigger_id=1.2.3\
         &response_url={url}"
    );
    let methods = [Method::Ephemeral, Method::Respond, Method::Open, Method::Update, Method::Home];
    for method in methods {
        let bot = move |context: Context| async move {
            call(method, &context).await?;
            BotResult::Err("as told".into())
        };
        let request = Request::post("/").body(body.clone().into()).unwrap();
        answer_later("team", connector(&fake.url), &request, bot).await;
    }
    assert_eq!(fake.calls().len(), methods.len());
}
