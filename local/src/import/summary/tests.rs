//! What people read once an import has ended.

use std::time::Duration;

use patchcord::contacts::ExternalId;
use patchcord::contacts::import::job::{Counts, JobId};

use super::*;
use crate::import::options::tests::parsed;

fn id(id: &str) -> ExternalId {
    ExternalId::new(id).unwrap()
}

#[test]
fn a_table_has_a_line_for_each_failure_whatever_its_reason_is() {
    let failures = [
        Failure::of(&id("c-17"), Kind::Rejected, "email:\n\u{1b}[31mnot valid"),
        Failure {
            external_id: None,
            place: Some("line 4".to_owned()),
            kind: Kind::Unreadable,
            reason: "x".repeat(200),
        },
    ];
    let long = "x".repeat(LONGEST_REASON);
    let expected = format!(
        "CONTACT  WHAT        WHY\nc-17     rejected    email: [31mnot valid\nline 4   unreadable  {long}…"
    );
    assert_eq!(Table(&failures).to_string(), expected);
}

/// What is printed of an import that has found one contact without a pair, and writes nothing.
fn found(mode: Mode, dry_run: bool, failures: &[Failure]) -> String {
    let import = JobId::try_from("one.018bcfe568000000000".to_owned()).unwrap();
    let status = Status {
        integration: import.integration().clone(),
        import,
        mode,
        dry_run,
        retry_of: None,
        state: JobState::Finished,
        reason: None,
        counts: Counts { seen: 1, created: 1, ..Counts::default() },
        total: None,
        contacts_per_second: 1.0,
        seconds_left: None,
        parts: 1,
        open_parts: 0,
        started_at: String::new(),
        updated_at: String::new(),
        ended_at: None,
        examples: vec![Example {
            id: id("c-1"),
            kind: Kind::Missing,
            fields: vec!["email".to_owned(), "score".to_owned()],
        }],
    };
    let (options, took) = (parsed(&[]), Duration::from_secs(1));
    let summary = Summary { status: &status, failures, is_more: false, options: &options, took };
    summary.to_string()
}

#[test]
fn what_writes_nothing_says_what_it_has_found_in_words() {
    let dry = found(Mode::Full, true, &[]);
    for expected in [
        "finished: 1 contact, 1 s",
        "  would be created            1",
        "  for example c-1 would be created; its fields: email, score",
    ] {
        assert!(dry.contains(expected), "{expected}\n{dry}");
    }
    let missing = Failure::of(&id("c-1"), Kind::Missing, "it has no pair");
    let verify = found(Mode::Verify, false, &[missing]);
    for expected in [
        "  missing                     1",
        "  changed                     0",
        "  for example c-1 is missing on Botmatic; its fields: email, score",
        "To bring over what was found: patchcord import --retry one.018bcfe568000000000",
    ] {
        assert!(verify.contains(expected), "{expected}\n{verify}");
    }
    assert!(!verify.contains("would be"), "{verify}");
}
