//! The Runtime API stand-in, with `examples/lambda.rs` as the function.
#![expect(clippy::unwrap_used, reason = "the helpers of tests fail like tests")]

use std::{
    collections::HashSet,
    path::PathBuf,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use http::Request;
use patchcord_local::runtime_api::{Lambda, LambdaError, LambdaOptions, Stream};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

const TIMEOUT: Duration = Duration::from_mins(1);
/// Only a test that fails waits that long.
const PATIENCE: Duration = Duration::from_mins(1);

fn options(instances: usize) -> LambdaOptions {
    let tests = std::env::current_exe().unwrap();
    let binary = tests.ancestors().nth(2).unwrap().join("examples/lambda");
    LambdaOptions { binary, instances, timeout: TIMEOUT, env: Vec::new() }
}

fn with_env(instances: usize, name: &str) -> LambdaOptions {
    LambdaOptions { env: vec![(name.to_owned(), "1".to_owned())], ..options(instances) }
}

async fn ask(lambda: &Lambda, event: Value) -> Result<Value, LambdaError> {
    let answer = lambda.invoke(event.to_string()).await?;
    Ok(serde_json::from_slice(&answer.body).unwrap())
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("{what}: not yet"));
}

/// A directory by which functions and tests wait for each other.
struct Meeting(PathBuf);

impl Meeting {
    fn new() -> Self {
        let name = format!("patchcord-{}-{:016x}", std::process::id(), fastrand::u64(..));
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir(&directory).unwrap();
        Self(directory)
    }

    fn path(&self) -> String {
        self.0.display().to_string()
    }

    fn add(&self, name: &str) {
        std::fs::write(self.0.join(name), "").unwrap();
    }

    /// An invocation that ends once so many instances work at the same time.
    async fn of(&self, lambda: &Lambda, many: usize) -> Result<Value, LambdaError> {
        ask(lambda, json!({ "do": "meet", "in": self.path(), "many": many })).await
    }
}

impl Drop for Meeting {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn get(path: &str) -> Request<Bytes> {
    Request::get(path).header("cookie", "x=1; y=2").body(Bytes::new()).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "compared with the function's deadline")]
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

fn is_running(pid: u32) -> bool {
    PathBuf::from(format!("/proc/{pid}")).exists()
}

#[tokio::test]
async fn answers_with_what_lambda_gives_a_function() {
    let lambda = Lambda::start(with_env(1, "EXTRA")).await.unwrap();
    let answer = ask(&lambda, json!({ "some": "event" })).await.unwrap();

    assert_eq!(answer["event"], json!({ "some": "event" }));
    assert_eq!(answer["extra"], "1");
    assert_eq!(answer["requestId"].as_str().unwrap().len(), 36);
    let deadline = Duration::from_millis(answer["deadline"].as_u64().unwrap());
    assert!(deadline > now() && deadline <= now() + TIMEOUT, "{deadline:?}");

    assert_eq!(lambda.instance_pids().len(), 1);
    assert_eq!(lambda.start_times().len(), 1);
    assert!(lambda.start_times()[0] > Duration::ZERO);
    let logs = lambda.logs();
    let printed = |stream, text: &str| logs.iter().any(|l| l.stream == stream && l.text == text);
    assert!(printed(Stream::Stdout, "hello from stdout"), "{logs:?}");
    assert!(printed(Stream::Stderr, "hello from stderr"), "{logs:?}");
    lambda.stop().await;
}

#[tokio::test]
async fn speaks_http() {
    let lambda = Lambda::start(options(1)).await.unwrap();
    let response = lambda.http(get("/http")).await.unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["content-type"], "text/plain");
    assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
    assert_eq!(response.body(), "hi");

    // An answer without a status is the body.
    let request = Request::post("/a%20b?q=1&q=%C3%A4+b&flag").header("content-type", "text/plain");
    let response = lambda.http(request.body("grüße".into()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 200);
    let event = &serde_json::from_slice::<Value>(response.body()).unwrap()["event"];
    assert_eq!(event["rawPath"], "/a%20b");
    assert_eq!(event["rawQueryString"], "q=1&q=%C3%A4+b&flag");
    assert_eq!(event["queryStringParameters"], json!({ "q": "1,ä b", "flag": "" }));
    assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!("grüße"), &json!(false)));
    assert_eq!(event["requestContext"]["domainName"], "abc.lambda-url.eu-west-1.on.aws");
    assert_eq!(event["requestContext"]["http"]["method"], "POST");

    let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
    let response = lambda.http(request.body("hi".into()).unwrap()).await.unwrap();
    let event = &serde_json::from_slice::<Value>(response.body()).unwrap()["event"];
    assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!("aGk="), &json!(true)));
}

#[tokio::test]
async fn streams() {
    let meeting = Meeting::new();
    let env = vec![("STREAM".to_owned(), meeting.path())];
    let lambda = Lambda::start(LambdaOptions { env, ..options(1) }).await.unwrap();
    let mut stream = lambda.http_stream(get("/")).await.unwrap();
    assert_eq!((stream.status.as_u16(), stream.streamed), (202, true));
    assert_eq!(stream.headers["set-cookie"], "c=3");
    assert_eq!(stream.headers["content-type"], "application/octet-stream");

    // The second word is not spoken before the first one has arrived.
    let first = timeout(PATIENCE, stream.chunks.next()).await.expect("it is held back");
    assert_eq!(first.unwrap().unwrap(), "one");
    meeting.add("go");
    let mut rest = Vec::new();
    while let Some(chunk) = stream.chunks.next().await {
        rest.extend(chunk.unwrap());
    }
    assert_eq!(rest, b"twothree");

    let whole = lambda.http(get("/")).await.unwrap();
    assert_eq!(whole.body(), "onetwothree");
    // A stream that breaks off is not a stream that ends.
    let mut stream = lambda.http_stream(get("/die")).await.unwrap();
    assert_eq!(stream.chunks.next().await.unwrap().unwrap(), "one");
    meeting.add("die");
    assert!(stream.chunks.next().await.unwrap().is_err());
}

#[tokio::test]
async fn reports_failures_and_starts_anew() {
    let lambda = Lambda::start(options(1)).await.unwrap();
    let failed = ask(&lambda, json!({ "do": "fail" })).await.unwrap_err();
    let LambdaError::Function { message, .. } = &failed else { panic!("{failed}") };
    assert_eq!(message, "as you wish");
    assert_eq!(lambda.instances_started(), 1, "a failed invocation does not end the instance");

    let ended = ask(&lambda, json!({ "do": "exit" })).await.unwrap_err();
    let LambdaError::Ended { status, .. } = &ended else { panic!("{ended}") };
    assert_eq!(status.code(), Some(7));
    ask(&lambda, json!({})).await.unwrap();
    assert_eq!(lambda.instances_started(), 2);
}

#[tokio::test]
async fn kills_what_runs_past_its_deadline() {
    // Enough for the one that is started in its place.
    let timeout = Duration::from_secs(2);
    let lambda = Lambda::start(LambdaOptions { timeout, ..options(1) }).await.unwrap();
    let pid = lambda.instance_pids()[0].1;
    let error = ask(&lambda, json!({ "do": "hang" })).await.unwrap_err();
    assert!(matches!(error, LambdaError::TimedOut { .. }), "{error}");
    // It is not enough on a machine that is busy elsewhere; in the end it is.
    while let Err(error) = ask(&lambda, json!({})).await {
        assert!(matches!(error, LambdaError::TimedOut { .. }), "{error}");
    }
    assert!(!is_running(pid));
}

#[tokio::test]
async fn kills_on_request() {
    let lambda = Lambda::start(options(2)).await.unwrap();
    let pids = lambda.instance_pids();
    let (hanging, ()) = tokio::join!(ask(&lambda, json!({ "do": "hang" })), async {
        let is_hanging = || lambda.logs().iter().any(|line| line.text == "hanging");
        until("it hangs", is_hanging).await;
        let killed = lambda.kill_one().await.unwrap();
        let pid = pids.iter().find(|(instance, _)| *instance == killed).unwrap().1;
        assert!(!is_running(pid));
    });
    let error = hanging.unwrap_err();
    assert!(matches!(error, LambdaError::Ended { .. }), "{error}");
    assert_eq!(lambda.instance_pids().len(), 1);

    // The one that is left goes on; a second is started when it is needed.
    let meeting = Meeting::new();
    let (first, second) = tokio::join!(meeting.of(&lambda, 2), meeting.of(&lambda, 2));
    assert_ne!(first.unwrap()["pid"], second.unwrap()["pid"]);
    assert_eq!(lambda.instances_started(), 3);
    assert!(matches!(lambda.kill(99).await, Err(LambdaError::NoInstance { .. })));
}

#[tokio::test]
async fn queues_what_no_instance_is_free_for() {
    let lambda = Lambda::start(options(4)).await.unwrap();
    let meeting = Meeting::new();
    let answers = futures_util::future::join_all((0..12).map(|_| meeting.of(&lambda, 4)));
    let pids: HashSet<u64> =
        answers.await.into_iter().map(|answer| answer.unwrap()["pid"].as_u64().unwrap()).collect();
    assert_eq!((pids.len(), lambda.instances_started()), (4, 4));
}

#[tokio::test]
async fn says_why_an_instance_did_not_start() {
    let error = Lambda::start(with_env(2, "FAIL_INIT")).await.unwrap_err().to_string();
    assert!(error.contains("exit status: 3"), "{error}");
    assert!(error.contains("no configuration, no start"), "{error}");
    let options = LambdaOptions { binary: "/does/not/exist".into(), ..options(1) };
    let error = Lambda::start(options).await.unwrap_err();
    assert!(matches!(error, LambdaError::Spawn { .. }), "{error}");
}

#[tokio::test]
async fn leaves_nothing_behind() {
    let lambda = Lambda::start(options(3)).await.unwrap();
    let pids = lambda.instance_pids();
    lambda.stop().await;
    assert!(pids.iter().all(|(_, pid)| !is_running(*pid)));

    let lambda = Lambda::start(options(3)).await.unwrap();
    let pids = lambda.instance_pids();
    drop(lambda);
    until("they are gone", || !pids.iter().any(|(_, pid)| is_running(*pid))).await;
}
