//! A small function for the tests of the Runtime API stand-in. What it does is in the event:
//! `{"do": "fail" | "exit" | "hang" | "meet"}`, or else it tells what it knows. With `STREAM` in its
//! environment it streams three words, the second one once there is the file `go` in that directory;
//! with `FAIL_INIT` it does not start.

use std::{
    fs,
    path::{Path, PathBuf},
    process::exit,
    time::Duration,
};

use lambda_runtime::{
    Error, LambdaEvent, MetadataPrelude, run, service_fn,
    streaming::{self, Body, Response},
};
use serde_json::{Value, json};

fn main() -> Result<(), Error> {
    println!("hello from stdout");
    eprintln!("hello from stderr");
    if std::env::var_os("FAIL_INIT").is_some() {
        eprintln!("no configuration, no start");
        exit(3);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if std::env::var_os("STREAM").is_some() {
        runtime.block_on(run(service_fn(stream)))
    } else {
        runtime.block_on(run(service_fn(buffered)))
    }
}

async fn buffered(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let action = event.payload["do"].as_str().or(event.payload["rawPath"].as_str());
    let pid = std::process::id();
    match action {
        Some("fail") => Err("as you wish".into()),
        Some("exit") => exit(7),
        Some("hang") => {
            println!("hanging");
            std::future::pending().await
        }
        // Whoever does it in this directory waits until they are as many.
        Some("meet") => {
            let directory = PathBuf::from(event.payload["in"].as_str().unwrap_or_default());
            fs::write(directory.join(pid.to_string()), "")?;
            let many = event.payload["many"].as_u64();
            until(|| fs::read_dir(&directory).ok().map(|it| it.count() as u64) >= many).await;
            Ok(json!({ "pid": pid }))
        }
        Some("/http") => Ok(json!({
            "statusCode": 201,
            "headers": { "content-type": "text/plain" },
            "cookies": ["a=1", "b=2"],
            "body": "aGk=",
            "isBase64Encoded": true,
        })),
        _ => Ok(json!({
            "event": event.payload,
            "deadline": event.context.deadline,
            "requestId": event.context.request_id,
            "pid": pid,
            "extra": std::env::var("EXTRA").ok(),
        })),
    }
}

async fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn stream(event: LambdaEvent<Value>) -> Result<Response<Body>, Error> {
    let dies = event.payload["rawPath"] == "/die";
    let directory = std::env::var("STREAM")?;
    let go = Path::new(&directory).join(if dies { "die" } else { "go" });
    let (mut sender, stream) = streaming::channel();
    tokio::spawn(async move {
        for word in ["one", "two", "three"] {
            if sender.send_data(word.into()).await.is_err() {
                return;
            }
            until(|| go.exists()).await;
            if dies {
                exit(9);
            }
        }
    });
    let metadata_prelude = MetadataPrelude {
        status_code: http::StatusCode::ACCEPTED,
        cookies: vec!["c=3".to_owned()],
        ..MetadataPrelude::default()
    };
    Ok(Response { metadata_prelude, stream })
}
