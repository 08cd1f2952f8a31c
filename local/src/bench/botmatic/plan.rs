//! What is measured, in which order.

use std::path::PathBuf;

use super::{
    contact::{Contact, health},
    figures::Measured,
    meters::Meters,
    services::Services,
};
use crate::bench::{
    BenchError, BenchOptions,
    binary::Binary,
    figures::{Figure, megabytes, milliseconds},
};

/// Before a series, not counted: connections are opened, caches and the allocator filled.
const WARM_UP: u32 = 200;
/// A metered instance gets so many updates at most: fewer than the 30 seconds last for which it
/// remembers whose a token is, so that the store is asked for that once.
const PER_INSTANCE: u32 = 1000;
/// Events that bring nothing new, and changes that the CRM pushes.
const ECHOES: u32 = 200;
const PUSHES: u32 = 200;

/// Measures `botmatic`.
pub(in crate::bench) async fn measure(
    options: &BenchOptions,
    binary: Binary,
) -> Result<Vec<Figure>, BenchError> {
    let services = Services::start().await?;
    let instance = services.instance(&binary.path).await?;
    let contact = Contact::create(&services, &instance).await?;
    instance.stop().await;
    let measured = Measured { binary: binary.megabytes.into(), ..Measured::default() };
    let mut plan = Plan { binary: binary.path, services, contact, measured };

    plan.starts(options.starts).await?;
    for _ in 0..options.rounds {
        plan.updates(options.messages).await?;
        let mut left = options.messages;
        while left > 0 {
            let count = left.min(PER_INSTANCE);
            plan.metered_updates(count).await?;
            left -= count;
        }
        plan.metered_others().await?;
    }
    plan.services.stop().await;
    Ok(plan.measured.figures())
}

/// The benchmark on its way.
struct Plan {
    binary: PathBuf,
    services: Services,
    contact: Contact,
    measured: Measured,
}

impl Plan {
    /// Instances that get one update each.
    async fn starts(&mut self, count: u16) -> Result<(), BenchError> {
        for _ in 0..count {
            let instance = self.services.instance(&self.binary).await?;
            self.measured.start.push(milliseconds(instance.start));
            self.measured.memory_after_start.push(megabytes(instance.memory()?.bytes));
            let took = instance.invoke(self.contact.updated()).await?;
            self.measured.first_update.push(milliseconds(took));
            instance.stop().await;
        }
        Ok(())
    }

    /// An instance with nothing between it and what it calls.
    async fn updates(&mut self, count: u32) -> Result<(), BenchError> {
        let contact = &mut self.contact;
        let instance = self.services.instance(&self.binary).await?;
        instance.series(WARM_UP, |_| contact.updated()).await?;

        let health = instance.series(count, |_| health()).await?;
        let cpu_before = instance.cpu_time()?;
        let updates = instance.series(count, |_| contact.updated()).await?;
        let cpu = instance.cpu_time()?.saturating_sub(cpu_before);
        let memory = instance.memory()?;
        instance.stop().await;

        let measured = &mut self.measured;
        measured.health.extend(health.into_iter().map(milliseconds));
        measured.update.extend(updates.into_iter().map(milliseconds));
        measured.cpu.push(milliseconds(cpu) / f64::from(count));
        measured.peak_memory.push(megabytes(memory.peak_bytes));
        Ok(())
    }

    /// An instance with meters between it and what it calls.
    async fn metered_updates(&mut self, count: u32) -> Result<(), BenchError> {
        let Self { contact, measured, .. } = self;
        let meters = Meters::start(&self.services).await?;
        let instance = meters.instance(&self.binary).await?;
        instance.invoke(contact.updated()).await?;
        measured.calls_of_first.push(&meters.take());
        instance.series(WARM_UP, |_| contact.updated()).await?;

        for _ in 0..count {
            meters.take();
            let took = instance.invoke(contact.updated()).await?;
            let readings = meters.take();
            measured.calls_of_updates.push(&readings);
            let (store, crm) = (readings.dynamodb.time, readings.crm.time);
            measured.store.push(milliseconds(store));
            measured.crm.push(milliseconds(crm));
            measured.overhead.push(milliseconds(took.saturating_sub(store + crm)));
        }
        instance.stop().await;
        Ok(())
    }

    /// The same for events of other kinds, of which only the calls are counted.
    async fn metered_others(&mut self) -> Result<(), BenchError> {
        let Self { contact, measured, services, .. } = self;
        let meters = Meters::start(services).await?;
        let instance = meters.instance(&self.binary).await?;
        instance.invoke(contact.updated()).await?;
        for _ in 0..ECHOES {
            meters.take();
            instance.invoke(contact.echoed()).await?;
            measured.calls_of_echoes.push(&meters.take());
        }
        for _ in 0..PUSHES {
            let pushed = contact.pushed(services)?;
            meters.take();
            instance.invoke(pushed).await?;
            measured.calls_of_pushes.push(&meters.take());
        }
        instance.stop().await;
        Ok(())
    }
}
