//! What an import asks of the store, without the rest of it.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream};
use patchcord::{
    botmatic::{BotmaticId, IntegrationId},
    contacts::{
        ExternalId, Side,
        pairs::{BegunOutside, CreationKey, DynamoPairs, NewPair, PairError, PairStore, View},
    },
    ground::clock::{Clock as _, SystemClock},
};
use serde_json::json;
use tokio::time::Instant;

use super::figures::{CONTACTS, PAGE_SIZE};
use crate::{
    bench::{BenchError, botmatic::services::Services},
    tables::{self, Table},
};

const INTEGRATION: &str = "store-alone";
const OWNER: &str = "benchmark";
const CLAIMED_FOR: Duration = Duration::from_mins(1);

/// The times of all pages, one after the other.
pub(super) async fn pages_alone() -> Result<Vec<Duration>, BenchError> {
    let mut times = Vec::new();
    with_store(async |store| {
        for page in 0..pages() {
            let begun = Instant::now();
            save(store, page).await?;
            times.push(begun.elapsed());
        }
        Ok(())
    })
    .await?;
    Ok(times)
}

/// The time of all pages, so many at a time.
pub(super) async fn all_at_once(concurrency: u16) -> Result<Duration, BenchError> {
    let begun = Instant::now();
    with_store(async |store| {
        let saving = (0..pages()).map(|page| save(store, page));
        let mut saving = stream::iter(saving).buffer_unordered(usize::from(concurrency));
        while let Some(saved) = saving.next().await {
            saved?;
        }
        Ok(())
    })
    .await?;
    Ok(begun.elapsed())
}

async fn with_store(
    work: impl AsyncFnOnce(&DynamoPairs) -> Result<(), BenchError>,
) -> Result<(), BenchError> {
    let services = Services::start().await?;
    let client = tables::functions_client(&services.dynamo.endpoint())?;
    let store = DynamoPairs::new(client, Table::CONTACTS.to_owned(), Arc::new(SystemClock));
    work(&store).await?;
    services.stop().await;
    Ok(())
}

fn pages() -> u64 {
    CONTACTS.div_ceil(u64::from(PAGE_SIZE))
}

/// What an import does about the contacts of a page, but for creating them.
async fn save(store: &DynamoPairs, page: u64) -> Result<(), BenchError> {
    let numbers = || (0..u64::from(PAGE_SIZE)).map(|index| page * u64::from(PAGE_SIZE) + index);
    let integration = IntegrationId::try_from(INTEGRATION.to_owned());
    let integration = integration.map_err(|_| PairError::Corrupt("expected an id"))?;
    let ids = numbers().map(|number| ExternalId::new(format!("c-{number}")));
    let ids: Vec<_> = ids.collect::<Result<_, _>>().map_err(|_| corrupt())?;
    store.known_outside(&integration, &ids).await?;
    let key = |id: &ExternalId| CreationKey::of_address(id.as_str());
    let creations: Vec<_> = ids.into_iter().map(|id| (id.clone(), key(&id))).collect();
    let (now, until) = (SystemClock.now(), SystemClock.now() + CLAIMED_FOR);
    let begun = store.begin_creations(&integration, &creations, OWNER, until, now).await?;
    let pairs = numbers().zip(begun).map(|(number, begun)| {
        let botmatic = BotmaticId::new(number.to_string()).map_err(|_| corrupt())?;
        match begun {
            BegunOutside::Begun(lease) => Ok(NewPair { lease, botmatic, view: view(number) }),
            _ => Err(corrupt()),
        }
    });
    let pairs: Vec<_> = pairs.collect::<Result<_, PairError>>()?;
    for saved in store.pair_many(&pairs).await? {
        saved?;
    }
    Ok(())
}

fn corrupt() -> PairError {
    PairError::Corrupt("expected a contact of which nothing is known")
}

/// As large as that of a generated contact.
fn view(number: u64) -> View {
    let mut view = View::default();
    for name in ["email", "firstname", "lastname", "phone", "city", "score"] {
        for side in [Side::Botmatic, Side::External] {
            view.note(side, name, &json!(number));
        }
    }
    view
}
