//! Pages of other origins that show the settings page in a frame.

use axum::response::Html;
use tokio::net::TcpListener;

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
///
/// # Panics
/// If there is no port.
pub async fn start_parent() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let origin = format!("http://{}", listener.local_addr().expect("its address"));
    let app = axum::Router::new().fallback(|| async { Html(PARENT) });
    tokio::spawn(async move { axum::serve(listener, app).await });
    origin
}
