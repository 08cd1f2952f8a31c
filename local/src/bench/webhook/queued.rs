//! A channel whose messages are queued: how long its platform waits for the acknowledgement.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::figures::Measured;
use crate::{
    bench::{
        BenchError, BenchOptions,
        delay::{self, Delay},
        figures::milliseconds,
        instance::{Instance, Invocation},
    },
    queue::{QueueAttributes, Sqs, SqsOptions},
};

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/bench/webhook/queued.yaml");
const QUEUE: &str = "messages.fifo";
/// What a call of the queue takes.
const LATENCY: Duration = Duration::from_millis(5);
/// Messages to an instance that runs.
const WARM: u32 = 20;

/// Measures instances that start with a message, and go on with others.
pub(super) async fn measure(
    options: &BenchOptions,
    binary: &std::path::Path,
    measured: &mut Measured,
) -> Result<(), BenchError> {
    let sqs = Sqs::start(SqsOptions::default()).await?;
    sqs.queues().create(QUEUE, QueueAttributes::fifo())?;
    let delay = Delay { latency: |_| LATENCY, instead: |_| None };
    let delayed: SocketAddr = delay::start(&sqs.endpoint(), delay).await?;
    let (endpoint, queue) = (format!("http://{delayed}"), sqs.url(QUEUE));
    for number in 0..options.starts {
        let env = [
            ("AWS_ENDPOINT_URL_SQS", endpoint.as_str()),
            ("MESSAGE_QUEUE_URL", queue.as_str()),
            ("PATCHCORD_CONFIG", CONFIG),
            ("PATCHCORD_LOCAL", "1"),
        ];
        let instance = Instance::start(binary, &env).await?;
        let first = instance.invoke(message(&format!("{number}"))).await?;
        measured.acknowledged_cold.push(milliseconds(instance.start + first));
        let warm = instance.series(WARM, |n| message(&format!("{number}-{n}"))).await?;
        measured.acknowledged_warm.extend(warm.into_iter().map(milliseconds));
        instance.stop().await;
    }
    sqs.stop().await;
    Ok(())
}

fn message(id: &str) -> Invocation {
    let body = json!({ "sender": "ada", "message": "hello", "message_id": id });
    let request = Request::post("https://example.com/webhooks/site/webhook")
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()));
    Invocation::new(request, "success".to_owned())
}
