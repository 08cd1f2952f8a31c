//! Events that were answered before.

use serde_json::json;

use super::{Contract, Saved, key};
use crate::chat::sessions::{ANSWERS_KEPT, Answer, Claim, EVENTS_KEPT};

impl Contract<'_> {
    pub(super) async fn an_answered_event_is_seen_with_its_answer(&self) {
        let key = key("seen");
        let answer = Answer { replies: vec![json!({"text": "hi"})], failure: None };
        let claimed = self.claimed(&key, Some("1"), "a").await;
        let saved = Saved { event: Some("1"), answer: Some(answer.clone()), ..Saved::default() };
        self.save(claimed, json!({"count": 1}), saved).await.expect("commit");
        match self.claim(&key, Some("1"), "b").await {
            Claim::Seen(remembered) => assert_eq!(remembered, Some(answer)),
            other => panic!("expected the event to be seen, got {other:?}"),
        }
        self.claimed(&key, Some("2"), "c").await;
        // While somebody answers another event, one that was answered before is still recognised.
        assert!(matches!(self.claim(&key, Some("1"), "d").await, Claim::Seen(Some(_))));
    }

    pub(super) async fn old_events_and_answers_are_forgotten(&self) {
        let key = key("forget");
        let events: Vec<_> = (0..=EVENTS_KEPT).map(|event| event.to_string()).collect();
        for event in &events {
            let answer = Some(Answer { replies: vec![json!(event)], failure: None });
            let claimed = self.claimed(&key, Some(event), event).await;
            let saved = Saved { event: Some(event), answer, ..Saved::default() };
            self.save(claimed, json!({}), saved).await.expect("commit");
        }
        for event in events.iter().skip(1).rev() {
            let age = events.len() - 1 - event.parse::<usize>().expect("a number");
            match self.claim(&key, Some(event), "x").await {
                Claim::Seen(answer) => {
                    assert_eq!(answer.is_some(), age <= ANSWERS_KEPT, "age {age}");
                }
                other => panic!("expected event {event} to be seen, got {other:?}"),
            }
        }
        self.claimed(&key, Some(&events[0]), "y").await;
    }

    pub(super) async fn a_large_answer_gives_way_to_the_state(&self) {
        let key = key("answer");
        let answer = |size: usize| Answer { replies: vec![json!("x".repeat(size))], failure: None };
        let cases = [("1", 60, 200, true), ("2", 70, 200, false), ("3", 60, 350, false)];
        for (event, answer_kb, state_kb, remembered) in cases {
            let size = answer_kb * 1024;
            let claimed = self.claimed(&key, Some(event), event).await;
            let state = json!({"text": "x".repeat(state_kb * 1024)});
            let saved =
                Saved { event: Some(event), answer: Some(answer(size)), ..Saved::default() };
            self.save(claimed, state, saved).await.expect("commit");
            match self.claim(&key, Some(event), "again").await {
                Claim::Seen(found) => assert_eq!(found.is_some(), remembered, "{size} bytes"),
                other => panic!("expected the event to be seen, got {other:?}"),
            }
        }
    }

    pub(super) async fn a_large_answer_is_forgotten_alone(&self) {
        let key = key("answers");
        // "2" may be the last one, "4" may not; "1" and "3" share an allowance that "2" exceeds.
        let sizes = [("1", 1), ("2", 60), ("3", 10), ("4", 70), ("5", 1)];
        let expected = [("1", true), ("2", false), ("3", true), ("4", false), ("5", true)];
        for (event, kb) in sizes {
            let claimed = self.claimed(&key, Some(event), event).await;
            let answer = Answer { replies: vec![json!("x".repeat(kb * 1024))], failure: None };
            let saved = Saved { event: Some(event), answer: Some(answer), ..Saved::default() };
            self.save(claimed, json!({}), saved).await.expect("commit");
        }
        for (event, is_remembered) in expected {
            match self.claim(&key, Some(event), "again").await {
                Claim::Seen(found) => assert_eq!(found.is_some(), is_remembered, "event {event}"),
                other => panic!("expected event {event} to be seen, got {other:?}"),
            }
        }
    }
}
