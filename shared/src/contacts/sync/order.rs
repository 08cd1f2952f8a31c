//! Which of two changes is the newer one, by what a side says about when it was made.

use jiff::Timestamp;

/// Whether `one` was before `other`: both dates as RFC 3339 writes them, or both numbers. What
/// cannot be compared is not.
pub(super) fn is_before(one: &str, other: &str) -> bool {
    if let (Ok(one), Ok(other)) = (one.parse::<Timestamp>(), other.parse::<Timestamp>()) {
        return one < other;
    }
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => one < other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_numbers_have_an_order() {
        for (one, other, expected) in [
            ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000001Z", true),
            ("2026-01-02T03:04:05+02:00", "2026-01-02T02:04:05Z", true),
            ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z", false),
            ("9", "10", true),
            ("10", "9", false),
            ("yesterday", "today", false),
            ("9", "2026-01-02T03:04:05Z", false),
        ] {
            assert_eq!(is_before(one, other), expected, "{one} and {other}");
        }
    }
}
