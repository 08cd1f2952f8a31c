//! Faults for particular requests, so that a test can say exactly which one fails.

use serde::{Deserialize, Serialize};

/// What goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Answered with this status, without an effect.
    Status(u16),
    /// Answered with 429.
    RateLimited {
        /// The `Retry-After`, in seconds.
        retry_after: Option<u64>,
    },
    /// Accepted and never answered, without an effect.
    Timeout,
    /// The connection is closed before the request has an effect.
    DropBefore,
    /// The connection is closed after the request had its effect, instead of an answer.
    DropAfter,
}

/// The next requests of a kind fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Only these; any method if there is none.
    #[serde(default)]
    pub method: Option<String>,
    /// Only this path; `*` at its end stands for anything. Any path if there is none.
    #[serde(default)]
    pub path: Option<String>,
    /// How many go through first.
    #[serde(default)]
    pub skip: u32,
    /// How many fail.
    #[serde(default = "once")]
    pub times: u32,
    /// How they fail.
    pub fault: Fault,
}

const fn once() -> u32 {
    1
}

impl Rule {
    /// The next request of this method and path fails.
    pub fn once(method: &str, path: &str, fault: Fault) -> Self {
        Self {
            method: Some(method.to_owned()),
            path: Some(path.to_owned()),
            skip: 0,
            times: 1,
            fault,
        }
    }

    fn is_about(&self, method: &str, path: &str) -> bool {
        let is_path = |wanted: &str| match wanted.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => path == wanted,
        };
        self.method.as_deref().is_none_or(|wanted| wanted == method)
            && self.path.as_deref().is_none_or(is_path)
    }
}

/// What the script has for this request; counts it.
pub(super) fn next(script: &mut Vec<Rule>, method: &str, path: &str) -> Option<Fault> {
    let rule = script.iter_mut().find(|rule| rule.is_about(method, path))?;
    if rule.skip > 0 {
        rule.skip -= 1;
        return None;
    }
    rule.times = rule.times.saturating_sub(1);
    let fault = rule.fault.clone();
    script.retain(|rule| rule.times > 0);
    Some(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_about_a_request_is_used_up() {
        let twice = Rule { times: 2, skip: 1, ..Rule::once("POST", "/contacts", Fault::Timeout) };
        let any = Rule { method: None, ..Rule::once("", "/contacts/*", Fault::Status(503)) };
        let mut script = vec![twice, any];
        let cases = [
            ("POST", "/contacts", None),
            ("GET", "/contacts", None),
            ("POST", "/contacts", Some(Fault::Timeout)),
            ("PATCH", "/contacts/c-1", Some(Fault::Status(503))),
            ("PATCH", "/contacts/c-1", None),
            ("POST", "/contacts", Some(Fault::Timeout)),
            ("POST", "/contacts", None),
        ];
        for (index, (method, path, expected)) in cases.into_iter().enumerate() {
            assert_eq!(next(&mut script, method, path), expected, "request {index}");
        }
        assert_eq!(script, []);
    }
}
