//! Logs as JSON lines on standard output, where Lambda picks them up.

use std::error::Error;
use std::fmt;
use std::iter::successors;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::metrics;

/// Libraries that log bodies or say much below `warn`.
const TALKATIVE: [&str; 4] = ["hyper", "hyper_util", "lambda_runtime", "reqwest"];

/// Starts logging, and [metrics]. The level is `AWS_LAMBDA_LOG_LEVEL` (set by Lambda's logging
/// configuration) or `RUST_LOG`, one of `error`, `warn`, `info`, `debug` and `trace`; `info` if
/// neither is set.
///
/// `lambda_runtime` and the HTTP client are heard at `warn` and above only: below that they log
/// bodies. A panic is logged with its place and without its words, which may be what somebody wrote.
pub fn init() {
    let level = ["AWS_LAMBDA_LOG_LEVEL", "RUST_LOG"]
        .iter()
        .find_map(|name| level(&std::env::var(name).ok()?))
        .unwrap_or(LevelFilter::INFO);
    let quiet = TALKATIVE.map(|library| (library, LevelFilter::WARN.min(level)));
    let targets = Targets::new().with_default(level).with_targets(quiet);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_current_span(false)
        .with_target(true);
    tracing_subscriber::registry().with(targets).with(lines).init();
    metrics::start();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "panicked");
    }));
}

/// An error with its causes, in one line: `it failed: because of this: because of that`.
///
/// JSON logs show no more of an error than its own words.
pub struct Chain<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.0.to_string();
        f.write_str(&said)?;
        for cause in successors(self.0.source(), |&error| error.source()) {
            let words = cause.to_string();
            // A transparent error says what its cause says.
            if words != said {
                write!(f, ": {words}")?;
            }
            said = words;
        }
        Ok(())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Outer {
        #[error("the bot failed")]
        Wrapped(#[source] std::io::Error),
        #[error(transparent)]
        Transparent(#[from] std::fmt::Error),
    }

    #[test]
    fn an_error_is_shown_with_its_causes() {
        let wrapped = Outer::Wrapped(std::io::Error::other("connection refused"));
        assert_eq!(Chain(&wrapped).to_string(), "the bot failed: connection refused");
        let transparent = Outer::from(std::fmt::Error);
        assert_eq!(Chain(&transparent).to_string(), std::fmt::Error.to_string());
    }

    #[test]
    fn levels_are_those_of_lambda() {
        for (name, expected) in [
            ("INFO", Some(LevelFilter::INFO)),
            ("fatal", Some(LevelFilter::ERROR)),
            ("", None),
            ("loud", None),
        ] {
            assert_eq!(level(name), expected, "{name}");
        }
    }
}
