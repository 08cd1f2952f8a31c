//! What the function calls: DynamoDB, and the stand-ins for Botmatic and for a CRM. These answer at
//! once and tell nobody of changes, so that every event is one that the benchmark sends.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
};

use super::meters::Meters;
use crate::{
    bench::{BenchError, instance::Instance},
    dynamodb::Dynamo,
    standins::{BotmaticStandin, CrmStandin, Settings, StandinOptions},
    tables::{self, Table},
};

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/bench/botmatic/patchcord.yaml");

/// All three.
pub(in crate::bench) struct Services {
    pub(in crate::bench) dynamo: Dynamo,
    pub(in crate::bench) botmatic: BotmaticStandin,
    pub(in crate::bench) crm: CrmStandin,
}

impl Services {
    pub(in crate::bench) async fn start() -> Result<Self, BenchError> {
        let dynamo = Dynamo::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), None)?;
        let client = tables::client(&dynamo.endpoint());
        tables::create_tables(&client, &[Table::contacts(Table::CONTACTS)]).await?;
        let settings = Settings { echo: false, ..Settings::default() };
        let options = StandinOptions { settings, ..StandinOptions::default() };
        let botmatic = BotmaticStandin::start(options.clone()).await?;
        let crm = CrmStandin::start(options).await?;
        Ok(Self { dynamo, botmatic, crm })
    }

    /// An instance with nothing between it and them.
    pub(in crate::bench) async fn instance(&self, binary: &Path) -> Result<Instance, BenchError> {
        let endpoints = [self.dynamo.endpoint(), self.botmatic.endpoint(), self.crm.endpoint()];
        instance(binary, endpoints.each_ref().map(String::as_str)).await
    }

    pub(in crate::bench) async fn stop(self) {
        self.botmatic.stop().await;
        self.crm.stop().await;
        self.dynamo.stop().await;
    }
}

impl Meters {
    /// An instance with the meters between it and the services.
    pub(super) async fn instance(&self, binary: &Path) -> Result<Instance, BenchError> {
        let endpoints = [self.dynamodb.endpoint(), self.botmatic.endpoint(), self.crm.endpoint()];
        instance(binary, endpoints.each_ref().map(String::as_str)).await
    }
}

async fn instance(
    binary: &Path,
    [dynamodb, botmatic, crm]: [&str; 3],
) -> Result<Instance, BenchError> {
    let env = [
        ("DYNAMODB_ENDPOINT", dynamodb),
        ("BOTMATIC_BASE_URL", botmatic),
        ("CRM_BASE_URL", crm),
        (Table::CONTACTS_VARIABLE, Table::CONTACTS),
        ("PATCHCORD_CONFIG", CONFIG),
        ("PATCHCORD_LOCAL", "1"),
    ];
    Instance::start(binary, &env).await
}
