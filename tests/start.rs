//! How a function starts, and how it refuses to.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use patchcord_local::runtime_api::LambdaError;
use patchcord_tests::Stack;
use patchcord_tests::binaries;
use patchcord_tests::request::{message, only_text, send};
use patchcord_tests::server::FakeServer;
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
async fn a_misspelt_response_mode_is_refused() {
    let env = vec![("PATCHCORD_RESPONSE_MODE", "bufered".to_owned())];
    let stderr = refusal(StackOptions { env, ..StackOptions::default() }).await;
    assert!(stderr.contains("expected `buffered` or `streamed`"), "{stderr}");
}

#[tokio::test]
async fn a_secret_of_the_parameter_store_is_read_and_one_that_is_not_there_is_named() {
    let store = FakeServer::parameter_store("/patchcord/token", "s3cret-t0ken").await;
    let yaml = |name: &str| {
        let auth = format!("auth: {{token: '${{ssm:/patchcord/{name}}}'}}");
        format!("channels: {{rest: {{type: rest, {auth}}}}}\nbot: {{type: echo}}")
    };
    let env = || vec![("AWS_ENDPOINT_URL_SSM", store.url().to_owned())];
    let config_of = |config| StackOptions { config, env: env(), ..StackOptions::default() };

    let (right, wrong) = (yaml("token"), yaml("tokn"));
    let stack = Stack::start(config_of(&right)).await;
    let mut request = message("ada", "hello");
    request.headers_mut().insert("authorization", "Bearer s3cret-t0ken".parse().unwrap());
    assert_eq!(only_text(&send(&stack.lambda, request).await), "1: hello");
    assert_eq!(send(&stack.lambda, message("ada", "hello")).await.status, 401);
    assert_eq!(store.requests(), 1, "it is read once, when the function starts");

    let stderr = refusal(config_of(&wrong)).await;
    let expected = "channels.rest.auth.token: ${ssm:/patchcord/tokn}: there is no such entry";
    assert!(stderr.contains(expected), "{stderr}");
}

#[tokio::test]
async fn it_starts_with_the_shipped_configuration() {
    let stack = Stack::start(StackOptions { config: ECHO, ..StackOptions::default() }).await;
    assert_eq!(stack.lambda.start_times().len(), 1);
}

/// The sections that `contact-import` needs.
const CONTACTS: &str = "
botmatic: {encryption_keys: a key that is only for these tests}
contacts:
  mappings: [{botmatic: {name: id}, ext: {name: id}, id: true}]
  consumer: {type: rest, base_url: 'http://127.0.0.1:9', token: local-crm-key}
  push: {key: local-crm-key}
";

#[tokio::test]
async fn an_import_without_its_sections_is_refused_with_what_was_expected() {
    let without_key = CONTACTS.replace("encryption_keys: a key that is only for these tests", "");
    let (_, contacts) = CONTACTS.split_once("\ncontacts:").expect("two sections");
    let without_botmatic = format!("contacts:{contacts}");
    let without_contacts = CONTACTS.replace(&format!("contacts:{contacts}"), "");
    let wrong = CONTACTS.replace("push:", "import: {concurrency: 0}\n  push:");
    for (config, expected) in [
        (without_contacts, "no contacts: expected `contacts:` in patchcord.yaml"),
        (without_key, "botmatic.encryption_keys: expected"),
        (without_botmatic, "the file: expected a section `botmatic`, with `encryption_keys`"),
        (wrong, "contacts.import.concurrency: expected a number of calls from 1 to"),
    ] {
        let options = StackOptions {
            binary: binaries::contact_import,
            config: &config,
            ..StackOptions::default()
        };
        let stderr = refusal(options).await;
        assert!(stderr.contains(expected), "expected {expected} in\n{stderr}");
    }
}

#[tokio::test]
async fn the_queue_of_imports_is_one_or_none() {
    for binary in [binaries::contact_import as fn() -> _, binaries::botmatic] {
        let start = |url: &str| {
            let env = vec![("IMPORT_QUEUE_URL", url.to_owned())];
            StackOptions { binary, config: CONTACTS, env, ..StackOptions::default() }
        };
        let stderr = refusal(start("patchcord-import")).await;
        assert!(
            stderr.contains("IMPORT_QUEUE_URL names no queue, or one of the wrong kind"),
            "{stderr}"
        );
        let cause = "patchcord-import: expected the URL of a queue, such as";
        assert_eq!(stderr.matches(cause).count(), 1, "{stderr}");
        for right in ["", "https://sqs.eu-west-1.amazonaws.com/123456789012/patchcord-import"] {
            let stack = Stack::start(start(right)).await;
            assert_eq!(stack.lambda.start_times().len(), 1);
        }
    }
}
