//! Metrics as CloudWatch embedded metric format: one JSON line on standard output, no call. Written
//! once logs are ([`telemetry::init`](super::telemetry::init)): a program that shows none shows no
//! metrics either.
//!
//! Format: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use super::clock::Timestamp;

static IS_WRITTEN: AtomicBool = AtomicBool::new(false);

/// From now on metrics are written.
pub(super) fn start() {
    IS_WRITTEN.store(true, Ordering::Relaxed);
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// A bot failed, panicked or ran out of time.
    BotErrors,
    /// An event arrived again after it was answered.
    DuplicateEvents,
    /// A session stayed busy for as long as we could wait.
    BusySessions,
    /// A contact was written to the other side, or adopted.
    ContactsWritten,
    /// An event of a contact told nothing new.
    ContactsUnchanged,
    /// A contact was refused, or not found, or is another one's pair.
    ContactsRefused,
    /// An event of a contact has to be told again.
    ContactsRetried,
}

impl Metric {
    /// The metric's name in CloudWatch, in the namespace `Patchcord`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BotErrors => "BotErrors",
            Self::DuplicateEvents => "DuplicateEvents",
            Self::BusySessions => "BusySessions",
            Self::ContactsWritten => "ContactsWritten",
            Self::ContactsUnchanged => "ContactsUnchanged",
            Self::ContactsRefused => "ContactsRefused",
            Self::ContactsRetried => "ContactsRetried",
        }
    }
}

impl Metric {
    const fn level(self) -> &'static str {
        match self {
            Self::BotErrors | Self::BusySessions => "ERROR",
            Self::ContactsRefused | Self::ContactsRetried => "WARN",
            Self::DuplicateEvents | Self::ContactsWritten | Self::ContactsUnchanged => "INFO",
        }
    }
}

/// Counts one occurrence, with the dimensions `service`, and `service` with `channel`.
pub fn count(metric: Metric, service: &str, channel: &str, now: Timestamp) {
    if !IS_WRITTEN.load(Ordering::Relaxed) {
        return;
    }
    let line = line(metric, service, channel, now);
    // Standard output gone means nobody reads metrics; that must not stop a message.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

fn line(metric: Metric, service: &str, channel: &str, now: Timestamp) -> Value {
    json!({
        "_aws": {
            "Timestamp": now.as_millis(),
            "CloudWatchMetrics": [{
                "Namespace": "Patchcord",
                "Dimensions": [["service"], ["service", "channel"]],
                "Metrics": [{ "Name": metric.name(), "Unit": "Count" }],
            }],
        },
        // Lambda drops lines below the function's log level; a line without a level is INFO.
        "level": metric.level(),
        "timestamp": now.to_rfc3339(),
        "service": service,
        "channel": channel,
        metric.name(): 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_directive_is_a_member_of_the_line() {
        let line = line(Metric::BotErrors, "webhook", "rest", Timestamp::from_millis(12));
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(line["_aws"]["Timestamp"], 12);
        assert_eq!(line["timestamp"], "1970-01-01T00:00:00.012Z");
        for dimension in ["service", "channel"] {
            assert!(line[dimension].is_string(), "{dimension}");
        }
        let name = directive["Metrics"][0]["Name"].as_str().unwrap();
        assert_eq!(line[name], 1);
    }
}
