//! Everything comes three times, and workers are killed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::sleep;

use crate::platform::Said;
use crate::setup::{Options, Queued};

const PEOPLE: usize = 10;
const MESSAGES: usize = 10;
const KILLS: usize = 2;

/// What each person was told, without what was told again.
fn told(said: &Said) -> BTreeMap<&str, Vec<&str>> {
    let mut told = BTreeMap::<&str, Vec<&str>>::new();
    for (person, text) in said {
        let told = told.entry(person).or_default();
        if !told.contains(&text.as_str()) {
            told.push(text);
        }
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn each_event_is_answered_once_in_order_and_none_is_lost() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let timeout = Duration::from_secs(3);
    let queued = Queued::start(Options { workers: 3, timeout, ..Options::default() }).await;
    let mut deliveries: Vec<_> = (0..PEOPLE)
        .flat_map(|person| (0..MESSAGES).map(move |message| (person, message)))
        .flat_map(|delivery| [delivery; 3])
        .collect();
    random.shuffle(&mut deliveries);
    let moments: Vec<usize> = (0..KILLS).map(|_| random.usize(1..PEOPLE * MESSAGES)).collect();
    println!("a worker is killed after {moments:?} answers");

    let _working = queued.work();
    let deliver = join_all(deliveries.chunks(30).map(|deliveries| {
        let queued = &queued;
        async move {
            for (person, message) in deliveries {
                queued.tell(&format!("p{person}"), &format!("m{message}")).await;
            }
        }
    }));
    let kill = join_all(moments.iter().map(|moment| {
        let queued = &queued;
        async move {
            queued.platform.said_when(|said| said.len() >= *moment).await;
            // The one that is at work, or the next one that is.
            while queued.worker.kill_one().await.is_none() {
                sleep(Duration::from_millis(5)).await;
            }
        }
    }));
    tokio::join!(deliver, kill);
    let is_all =
        |said: &Said| told(said).values().map(Vec::len).sum::<usize>() >= PEOPLE * MESSAGES;
    let said = queued.platform.said_when(is_all).await;

    for (person, texts) in told(&said) {
        let numbers: Vec<_> = texts.iter().map(|text| text.split(": ").next().unwrap()).collect();
        let expected: Vec<_> = (1..=MESSAGES).map(|number| number.to_string()).collect();
        assert_eq!(numbers, expected, "{person} was answered in order: {texts:?}");
        let messages: BTreeSet<_> = texts.iter().map(|text| text.split(": ").nth(1)).collect();
        assert_eq!(messages.len(), MESSAGES, "{person}: each message once: {texts:?}");
    }
    // What was said and not saved when a worker was killed is said again, and nothing else.
    let repeated = said.len() - PEOPLE * MESSAGES;
    assert!(repeated <= KILLS * 10, "{repeated} were repeated");
    assert_eq!(queued.dead_letters(), 0);
}
