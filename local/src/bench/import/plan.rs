//! What is measured, in which order.

use super::{
    answered::{self, Distance},
    figures::{CONCURRENCY, CONTACTS, Measured, PAGE_SIZE, SEQUENTIAL_PAGE_SIZE, possible},
    make::{Kind, Made, Maker, Site},
    store,
};
use crate::bench::{
    BenchError, BenchOptions,
    binary::Binary,
    figures::{Figure, megabytes, milliseconds},
    meter::{Meter, Reading},
};

/// One call of the services at a time.
const SEQUENTIAL: Kind = Kind { concurrency: 1, page_size: SEQUENTIAL_PAGE_SIZE };

/// Measures `contact-import`.
pub(in crate::bench) async fn measure(
    options: &BenchOptions,
    botmatic: Binary,
    import: Binary,
) -> Result<Vec<Figure>, BenchError> {
    let measured = Measured { binary: import.megabytes.into(), ..Measured::default() };
    let directory = options.target_dir.clone();
    let maker = Maker { botmatic: botmatic.path, import: import.path, directory };
    let concurrency = options.concurrency.unwrap_or(CONCURRENCY);
    let mut plan = Plan { maker, concurrency, measured };
    for _ in 0..options.imports {
        plan.immediate().await?;
        plan.far().await?;
        plan.embedded().await?;
        plan.metered().await?;
        plan.store_alone().await?;
    }
    Ok(plan.measured.figures())
}

/// The benchmark on its way.
struct Plan {
    maker: Maker,
    concurrency: u16,
    measured: Measured,
}

impl Plan {
    /// With a store that takes no time.
    async fn immediate(&mut self) -> Result<(), BenchError> {
        let pipelined = self.import_answered(Distance::None, self.pipelined()).await?;
        let sequential = self.import_answered(Distance::None, SEQUENTIAL).await?;
        let possible = possible(self.concurrency);
        self.measured.immediate.push(pipelined.time, sequential.time, possible);
        Ok(())
    }

    /// With one that is as far away as AWS's.
    async fn far(&mut self) -> Result<(), BenchError> {
        let pipelined = self.import_answered(Distance::Aws, self.pipelined()).await?;
        let sequential = self.import_answered(Distance::Aws, SEQUENTIAL).await?;
        let measured = &mut self.measured;
        measured.far.push(pipelined.time, sequential.time, possible(self.concurrency));
        measured.cpu.push(milliseconds(pipelined.cpu) / contacts());
        measured.peak_memory.push(megabytes(pipelined.memory.peak_bytes));
        Ok(())
    }

    async fn import_answered(&self, distance: Distance, kind: Kind) -> Result<Made, BenchError> {
        let site = self.maker.site().await?;
        let endpoint = site.services.dynamo.endpoint();
        let dynamodb = answered::start(&endpoint, distance).await?;
        self.import(site, &format!("http://{dynamodb}"), kind).await
    }

    /// With the embedded DynamoDB, and nothing between it and the function.
    async fn embedded(&mut self) -> Result<(), BenchError> {
        let pipelined = self.import_embedded(self.pipelined()).await?;
        let sequential = self.import_embedded(SEQUENTIAL).await?;
        let possible = possible(self.concurrency);
        self.measured.embedded.push(pipelined.time, sequential.time, possible);
        Ok(())
    }

    async fn import_embedded(&self, kind: Kind) -> Result<Made, BenchError> {
        let site = self.maker.site().await?;
        let dynamodb = site.services.dynamo.endpoint();
        self.import(site, &dynamodb, kind).await
    }

    async fn import(&self, site: Site, dynamodb: &str, kind: Kind) -> Result<Made, BenchError> {
        let made = self.maker.import(&site, dynamodb, kind).await?;
        site.services.stop().await;
        Ok(made)
    }

    /// A meter stands in front of the store.
    async fn metered(&mut self) -> Result<(), BenchError> {
        let site = self.maker.site().await?;
        let meter = Meter::start(&site.services.dynamo.endpoint()).await?;
        self.import(site, &meter.endpoint(), self.pipelined()).await?;
        let Reading { calls, bytes, .. } = meter.take();
        let hundreds = contacts() / 100.0;
        self.measured.calls.push(f64::from(calls) / hundreds);
        self.measured.kilobytes.push(megabytes(bytes) * 1000.0 / hundreds);
        Ok(())
    }

    async fn store_alone(&mut self) -> Result<(), BenchError> {
        let pages = store::pages_alone().await?;
        self.measured.page_in_store.extend(pages.into_iter().map(milliseconds));
        let all = store::all_at_once(self.concurrency).await?;
        self.measured.all_in_store.push(milliseconds(all));
        Ok(())
    }

    fn pipelined(&self) -> Kind {
        Kind { concurrency: self.concurrency, page_size: PAGE_SIZE }
    }
}

#[expect(clippy::cast_precision_loss, reason = "they are ten thousand")]
const fn contacts() -> f64 {
    CONTACTS as f64
}
