//! What is measured, in which order.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use patchcord::chat::sessions::{
    Claim, ClaimRequest, Commit, DynamoSessions, SessionKey, SessionStore as _,
};
use patchcord::ground::clock::{Clock as _, SystemClock};
use serde_json::json;

use super::{
    figures::Measured,
    message::{health, message, message_with_id},
    queued,
};
use crate::{
    bench::{
        BenchError, BenchOptions,
        binary::Binary,
        figures::{Figure, megabytes, milliseconds},
        instance::Instance,
        meter::Meter,
    },
    dynamodb::Dynamo,
    tables::{self, Table},
};

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/bench/webhook/patchcord.yaml");
/// Before a series, not counted: connections are opened, caches and the allocator filled.
const WARM_UP: u32 = 200;
/// How many conversations take turns in the series of many sessions.
const SESSIONS: u32 = 500;
/// One measurement of messages per second.
const BATCH: u32 = 500;
/// The series of large states: as many messages, over as many sessions, each with a state of as
/// many bytes.
const LARGE_MESSAGES: u32 = 200;
const LARGE_SESSIONS: u32 = 10;
const LARGE_STATE_BYTES: usize = 100_000;
/// Messages that come twice.
const DUPLICATES: u32 = 200;

/// Measures `webhook`.
pub(in crate::bench) async fn measure(
    options: &BenchOptions,
    binary: Binary,
) -> Result<Vec<Figure>, BenchError> {
    let mut plan = Plan::new(options, binary).await?;
    plan.starts().await?;
    for round in 0..plan.options.rounds {
        plan.messages(round).await?;
        plan.metered_messages(round).await?;
    }
    plan.dynamo.stop().await;
    queued::measure(plan.options, &plan.binary, &mut plan.measured).await?;
    Ok(plan.measured.figures())
}

/// The benchmark on its way.
struct Plan<'a> {
    options: &'a BenchOptions,
    binary: PathBuf,
    dynamo: Dynamo,
    measured: Measured,
}

impl<'a> Plan<'a> {
    async fn new(options: &'a BenchOptions, binary: Binary) -> Result<Self, BenchError> {
        let dynamo = Dynamo::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), None)?;
        let client = tables::client(&dynamo.endpoint());
        let table = Table::conversations(Table::CONVERSATIONS);
        tables::create_tables(&client, &[table]).await?;
        let measured = Measured { binary: binary.megabytes.into(), ..Measured::default() };
        Ok(Self { options, binary: binary.path, dynamo, measured })
    }

    /// Instances that answer one message each.
    async fn starts(&mut self) -> Result<(), BenchError> {
        for number in 0..self.options.starts {
            let instance = self.instance().await?;
            self.measured.start.push(milliseconds(instance.start));
            self.measured.memory_after_start.push(megabytes(instance.memory()?.bytes));
            let sender = format!("first-{number}");
            let took = instance.invoke(message(&sender, 1)).await?;
            self.measured.first_message.push(milliseconds(took));
            instance.stop().await;
        }
        Ok(())
    }

    /// An instance with nothing between it and DynamoDB.
    async fn messages(&mut self, round: u16) -> Result<(), BenchError> {
        let count = self.options.messages;
        let large = self.save_large_states(round).await?;
        let instance = self.instance().await?;
        let warm_up = format!("warm-up-{round}");
        instance.series(WARM_UP, |n| message(&warm_up, n + 1)).await?;

        let health = instance.series(count, |_| health()).await?;

        let cpu_before = instance.cpu_time()?;
        let one = format!("one-{round}");
        let one = instance.series(count, |n| message(&one, n + 1)).await?;
        let cpu = instance.cpu_time()?.saturating_sub(cpu_before);
        let many = instance.series(count, |n| {
            message(&format!("many-{round}-{}", n % SESSIONS), n / SESSIONS + 1)
        });
        let many = many.await?;
        let memory = instance.memory()?;

        let large = instance.series(LARGE_MESSAGES, |n| {
            message(&large[(n % LARGE_SESSIONS) as usize], n / LARGE_SESSIONS + 1)
        });
        let large = large.await?;
        let memory_large = instance.memory()?;
        instance.stop().await;

        let measured = &mut self.measured;
        let messages = one.iter().chain(&many).copied().collect::<Vec<_>>();
        measured.per_second.extend(messages.chunks_exact(BATCH as usize).map(per_second));
        measured.health.extend(health.into_iter().map(milliseconds));
        measured.one_session.extend(one.into_iter().map(milliseconds));
        measured.many_sessions.extend(many.into_iter().map(milliseconds));
        measured.large_states.extend(large.into_iter().map(milliseconds));
        measured.cpu.push(milliseconds(cpu) / f64::from(count));
        measured.memory_under_load.push(megabytes(memory.bytes));
        measured.peak_memory.push(megabytes(memory.peak_bytes));
        measured.peak_memory_large.push(megabytes(memory_large.peak_bytes));
        Ok(())
    }

    /// An instance with the meter between it and DynamoDB.
    async fn metered_messages(&mut self, round: u16) -> Result<(), BenchError> {
        let meter = Meter::start(&self.dynamo.endpoint()).await?;
        let instance = self.instance_on(&meter.endpoint()).await?;
        let sender = format!("metered-{round}");
        instance.series(WARM_UP, |n| message(&sender, n + 1)).await?;

        for n in WARM_UP..WARM_UP + self.options.messages {
            meter.take();
            let took = instance.invoke(message(&sender, n + 1)).await?;
            let store = meter.take();
            self.measured.calls.push(f64::from(store.calls));
            self.measured.store.push(milliseconds(store.time));
            self.measured.overhead.push(milliseconds(took.saturating_sub(store.time)));
        }
        let twice = format!("twice-{round}");
        for n in 0..DUPLICATES {
            for calls in [&mut self.measured.calls, &mut self.measured.calls_of_duplicates] {
                meter.take();
                instance.invoke(message_with_id(&twice, n + 1)).await?;
                calls.push(f64::from(meter.take().calls));
            }
        }
        instance.stop().await;
        Ok(())
    }

    async fn instance(&self) -> Result<Instance, BenchError> {
        self.instance_on(&self.dynamo.endpoint()).await
    }

    async fn instance_on(&self, dynamodb: &str) -> Result<Instance, BenchError> {
        let env = [
            ("DYNAMODB_ENDPOINT", dynamodb),
            (Table::CONVERSATIONS_VARIABLE, Table::CONVERSATIONS),
            ("PATCHCORD_CONFIG", CONFIG),
            ("PATCHCORD_LOCAL", "1"),
        ];
        Instance::start(&self.binary, &env).await
    }

    /// Saves sessions as a bot with much to remember would leave them, and says whose they are.
    async fn save_large_states(&self, round: u16) -> Result<Vec<String>, BenchError> {
        let client = tables::functions_client(&self.dynamo.endpoint())?;
        let table = Table::CONVERSATIONS.to_owned();
        let store = DynamoSessions::new(client, table, Arc::new(SystemClock));
        let mut senders = Vec::new();
        for number in 0..LARGE_SESSIONS {
            let sender = format!("large-{round}-{number}");
            let key = format!("rest:{sender}");
            let not_free = || BenchError::SessionNotFree { key: key.clone() };
            let claim = ClaimRequest {
                key: SessionKey::new("rest", &sender).ok_or_else(not_free)?,
                event: None,
                owner: "bench".to_owned(),
                until: SystemClock.now() + Duration::from_secs(30),
                expires: None,
            };
            let Claim::Claimed(mut claimed) = store.claim(claim).await? else {
                return Err(not_free());
            };
            let state = json!({ "notes": "x".repeat(LARGE_STATE_BYTES) });
            claimed.session.state = state.as_object().cloned();
            let session = claimed.session;
            let commit = Commit { session, event: None, answer: None, expires_in: None };
            store.commit(&claimed.lease, &commit).await?;
            senders.push(sender);
        }
        Ok(senders)
    }
}

fn per_second(times: &[Duration]) -> f64 {
    f64::from(BATCH) / times.iter().sum::<Duration>().as_secs_f64()
}
