//! What a channel needs before it starts.

use patchcord::chat::Delivery;

use super::*;

#[tokio::test]
async fn mistakes_are_named_with_their_place_and_show_no_secret() {
    let ours = key("channel");
    let url = "url: 'https://e.com/r'";
    for (settings, expected) in [
        (url.to_owned(), "channels.crm: missing field `keys`"),
        (format!("keys: ['{ours}']"), "channels.crm: missing field `url`"),
        (format!("keys: [], {url}"), "channels.crm.keys: expected one key or more"),
        (format!("keys: [''], {url}"), "channels.crm.keys[0]: expected a non-empty text"),
        (
            format!("keys: ['{ours}', whsec_s3cret], {url}"),
            "channels.crm.keys[1]: expected `whsec_` and the base64 of at least 24 random bytes",
        ),
        (
            format!("keys: ['{ours}'], answer_key: whsec_s3cret, {url}"),
            "channels.crm.answer_key: expected `whsec_`",
        ),
        (
            format!("keys: ['{ours}'], url: 'http://e.com/s3cret'"),
            "channels.crm.url: expected an address with https",
        ),
        (
            format!("keys: ['{ours}'], {url}, fields: {{sender: user.id}}"),
            "channels.crm.fields.sender: expected an expression of `body` and `data`",
        ),
        (
            format!("keys: ['{ours}'], {url}, fields: {{sender: data.}}"),
            "channels.crm.fields.sender: syntax error",
        ),
        (
            format!("keys: ['{ours}'], {url}, fields: {{name: data.name}}"),
            "channels.crm.fields.name: unknown field `name`",
        ),
        (format!("keys: ['{ours}'], {url}, public: true"), "channels.crm.public: unknown field"),
    ] {
        let error = config(&channel(&settings), Stage::Deployed).await;
        let error = error.err().expect("a mistake").to_string();
        assert!(error.contains(expected), "{settings}: {error}");
        assert!(!error.contains("s3cret") && !error.contains(&ours), "{error}");
    }
    let fine = format!(
        "keys: ['{ours}'], {url}, types: [a], fields: {{sender: \"body['user-id'] or data.from\"}}"
    );
    let fine = config(&channel(&fine), Stage::Deployed).await.unwrap();
    assert_eq!(fine.channels["crm"].delivery, Delivery::Queued);
}
