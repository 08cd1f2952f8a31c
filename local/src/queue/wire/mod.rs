//! SQS's JSON protocol, for the operations that are used here: `POST /` with the operation in
//! `x-amz-target`
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html>).

mod answer;
mod batch;
mod input;
mod messages;
mod operations;
mod queues;

pub(super) use operations::{App, routes};
