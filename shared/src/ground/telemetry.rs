//! Logs as JSON lines on standard output, where Lambda picks them up.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts logging. The level is `AWS_LAMBDA_LOG_LEVEL` (set by Lambda's logging configuration) or
/// `RUST_LOG`, one of `error`, `warn`, `info`, `debug` and `trace`; `info` if neither is set.
///
/// It applies to Patchcord's own messages. Libraries are heard at `warn` and above only: below
/// that, `lambda_runtime` and the AWS SDK log bodies.
pub fn init() {
    let level = ["AWS_LAMBDA_LOG_LEVEL", "RUST_LOG"]
        .iter()
        .find_map(|name| level(&std::env::var(name).ok()?))
        .unwrap_or(LevelFilter::INFO);
    let targets =
        Targets::new().with_default(LevelFilter::WARN.min(level)).with_target("patchcord", level);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_current_span(false)
        .with_target(true);
    tracing_subscriber::registry().with(targets).with(lines).init();
}

/// Lambda has the six levels of log4j, of which `fatal` is one more than ours.
fn level(name: &str) -> Option<LevelFilter> {
    match name.to_lowercase().as_str() {
        "trace" => Some(LevelFilter::TRACE),
        "debug" => Some(LevelFilter::DEBUG),
        "info" => Some(LevelFilter::INFO),
        "warn" => Some(LevelFilter::WARN),
        "error" | "fatal" => Some(LevelFilter::ERROR),
        _ => None,
    }
}
