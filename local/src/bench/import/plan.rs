//! What is measured, in which order.

use super::{
    figures::{CONCURRENCY, CONTACTS, Measured, PAGE_SIZE, SEQUENTIAL_PAGE_SIZE, possible},
    instant,
    make::{Kind, Made, Maker},
    store,
};
use crate::bench::{
    BenchError, BenchOptions,
    binary::Binary,
    figures::{Figure, megabytes, milliseconds},
    meter::{Meter, Reading},
};

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
        plan.side_by_side().await?;
        plan.without_store().await?;
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
    /// As it is by default, and one page after the other.
    async fn side_by_side(&mut self) -> Result<(), BenchError> {
        let pipelined = self.plain(self.pipelined()).await?;
        let sequential = Kind { concurrency: 1, page_size: SEQUENTIAL_PAGE_SIZE };
        let sequential = self.plain(sequential).await?;
        let measured = &mut self.measured;
        measured.push(pipelined.time, sequential.time, possible(self.concurrency));
        measured.cpu.push(milliseconds(pipelined.cpu) / contacts());
        measured.peak_memory.push(megabytes(pipelined.memory.peak_bytes));
        Ok(())
    }

    /// Nothing stands between the function and what it calls.
    async fn plain(&self, kind: Kind) -> Result<Made, BenchError> {
        let site = self.maker.site().await?;
        let made = self.maker.import(&site, &site.services.dynamo.endpoint(), kind).await?;
        site.services.stop().await;
        Ok(made)
    }

    async fn without_store(&mut self) -> Result<(), BenchError> {
        let site = self.maker.site().await?;
        let instant = instant::start(&site.services.dynamo.endpoint()).await?;
        let made = self.maker.import(&site, &format!("http://{instant}"), self.pipelined()).await?;
        site.services.stop().await;
        let possible = possible(self.concurrency);
        self.measured.without_store.push(milliseconds(made.time));
        self.measured.without_store_of_the_possible.push(made.time.div_duration_f64(possible));
        Ok(())
    }

    /// A meter stands in front of the store.
    async fn metered(&mut self) -> Result<(), BenchError> {
        let site = self.maker.site().await?;
        let meter = Meter::start(&site.services.dynamo.endpoint()).await?;
        self.maker.import(&site, &meter.endpoint(), self.pipelined()).await?;
        site.services.stop().await;
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
