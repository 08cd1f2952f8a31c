//! Every way to prove whose a request is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use patchcord::contacts::consumer::ConsumerError;
use patchcord::ground::clock::ManualClock;
use serde_json::{Value, json};

use crate::support::harness::{Harness, TIME, consumer, logged};
use crate::support::server::{Reply, Seen, Server};

fn with(auth: &str, server: &Server) -> Harness {
    let yaml = format!(
        "{{type: http, base_url: URL, auth: {auth}, retries: 2, operations: {{
            get_contact: {{method: GET, path: '/c/{{{{ id }}}}'}},
            create_contact: {{method: POST, path: /c, json: '{{{{ contact }}}}'}}}}}}"
    );
    consumer(&yaml, &server.url)
}

/// Gives a new token for every login; the first `refused` of them are not taken.
async fn login(expires_in: Value, refused: usize) -> Server {
    let logins = AtomicUsize::new(0);
    Server::start(move |request: &Seen| {
        if request.path == "/token" {
            let number = logins.fetch_add(1, Ordering::Relaxed) + 1;
            let token = format!("t{number}");
            return Reply::json(
                200,
                &json!({"access_token": token, "token_type": "bearer",
                "expires_in": expires_in, "data": {"key": token}}),
            );
        }
        let sent = request.header("authorization");
        let sent = if sent.is_empty() { request.header("x-session") } else { sent };
        let number = sent.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<usize>();
        match number {
            Ok(number) if number > refused => Reply::json(200, &json!({"id": 1, "sent": sent})),
            _ => Reply::empty(401),
        }
    })
    .await
}

#[tokio::test]
async fn a_header_that_is_configured_is_sent_once_and_counts() {
    let server = Server::start(|_| Reply::json(200, &json!({"id": 1}))).await;
    let kind = "application/vnd.api+json";
    let yaml = format!(
        "{{type: http, base_url: URL, headers: {{content-type: {kind}, Accept: {kind}}},
            operations: {{create_contact: {{method: POST, path: /c, json: '{{{{ contact }}}}'}},
            get_contact: {{method: GET, path: /c}}}}}}"
    );
    let service = consumer(&yaml, &server.url);
    service.create(json!({"email": "ada@example.com"})).await.unwrap();
    for name in ["content-type", "accept"] {
        let sent: Vec<_> = server.seen()[0].headers.get_all(name).iter().cloned().collect();
        assert_eq!(sent, [kind], "{name}");
    }
}

const OAUTH: &str = "{type: client-credentials, token_url: URL/token,
    client_id: 'a:b', client_secret: '{{ settings.secret }}', scope: 'c d'}";

#[tokio::test]
async fn nothing_a_header_or_a_password() {
    for (auth, name, expected) in [
        ("{type: none}", "authorization", ""),
        ("{type: header, name: X-Key, value: '{{ settings.key }}'}", "x-key", "s1"),
        (
            "{type: header, prefix: 'Token ', value: '{{ settings.key }}'}",
            "authorization",
            "Token s1",
        ),
        // RFC 7617's example is Aladdin's “open sesame”.
        (
            "{type: basic, username: Aladdin, password: '{{ settings.password }}'}",
            "authorization",
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        ),
    ] {
        let server = Server::script(vec![Reply::json(200, &json!({"id": 1}))]).await;
        let settings = json!({"key": "s1", "password": "open sesame"});
        with(auth, &server).with_settings(settings).get("1").await.unwrap();
        assert_eq!(server.seen()[0].header(name), expected, "{auth}");
    }
}

#[tokio::test]
async fn headers_go_with_every_request() {
    let server = Server::script(vec![Reply::json(200, &json!({"id": 1}))]).await;
    let yaml = "{type: http, base_url: URL, headers: {X-Account: '{{ settings.account }}', X-A: a},
        operations: {get_contact: {method: GET, path: /c, headers: {X-A: b, X-No: '{{ omit }}'}}}}";
    let service = consumer(yaml, &server.url).with_settings(json!({"account": "7"}));
    service.get("1").await.unwrap();
    let seen = &server.seen()[0];
    let sent = ["x-account", "x-a", "x-no", "accept"].map(|name| seen.header(name));
    assert_eq!(sent, ["7", "b", "", "application/json"], "an operation's own header counts");
}

#[tokio::test]
async fn a_setting_that_was_not_entered_is_no_credential() {
    let server = Server::script(vec![]).await;
    for auth in [
        "{type: header, prefix: 'Bearer ', value: '{{ settings.key }}'}",
        "{type: basic, username: '{{ settings.key }}', password: x}",
        OAUTH,
    ] {
        let error = with(auth, &server).get("1").await.unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("contacts.consumer.auth."), "{text}");
        assert!(text.ends_with("expected a value, got nothing"), "{text}");
    }
    for auth in [
        "{type: header, value: 'Bearer {{ settings.key }}'}",
        "{type: basic, username: 'acme-{{ settings.key }}', password: x}",
    ] {
        for settings in [json!({}), json!({"key": null}), json!({"key": ""})] {
            let error = with(auth, &server).with_settings(settings).get("1").await.unwrap_err();
            assert!(error.to_string().ends_with("undefined value"), "{error}");
        }
    }
    let header = "{type: header, value: '{{ settings.key }}'}";
    let broken = with(header, &server).with_settings(json!({"key": "sesame\r\nx: y"}));
    let error = broken.get("1").await.unwrap_err();
    assert!(matches!(error, ConsumerError::Unsendable { .. }), "{error:?}");
    assert!(!logged(&error).contains("sesame"));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn client_credentials_become_a_token() {
    let server = login(json!(3600), 0).await;
    let service = with(OAUTH, &server).with_settings(json!({"secret": "p/w"}));
    for _ in 0..2 {
        assert_eq!(service.get("1").await.unwrap()["fields"]["sent"], "Bearer t1");
    }
    assert_eq!(server.lines(), ["POST /token", "GET /c/1", "GET /c/1"]);
    let login = &server.seen()[0];
    assert_eq!(json!(login.form()), json!({"grant_type": "client_credentials", "scope": "c d"}));
    // `a%3Ab:p%2Fw`: both parts are encoded first (RFC 6749, 2.3.1).
    assert_eq!(login.header("authorization"), "Basic YSUzQWI6cCUyRnc=");

    let in_body = OAUTH.replace("scope: 'c d'", "credentials_in: body");
    let service = with(&in_body, &server).with_settings(json!({"secret": "p/w"}));
    service.get("1").await.unwrap();
    let login = &server.seen()[3];
    let form =
        json!({"grant_type": "client_credentials", "client_id": "a:b", "client_secret": "p/w"});
    assert_eq!((json!(login.form()), login.header("authorization")), (form, ""));
}

#[tokio::test]
async fn a_login_becomes_a_token_in_the_header_that_is_named() {
    let server = login(json!("3600"), 0).await;
    let json = "{type: login, url: /token, json: {user: '{{ settings.user }}', deep: [1]},
        token: data.key, header: X-Session, prefix: 'k '}";
    let service = with(json, &server).with_settings(json!({"user": "ada"}));
    assert_eq!(service.get("1").await.unwrap()["fields"]["sent"], "k t1");
    assert_eq!(server.seen()[0].json(), json!({"user": "ada", "deep": [1]}));
    let form = "{type: login, url: 'URL/token?v=2', form: {user: '{{ settings.user }}'},
        token: data.key}";
    let service = with(form, &server).with_settings(json!({"user": "a&b"}));
    assert_eq!(service.get("1").await.unwrap()["fields"]["sent"], "Bearer t2");
    assert_eq!(json!(server.seen()[2].form()), json!({"user": "a&b"}));
    assert_eq!(json!(server.seen()[2].query), json!({"v": "2"}));
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let server = login(json!(100), 0).await;
    let service = with(OAUTH, &server).with_settings(json!({"secret": "x"}));
    let sent = async || service.get("1").await.unwrap()["fields"]["sent"].clone();
    assert_eq!(sent().await, "Bearer t1");
    service.clock.advance(Duration::from_secs(89));
    assert_eq!(sent().await, "Bearer t1");
    service.clock.advance(Duration::from_secs(1));
    assert_eq!(sent().await, "Bearer t2");
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once() {
    let server = login(json!(null), 1).await;
    let service = with(OAUTH, &server).with_settings(json!({"secret": "x"}));
    // Also for a creation: a refused one was not carried out.
    assert_eq!(service.create(json!({"a": 1})).await.unwrap(), "1");
    assert_eq!(server.lines(), ["POST /token", "POST /c", "POST /token", "POST /c"]);
    assert!(service.pauses().is_empty());
    let server = login(json!(null), 9).await;
    let error = with(OAUTH, &server).with_settings(json!({"secret": "x"})).get("1").await;
    assert!(matches!(error, Err(ConsumerError::Unauthorized { status: 401 })));
    assert_eq!(server.lines().len(), 4);
}

#[tokio::test]
async fn tenants_and_settings_have_tokens_of_their_own() {
    let server = login(json!(3600), 0).await;
    let service = with(OAUTH, &server);
    let sent = async |integration: &str, secret: &str| {
        let tenant = service.tenant_of(integration, json!({"secret": secret}));
        tenant.get("1").await.unwrap()["fields"]["sent"].clone()
    };
    assert_eq!(sent("i-1", "a").await, "Bearer t1");
    assert_eq!(sent("i-2", "a").await, "Bearer t2");
    assert_eq!(sent("i-1", "a").await, "Bearer t1");
    assert_eq!(sent("i-1", "changed").await, "Bearer t3");
    assert_eq!(sent("i-2", "a").await, "Bearer t2");
}

#[tokio::test]
async fn many_requests_at_once_log_in_once() {
    let server = login(json!(3600), 0).await;
    let service = with(OAUTH, &server).with_settings(json!({"secret": "x"}));
    let all = futures_util::future::join_all((0..8).map(|_| service.get("1"))).await;
    assert!(all.into_iter().all(|it| it.unwrap()["fields"]["sent"] == "Bearer t1"));
    assert_eq!(server.lines().iter().filter(|line| *line == "POST /token").count(), 1);
}

#[tokio::test]
async fn a_login_that_fails_is_no_operation_that_may_have_happened() {
    for (reply, is_retryable, expected) in [
        (Reply::empty(400), false, "the service refused the credentials with status 400"),
        (Reply::empty(429), true, "the service gets too many requests"),
        (Reply::empty(500), true, "the service is unavailable: status 500"),
        (Reply::HangUp, true, "the service is unavailable: no connection, or it broke"),
        (
            Reply::json(200, &json!({"access_token": "x", "token_type": "mac"})),
            false,
            "contacts.consumer.auth: expected a bearer token at `access_token` of the answer",
        ),
        (
            Reply::json(200, &json!([])),
            false,
            "contacts.consumer.auth: expected a bearer token at `access_token` of the answer",
        ),
    ] {
        let (clock, reply) =
            (Arc::new(OnceLock::<Arc<ManualClock>>::new()), Mutex::new(Some(reply)));
        let over = Arc::clone(&clock);
        // There is time for one attempt, and for no pause.
        let server = Server::start(move |_| {
            over.get().unwrap().advance(TIME);
            reply.lock().unwrap().take().expect("one attempt")
        });
        let server = server.await;
        let service = with(OAUTH, &server).with_settings(json!({"secret": "sesame"}));
        clock.set(Arc::clone(&service.clock)).unwrap();
        let error = service.create(json!({"email": "sesame"})).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!((error.is_retryable(), error.may_have_happened()), (is_retryable, false));
        assert!(!logged(&error).contains("sesame"), "{}", logged(&error));
        assert_eq!(server.lines(), ["POST /token"]);
    }
}
