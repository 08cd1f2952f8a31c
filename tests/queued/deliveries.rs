//! Everything comes three times, and workers are killed.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use patchcord_tests::wait::in_time;
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
    // In the first half, so that there is work for some time after each of them.
    let moments: Vec<usize> = (0..KILLS).map(|_| random.usize(1..PEOPLE * MESSAGES / 2)).collect();
    println!("workers are killed after {moments:?} answers");

    let _working = queued.work();
    // Each person's next message comes when the one before is acknowledged; each comes three times
    // at once, and once more when others have come after it.
    let deliver = join_all((0..PEOPLE).map(|person| {
        let (queued, late) = (&queued, random.usize(1..MESSAGES));
        async move {
            let person = format!("p{person}");
            for message in 0..MESSAGES {
                let text = format!("m{message}");
                join_all((0..3).map(|_| queued.tell(&person, &text))).await;
                if message == late {
                    queued.tell_again(&person, "m0");
                }
            }
        }
    }));
    let kill = join_all(moments.iter().map(|moment| {
        let queued = &queued;
        async move {
            queued.platform.said_when(|said| said.len() >= *moment).await;
            // The one that is at work, or the next one that is: there is work until all is said.
            in_time(async {
                while queued.worker.kill_busy().await.is_none() {
                    sleep(Duration::from_millis(1)).await;
                }
            })
            .await;
        }
    }));
    tokio::join!(deliver, kill);
    let is_all =
        |said: &Said| told(said).values().map(Vec::len).sum::<usize>() >= PEOPLE * MESSAGES;
    let said = queued.platform.said_when(is_all).await;

    for (person, texts) in told(&said) {
        let expected: Vec<_> =
            (0..MESSAGES).map(|message| format!("{}: m{message}", message + 1)).collect();
        assert_eq!(texts, expected, "{person}: each message once, and in order");
    }
    // What was said and not saved when a worker was killed is said again, and nothing else.
    let repeated = said.len() - PEOPLE * MESSAGES;
    assert!(repeated <= KILLS * 10, "{repeated} were repeated");
    assert_eq!(queued.dead_letters(), 0);
}
