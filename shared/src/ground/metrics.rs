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
    /// Something happened on a platform that no bot is told of.
    IgnoredEvents,
    /// A part of a batch could not be read.
    MalformedEvents,
    /// A reply could not reach its recipient, now or ever.
    DroppedReplies,
    /// A contact was written to the other side, or adopted.
    ContactsWritten,
    /// An event of a contact told nothing new.
    ContactsUnchanged,
    /// A contact was refused, or not found, or is another one's pair.
    ContactsRefused,
    /// An event of a contact has to be told again.
    ContactsRetried,
    /// An import has failed.
    ImportsFailed,
    /// A page of an import was brought over.
    ImportPages,
    /// How long that took, in milliseconds.
    ImportPageMs,
    /// Contacts of an import that were created on Botmatic.
    ImportCreated,
    /// Contacts that were changed there.
    ImportUpdated,
    /// Contacts with nothing new.
    ImportUnchanged,
    /// Contacts that were not brought over.
    ImportFailed,
    /// Contacts of which it is not known whether Botmatic has created them.
    ImportDoubtful,
}

impl Metric {
    /// The metric's name in CloudWatch, in the namespace `Patchcord`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BotErrors => "BotErrors",
            Self::DuplicateEvents => "DuplicateEvents",
            Self::BusySessions => "BusySessions",
            Self::IgnoredEvents => "IgnoredEvents",
            Self::MalformedEvents => "MalformedEvents",
            Self::DroppedReplies => "DroppedReplies",
            Self::ContactsWritten => "ContactsWritten",
            Self::ContactsUnchanged => "ContactsUnchanged",
            Self::ContactsRefused => "ContactsRefused",
            Self::ContactsRetried => "ContactsRetried",
            Self::ImportsFailed => "ImportsFailed",
            Self::ImportPages => "ImportPages",
            Self::ImportPageMs => "ImportPageMs",
            Self::ImportCreated => "ImportCreated",
            Self::ImportUpdated => "ImportUpdated",
            Self::ImportUnchanged => "ImportUnchanged",
            Self::ImportFailed => "ImportFailed",
            Self::ImportDoubtful => "ImportDoubtful",
        }
    }
}

impl Metric {
    /// Lambda drops what is below its log level. What an alarm of `template.yaml` looks at is never
    /// dropped, but for pages of imports, which come too often for that.
    const fn level(self) -> &'static str {
        match self {
            Self::BotErrors
            | Self::BusySessions
            | Self::ContactsRefused
            | Self::ContactsRetried
            | Self::ImportsFailed => "ERROR",
            Self::MalformedEvents | Self::DroppedReplies => "WARN",
            _ => "INFO",
        }
    }

    const fn unit(self) -> &'static str {
        match self {
            Self::ImportPageMs => "Milliseconds",
            _ => "Count",
        }
    }
}

/// Counts one occurrence, with the dimensions `service`, and `service` with `channel`.
pub fn count(metric: Metric, service: &str, channel: &str, now: Timestamp) {
    measure(&[(metric, 1)], service, channel, now);
}

/// The same for several values in one line, whose level is that of the first.
pub fn measure(values: &[(Metric, u64)], service: &str, channel: &str, now: Timestamp) {
    if !IS_WRITTEN.load(Ordering::Relaxed) {
        return;
    }
    let mut line = line(values, service, channel, now).to_string();
    line.push('\n');
    // Standard output gone means nobody reads metrics; that must not stop a message.
    let _ = std::io::stdout().write_all(line.as_bytes());
}

fn line(values: &[(Metric, u64)], service: &str, channel: &str, now: Timestamp) -> Value {
    let units = values.iter().map(|(it, _)| json!({ "Name": it.name(), "Unit": it.unit() }));
    let mut line = json!({
        "_aws": {
            "Timestamp": now.as_millis(),
            "CloudWatchMetrics": [{
                "Namespace": "Patchcord",
                "Dimensions": [["service"], ["service", "channel"]],
                "Metrics": units.collect::<Vec<_>>(),
            }],
        },
        // Lambda drops lines below the function's log level; a line without a level is INFO.
        "level": values.first().map_or("INFO", |(it, _)| it.level()),
        "timestamp": now.to_rfc3339(),
        "service": service,
        "channel": channel,
    });
    for (it, value) in values {
        line[it.name()] = json!(value);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_directive_is_a_member_of_the_line() {
        let values = [(Metric::BotErrors, 1), (Metric::ImportPageMs, 30)];
        let line = line(&values, "webhook", "rest", Timestamp::from_millis(12));
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(line["_aws"]["Timestamp"], 12);
        assert_eq!(line["timestamp"], "1970-01-01T00:00:00.012Z");
        for dimension in ["service", "channel"] {
            assert!(line[dimension].is_string(), "{dimension}");
        }
        for (index, (unit, value)) in [("Count", 1), ("Milliseconds", 30)].into_iter().enumerate() {
            let metric = &directive["Metrics"][index];
            assert_eq!(metric["Unit"], unit);
            assert_eq!(line[metric["Name"].as_str().unwrap()], value);
        }
        assert_eq!(line["level"], "ERROR");
    }
}
