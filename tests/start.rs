//! How a function starts, and how it refuses to.

use patchcord_local::runtime_api::LambdaError;
use patchcord_tests::Stack;
use patchcord_tests::stack::{ECHO, StackOptions};

async fn refusal(options: StackOptions<'_>) -> String {
    match Stack::try_start(options).await {
        Err(LambdaError::Init { stderr, .. }) => stderr,
        Err(other) => panic!("expected the function to end in init, got {other}"),
        Ok(_) => panic!("expected the function not to start"),
    }
}

#[tokio::test]
async fn a_mistake_in_the_configuration_stops_it_with_the_place_and_what_was_expected() {
    let config = "channels: {rest: {type: rest, auth: {tokn: x}}}\nbot: {type: parrot}";
    let stderr = refusal(StackOptions { config, ..StackOptions::default() }).await;
    for expected in [
        "patchcord.yaml has mistakes",
        "channels.rest.auth.tokn: unknown field `tokn`, expected one of `token`, `jwt_key`",
        "bot.type: expected one of: echo, http",
    ] {
        assert!(stderr.contains(expected), "expected {expected} in\n{stderr}");
    }
}

#[tokio::test]
async fn an_open_channel_does_not_start_away_from_a_local_machine() {
    let env = vec![("PATCHCORD_LOCAL", String::new())];
    let stderr = refusal(StackOptions { env, ..StackOptions::default() }).await;
    assert!(stderr.contains("channels.rest: expected `auth` with a `token`"), "{stderr}");
}

#[tokio::test]
async fn a_missing_file_and_a_missing_bot_are_named() {
    let env = vec![("PATCHCORD_CONFIG", "/nowhere/patchcord.yaml".to_owned())];
    let stderr = refusal(StackOptions { env, ..StackOptions::default() }).await;
    assert!(stderr.contains("no configuration at /nowhere/patchcord.yaml"), "{stderr}");

    let config = "channels: {rest: {type: rest}}";
    let stderr = refusal(StackOptions { config, ..StackOptions::default() }).await;
    assert!(stderr.contains("no bot: expected `bot:`"), "{stderr}");
}

#[tokio::test]
async fn it_starts_with_the_shipped_configuration() {
    let stack = Stack::start(StackOptions { config: ECHO, ..StackOptions::default() }).await;
    assert_eq!(stack.lambda.start_times().len(), 1);
}
