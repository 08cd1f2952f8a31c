//! Modals are answered while Slack waits, whatever the bot does.

use patchcord::connectors::slack::{SlackConnector, ViewSubmission};
use serde_json::{Value, json};

use crate::asking::{Heard, team};
use crate::fake::Fake;
use crate::function::Function;
use crate::samples::request;

fn seats(ViewSubmission(view): &ViewSubmission) -> Option<Value> {
    let guests: u32 = view.value("guests", "number")?.parse().ok()?;
    let errors = json!({"guests": "We have twelve seats."});
    Some(match guests {
        13.. => json!({"response_action": "errors", "errors": errors}),
        _ => json!({"response_action": "clear"}),
    })
}

#[tokio::test]
async fn a_modal_with_errors_stays_open_and_the_bot_is_not_told() {
    let fake = Fake::start().await;
    let heard = Heard::default();
    let function = Function::start_with(team(&fake, "").await, |setup| {
        let setup = setup.bot(heard.bot());
        setup.adjust("team", |slack: SlackConnector| slack.with_submission_answer(seats)).unwrap()
    })
    .await;
    for (name, expected, told) in [
        (
            "view_submission",
            json!({"response_action": "errors", "errors": {"guests": "We have twelve seats."}}),
            0,
        ),
        ("view_submission of few", json!({"response_action": "clear"}), 1),
    ] {
        let answer = function.handle(request(name)).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, expected), "{name}");
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(heard.events().len(), told, "{name}");
    }
    let answer = function.handle(request("view_closed")).await;
    assert_eq!((answer.body.as_str(), heard.events().len()), ("", 2), "nothing to answer");
}
