//! The real binary behind its function URL.

use bytes::Bytes;
use http::Request;
use patchcord_local::runtime_api::{Lambda, LambdaOptions};
use patchcord_local::tables::Table;
use patchcord_tests::binaries;
use patchcord_tests::contacts::{CONFIG, Contacts, TOKEN};
use patchcord_tests::stack::TempFile;
use serde_json::{Value, json};

use crate::helpers::{Answered, fields, settling, silent};
use crate::vendor_hooks::{CLIENT_SECRET, hubspot_event, hubspot_signature};

/// What Lambda says is the host of the function URL.
const HOST: &str = "abc.lambda-url.eu-west-1.on.aws";

/// An instance between the stand-ins of `contacts`, which logs all it can.
pub async fn instance(contacts: &Contacts, config: &str) -> Lambda {
    let config = settling(config).replace("CRM", &contacts.crm.endpoint());
    let config = TempFile::new("patchcord.yaml", &config);
    let env = [
        ("DYNAMODB_ENDPOINT", contacts.dynamo.endpoint()),
        ("CONTACTS_TABLE", Table::CONTACTS.to_owned()),
        ("PATCHCORD_CONFIG", config.path().display().to_string()),
        ("BOTMATIC_BASE_URL", contacts.botmatic.endpoint()),
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ("AWS_LAMBDA_LOG_LEVEL", "TRACE".to_owned()),
    ];
    let options = LambdaOptions {
        binary: binaries::botmatic(),
        instances: 1,
        timeout: std::time::Duration::from_secs(30),
        env: env.map(|(name, value)| (name.to_owned(), value)).into(),
    };
    Lambda::start(options).await.unwrap()
}

async fn post(lambda: &Lambda, path: &str, headers: &[(&str, &str)], body: &str) -> Answered {
    ask(lambda, ("POST", path), headers, body).await
}

/// Any request.
pub async fn ask(
    lambda: &Lambda,
    (method, path): (&str, &str),
    headers: &[(&str, &str)],
    body: &str,
) -> Answered {
    let request = Request::builder().method(method).uri(format!("https://{HOST}{path}"));
    let request = request.header("content-type", "application/json");
    let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
    let answer = lambda.http(request.body(Bytes::from(body.to_owned())).unwrap()).await.unwrap();
    let text = String::from_utf8(answer.body().to_vec()).unwrap();
    (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// HubSpot signs the whole address it calls, which is the function URL where nothing else is
/// configured: scheme, host, path and query.
#[tokio::test]
async fn a_function_url_event_has_the_address_that_hubspot_signed() {
    let contacts = silent().await;
    let hubspot = format!("push: {{type: hubspot, client_secret: {CLIENT_SECRET}}}");
    let lambda = instance(&contacts, &CONFIG.replace("push: {key: local-crm-key}", &hubspot)).await;
    let bearer = format!("Bearer {TOKEN}");
    let install = json!({ "event": "install" }).to_string();
    let auth = [("authorization", bearer.as_str())];
    let (status, answer) = post(&lambda, "/botmatic", &auth, &install).await;
    assert_eq!(status, 200, "{answer}");
    let integration = answer["data"]["integration"].as_str().unwrap();

    contacts.crm.user_creates("local", fields(json!({ "first_name": "Ada" }))).unwrap();
    let body = json!([hubspot_event("contact.creation", "c-1", json!({}))]).to_string();
    // HubSpot decodes `%2F` and a few more before it signs, and nothing else.
    let path = format!("/contacts/hooks?integration={integration}&from=a%2Fb%20c");
    let called = format!("https://{HOST}{path}").replace("%2F", "/");
    for (name, uri, expected) in [
        ("another host", called.replace("abc.", "abd."), 401),
        ("another scheme", called.replace("https", "http"), 401),
        ("without the query", called.split('?').next().unwrap().to_owned(), 401),
        ("what was called", called, 200),
    ] {
        let (signature, at) = hubspot_signature(CLIENT_SECRET, &uri, &body);
        let headers = [
            ("x-hubspot-signature-v3", signature.as_str()),
            ("x-hubspot-request-timestamp", at.as_str()),
        ];
        let (status, answer) = post(&lambda, &path, &headers, &body).await;
        assert_eq!(status, expected, "{name}: {answer}");
    }
    assert_eq!(contacts.botmatic.count("local"), 1);
}

#[tokio::test]
async fn a_function_url_event_is_answered_like_any_request() {
    let contacts = silent().await;
    let lambda = instance(&contacts, CONFIG).await;
    let refused =
        post(&lambda, "/botmatic", &[("authorization", "Bearer x")], r#"{"event": "install"}"#);
    assert_eq!(refused.await, (401, json!("Not authorized.")));
    assert_eq!(post(&lambda, "/botmatic", &[], "").await.0, 400);
    assert_eq!(post(&lambda, "/botmatic", &[], "{}").await, (403, json!("Bad Request")));
    let long = json!({ "event": "x".repeat(1_000_001) }).to_string();
    assert_eq!(post(&lambda, "/botmatic", &[], &long).await.0, 413);
    for line in lambda.logs() {
        assert!(!line.text.contains("Bearer"), "{}", line.text);
    }
}
