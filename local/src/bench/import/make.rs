//! An import between services of its own, from an empty store to the last contact.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::json;

use super::figures::{CONTACTS, LATENCY};
use crate::{
    bench::{
        BenchError,
        botmatic::{contact::install, services::Services},
        instance::{Instance, Invocation},
        process::Memory,
    },
    standins::Faults,
    tables::Table,
};

const CONFIG: &str = include_str!("patchcord.yaml");
const TENANT: &str = "local";
/// The same contacts each time.
const SEED: u64 = 7;
/// A function's longest on Lambda: an import is one slice here.
const TIMEOUT: Duration = Duration::from_mins(15);

/// How an import is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) concurrency: u16,
    pub(super) page_size: u32,
}

/// What one took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made {
    pub(super) time: Duration,
    pub(super) cpu: Duration,
    pub(super) memory: Memory,
}

/// The binaries, and where configurations go.
#[derive(Debug)]
pub(super) struct Maker {
    pub(super) botmatic: PathBuf,
    pub(super) import: PathBuf,
    pub(super) directory: PathBuf,
}

/// Both APIs with all contacts on the CRM, and an integration.
pub(super) struct Site {
    pub(super) services: Services,
    integration: String,
}

impl Maker {
    /// A site that nothing was imported on.
    pub(super) async fn site(&self) -> Result<Site, BenchError> {
        let services = Services::start().await?;
        let instance = services.instance(&self.botmatic).await?;
        let integration = install(&instance).await?;
        instance.stop().await;
        services.crm.generate(TENANT, CONTACTS, SEED)?;
        let faults = Faults {
            latency_ms: u64::try_from(LATENCY.as_millis()).unwrap_or(u64::MAX),
            ..Faults::default()
        };
        services.crm.set_faults(faults.clone())?;
        services.botmatic.set_faults(faults)?;
        Ok(Site { services, integration })
    }

    /// Imports everything there is, by way of the DynamoDB at `dynamodb`.
    pub(super) async fn import(
        &self,
        site: &Site,
        dynamodb: &str,
        kind: Kind,
    ) -> Result<Made, BenchError> {
        let instance = self.instance(&site.services, dynamodb, kind.concurrency).await?;
        let cpu_before = instance.cpu_time()?;
        let event = json!({ "integration": site.integration, "page_size": kind.page_size });
        let invocation = Invocation::of(&event, &format!(r#""created":{CONTACTS},"#));
        let time = instance.invoke(invocation).await?;
        let cpu = instance.cpu_time()?.saturating_sub(cpu_before);
        let made = Made { time, cpu, memory: instance.memory()? };
        instance.stop().await;
        let found = site.services.botmatic.count(TENANT);
        if u64::try_from(found) == Ok(CONTACTS) {
            return Ok(made);
        }
        Err(BenchError::Contacts { expected: CONTACTS, found })
    }

    async fn instance(
        &self,
        services: &Services,
        dynamodb: &str,
        concurrency: u16,
    ) -> Result<Instance, BenchError> {
        let config = self.config(concurrency)?;
        let config = config.to_string_lossy();
        let (botmatic, crm) = (services.botmatic.endpoint(), services.crm.endpoint());
        let env = [
            ("DYNAMODB_ENDPOINT", dynamodb),
            ("BOTMATIC_BASE_URL", &botmatic),
            ("CRM_BASE_URL", &crm),
            (Table::CONTACTS_VARIABLE, Table::CONTACTS),
            ("PATCHCORD_CONFIG", &config),
            ("PATCHCORD_LOCAL", "1"),
        ];
        Instance::start_with_timeout(&self.import, &env, TIMEOUT).await
    }

    /// The configuration, with so many pages at a time.
    fn config(&self, concurrency: u16) -> Result<PathBuf, BenchError> {
        let path = self.directory.join(format!("bench-import-{concurrency}.yaml"));
        let config = format!("{CONFIG}  import: {{ concurrency: {concurrency} }}\n");
        write(&path, &config)?;
        Ok(path)
    }
}

fn write(path: &Path, text: &str) -> Result<(), BenchError> {
    let path = path.to_owned();
    std::fs::write(&path, text).map_err(|source| BenchError::Write { path, source })
}
