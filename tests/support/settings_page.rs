//! The settings page behind a small server that keeps what is saved in memory, sealed, and pages of
//! other origins that show it in a frame.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use http::{Method, Response, StatusCode};
use patchcord::botmatic::settings::{
    MAX_BODY_BYTES, Note, Outcome, Settings, SettingsForm, Submission,
};
use patchcord::ground::config::{ConfigErrors, Place};
use patchcord::ground::seal::Sealer;
use patchcord::ground::secret::Secret;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The integration's token.
pub const TOKEN: &str = "integration-token";
const INTEGRATION: &str = "integration-1";
/// Shows the address behind its `#` in a frame, and keeps the messages it gets. `next(name)` is the
/// next message with that field, a promise if it is still to come.
const PARENT: &str = "<!doctype html>
<title>Parent</title>
<style>body { margin: 0 } iframe { display: block; width: 100%; height: 800px; border: 0 }</style>
<script>
const came = [], awaited = [];
const next = (name) => new Promise((resolve) => { awaited.push({ name, resolve }); hand(); });
const hand = () => {
  for (const waiting of [...awaited]) {
    const index = came.findIndex((data) => waiting.name in data);
    if (index < 0) continue;
    awaited.splice(awaited.indexOf(waiting), 1);
    waiting.resolve(came.splice(index, 1)[0][waiting.name]);
  }
};
addEventListener('message', ({ data }) => { came.push(data); hand(); });
const post = () => document.querySelector('iframe').contentWindow.postMessage({ post_form: {} }, '*');
</script>
<iframe id='page'></iframe>
<script>
const loaded = new Promise((resolve) => { page.onload = resolve; });
page.src = location.hash.slice(1);
</script>";

/// Serves [`PARENT`] from an origin of its own, and returns that.
pub async fn start_parent() -> String {
    serve(|_| async { Response::new(Body::from(PARENT)) }, "text/html").await
}

/// A server with the form of `section`, and its address: the page is at `/botmatic/settings`.
///
/// # Panics
/// If the section has mistakes.
pub async fn start_settings(section: Value) -> String {
    let mut errors = ConfigErrors::default();
    let form = SettingsForm::compile(section, &Place::root(), &mut errors);
    let form = errors.into_result(form).unwrap_or_else(|errors| panic!("{errors}"));
    let key = Secret::try_from("k".repeat(32)).expect("a key");
    let sealer = Sealer::from_key(&key).expect("a key");
    let server = Arc::new(Server { form, sealer, stored: Mutex::default() });
    serve(move |request| Arc::clone(&server).answer(request), "application/json").await
}

struct Server {
    form: SettingsForm,
    sealer: Sealer,
    stored: Mutex<Option<String>>,
}

impl Server {
    async fn answer(self: Arc<Self>, request: Request) -> Response<Body> {
        let (parts, body) = request.into_parts();
        if parts.uri.path() != "/botmatic/settings" {
            return status(StatusCode::NOT_FOUND);
        }
        if parts.method == Method::GET {
            return match parts.uri.query().and_then(|query| query.strip_prefix("token=")) {
                Some(TOKEN) => self.page(),
                _ => status(StatusCode::UNAUTHORIZED),
            };
        }
        let content_type = parts.headers["content-type"].to_str().expect("a content type");
        let body = to_bytes(body, MAX_BODY_BYTES).await.expect("a body");
        let submission = match Submission::parse(content_type, body).await {
            Ok(submission) => submission,
            Err(error) => return status(error.status()),
        };
        if submission.token.expose() != TOKEN {
            return status(StatusCode::UNAUTHORIZED);
        }
        let outcome = match self.form.validate(&submission, &self.stored()) {
            Ok(settings) => {
                self.store(&settings);
                Outcome::saved()
            }
            Err(errors) => Outcome::refused(errors),
        };
        Response::new(Body::from(json!(outcome).to_string()))
    }

    fn page(&self) -> Response<Body> {
        let note = Note { label: "Integration".to_owned(), value: INTEGRATION.to_owned() };
        let page = self.form.page(TOKEN, &self.stored(), &[note]).expect("the page");
        let mut response = Response::new(Body::from(page.html));
        *response.headers_mut() = page.headers;
        response
    }

    fn stored(&self) -> Settings {
        let stored = self.stored.lock().unwrap_or_else(PoisonError::into_inner);
        let open = |text: &String| self.sealer.open(text, INTEGRATION).expect("it opens");
        let bytes = stored.as_ref().map(open);
        bytes.map(|bytes| serde_json::from_slice(&bytes).expect("settings")).unwrap_or_default()
    }

    fn store(&self, settings: &Settings) {
        let bytes = serde_json::to_vec(settings).expect("JSON");
        let sealed = self.sealer.seal(&bytes, INTEGRATION).expect("it seals");
        *self.stored.lock().unwrap_or_else(PoisonError::into_inner) = Some(sealed);
    }
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::from(json!({"success": false}).to_string()));
    *response.status_mut() = status;
    response
}

/// Serves `answer` on a free port, with this content type where it names none.
async fn serve<F, Fut>(answer: F, content_type: &'static str) -> String
where
    F: Fn(Request) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Response<Body>> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let origin = format!("http://{}", listener.local_addr().expect("its address"));
    let app = axum::Router::new().fallback(move |request: Request| {
        let answer = answer(request);
        async move {
            let mut response = answer.await;
            let headers = response.headers_mut();
            headers.entry("content-type").or_insert(http::HeaderValue::from_static(content_type));
            response
        }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    origin
}
