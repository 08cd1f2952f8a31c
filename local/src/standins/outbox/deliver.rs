//! One message on its way, until it is delivered, refused or given up.

use std::time::Duration;

use reqwest::Client;
use tokio::{
    sync::Semaphore,
    time::{sleep, timeout},
};

use super::{Ending, Message, faults::Luck};
use crate::standins::Retry;

/// What became of it.
#[derive(Debug)]
pub(super) struct Delivered {
    pub(super) ending: Ending,
    pub(super) attempts: u32,
    pub(super) status: Option<u16>,
}

/// Sends with these.
#[derive(Debug)]
pub(super) struct Courier {
    pub(super) client: Client,
    pub(super) retry: Retry,
    pub(super) permits: Semaphore,
}

impl Courier {
    /// Until it has ended, or `is_wanted` no more.
    pub(super) async fn deliver(
        &self,
        message: &Message,
        luck: Luck,
        is_wanted: impl Fn() -> bool,
    ) -> Delivered {
        sleep(luck.delay).await;
        let mut delivered = Delivered { ending: Ending::GivenUp, attempts: 0, status: None };
        while delivered.attempts < self.retry.attempts && is_wanted() {
            if delivered.attempts > 0 {
                sleep(self.pause(delivered.attempts)).await;
            }
            delivered.attempts += 1;
            if luck.dropped && delivered.attempts == 1 {
                continue;
            }
            delivered.status = self.attempt(message).await;
            match delivered.status {
                Some(200..=299) => delivered.ending = Ending::Delivered,
                None | Some(429 | 500..) => continue,
                Some(_) => delivered.ending = Ending::Refused,
            }
            if luck.duplicated {
                self.attempt(message).await;
            }
            break;
        }
        delivered
    }

    /// Between the attempt of this number and the next.
    fn pause(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt - 1);
        self.retry.backoff.saturating_mul(doubled).min(self.retry.most)
    }

    /// The status, or none if there was no answer.
    async fn attempt(&self, message: &Message) -> Option<u16> {
        let _permit = self.permits.acquire().await;
        let request = self.client.request(message.method.clone(), &message.url);
        let request = request.bearer_auth(&message.bearer);
        let request = match &message.body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = async {
            let response = request.send().await.ok()?;
            let status = response.status().as_u16();
            // Read to its end, so that the connection can be used again.
            response.bytes().await.ok()?;
            Some(status)
        };
        timeout(self.retry.timeout, answer).await.ok()?
    }
}
