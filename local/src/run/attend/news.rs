//! Which lines of a function are worth showing in a terminal.

use serde_json::Value;

/// False for what comes once per contact and says that nothing was done: figures for CloudWatch
/// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>),
/// which nobody collects here, and echoes of our own writing. An import of ten thousand contacts
/// brings as many of each.
pub(super) fn is_news(line: &[u8]) -> bool {
    if !line.starts_with(b"{") {
        return true;
    }
    let Ok(line) = serde_json::from_slice::<Value>(line) else { return true };
    let is_echo = line["message"] == "contact" && line["outcome"] == "unchanged";
    line["_aws"].is_null() && !is_echo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_echoes_are_no_news() {
        for (line, expected) in [
            (r#"{"ContactsUnchanged":1,"_aws":{"CloudWatchMetrics":[]},"level":"INFO"}"#, false),
            (r#"{"level":"INFO","message":"contact","outcome":"unchanged"}"#, false),
            (r#"{"level":"INFO","message":"contact","outcome":"done"}"#, true),
            (r#"{"level":"WARN","message":"contact","outcome":"retry later"}"#, true),
            (r#"{"level":"INFO","message":"import finished"}"#, true),
            ("{", true),
            ("", true),
            ("hello", true),
        ] {
            assert_eq!(is_news(line.as_bytes()), expected, "{line}");
        }
    }
}
