//! Trying again: how often, with which pauses, and what a server has to say about it.

use std::time::Duration;

use async_trait::async_trait;
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use jiff::fmt::rfc2822;

use super::clock::Timestamp;
use super::random::Random;

/// How often something is tried again, and how long the pauses before that are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts after the first one.
    pub retries: u32,
    /// The pause before the first of them; doubled each time.
    pub first_pause: Duration,
    /// No pause is longer than this, unless the server asks for it.
    pub longest_pause: Duration,
}

impl RetryPolicy {
    /// The retries of one call.
    pub fn start(self) -> Retries {
        Retries { left: self.retries, pause: self.first_pause, longest: self.longest_pause }
    }
}

/// What is left of a call's retries.
#[derive(Debug)]
pub struct Retries {
    left: u32,
    pause: Duration,
    longest: Duration,
}

impl Retries {
    /// How long to wait before the next attempt, at least as long as the server `asked`; none if
    /// there is no further attempt, or if `remaining` would be over by then.
    pub fn next_pause(
        &mut self,
        asked: Option<Duration>,
        remaining: Duration,
        random: &Random,
    ) -> Option<Duration> {
        self.left = self.left.checked_sub(1)?;
        let pause = random.jitter(self.pause.min(self.longest)).max(asked.unwrap_or_default());
        self.pause = self.pause.saturating_mul(2);
        (pause < remaining).then_some(pause)
    }
}

/// The time that a header `Retry-After` asks for: seconds, or a date as HTTP writes it
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>). The obsolete forms of a date, which
/// no server may send any more, are not understood.
pub fn retry_after(header: &str, now: Timestamp) -> Option<Duration> {
    seconds(header).or_else(|| Some(http_date(header)?.since(now)))
}

/// The same of the headers of an answer. A date counts from the answer's own, so that the clocks of
/// the two sides need not agree.
pub fn retry_after_in(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let asked = text(RETRY_AFTER)?;
    match text(DATE).and_then(http_date) {
        Some(made) => retry_after(asked, made),
        None => seconds(asked),
    }
}

fn seconds(text: &str) -> Option<Duration> {
    text.trim().parse().ok().map(Duration::from_secs)
}

fn http_date(text: &str) -> Option<Timestamp> {
    let at = rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()?;
    Some(Timestamp::from_millis(u64::try_from(at.as_millisecond()).unwrap_or_default()))
}

/// Waits. A test's does so by moving its clock.
#[async_trait]
pub trait Sleep: Send + Sync + 'static {
    /// Returns after `duration`.
    async fn sleep(&self, duration: Duration);
}

/// Waits for as long as it says.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealSleep;

#[async_trait]
impl Sleep for RealSleep {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy {
        retries: 3,
        first_pause: Duration::from_millis(100),
        longest_pause: Duration::from_millis(150),
    };
    const LONG: Duration = Duration::from_mins(1);

    #[test]
    fn pauses_double_up_to_the_longest_and_end() {
        let random = Random::seeded(7);
        let mut retries = POLICY.start();
        for (low, high) in [(50, 100), (75, 150), (75, 150)] {
            let pause = retries.next_pause(None, LONG, &random).unwrap();
            let range = Duration::from_millis(low)..=Duration::from_millis(high);
            assert!(range.contains(&pause), "{pause:?}");
        }
        assert_eq!(retries.next_pause(None, LONG, &random), None);
    }

    #[test]
    fn the_server_is_obeyed_within_the_time_there_is() {
        let random = Random::seeded(7);
        let asked = Some(Duration::from_secs(5));
        assert_eq!(POLICY.start().next_pause(asked, LONG, &random), asked);
        let short = Duration::from_secs(5);
        assert_eq!(POLICY.start().next_pause(asked, short, &random), None);
        assert_eq!(POLICY.start().next_pause(None, Duration::from_millis(40), &random), None);
    }

    #[test]
    fn both_forms_of_retry_after_are_understood() {
        // The moment of the RFC's own example, less 20 seconds.
        let now = Timestamp::from_millis(784_111_777_000 - 20_000);
        for (header, expected) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(20)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(retry_after(header, now), expected.map(Duration::from_secs), "{header}");
        }
    }

    #[test]
    fn a_date_counts_from_that_of_the_answer() {
        const MADE: &str = "Sun, 06 Nov 1994 08:49:17 GMT";
        const ASKED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (made, asked, expected) in [
            (Some(MADE), Some(ASKED), Some(20)),
            (Some(MADE), Some("30"), Some(30)),
            (None, Some("30"), Some(30)),
            (None, Some(ASKED), None),
            (Some("today"), Some(ASKED), None),
            (Some(MADE), None, None),
        ] {
            let value = |text: Option<&'static str>| text.map(http::HeaderValue::from_static);
            let headers = [(DATE, value(made)), (RETRY_AFTER, value(asked))];
            let headers = headers.into_iter().filter_map(|(name, value)| Some((name, value?)));
            let found = retry_after_in(&headers.collect());
            assert_eq!(found, expected.map(Duration::from_secs), "{made:?} {asked:?}");
        }
    }
}
