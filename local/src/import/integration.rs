//! Whose contacts: the integration that is installed, if there is one.

use aws_sdk_dynamodb::types::AttributeValue;
use patchcord::botmatic::IntegrationId;
use patchcord::botmatic::integrations::table::PARTITION_KEY;

use super::error::ImportError;
use super::setup::Place;
use crate::tables::client;

/// So many items are looked at. Pairs are in the same table, and there may be millions of them.
const MOST_ITEMS: i32 = 200_000;
const PREFIX: &str = "integration#";
const INSTALLED: &str = "begins_with(pk, :prefix) AND integration_state = :installed";
const IS_AWS: &str = "with --aws it is not looked up";
const TOO_MANY: &str = "the table is too large to look it up";

/// The integration in `place` that is installed, if it is the only one.
pub async fn only(place: &Place) -> Result<IntegrationId, ImportError> {
    let Some(endpoint) = &place.endpoint else {
        return Err(ImportError::NotSearched { why: IS_AWS });
    };
    let mut ids = installed(endpoint, &place.table).await.map_err(|error| match error {
        Search::Failed(source) => place.unreachable(source),
        Search::TooMany => ImportError::NotSearched { why: TOO_MANY },
    })?;
    match (ids.pop(), ids.is_empty()) {
        (Some(id), true) => Ok(id),
        (None, _) => Err(ImportError::NotInstalled { table: place.table.clone() }),
        (Some(last), false) => {
            let ids = ids.into_iter().chain([last]).map(String::from).collect();
            Err(ImportError::SeveralIntegrations { ids })
        }
    }
}

enum Search {
    Failed(Box<dyn std::error::Error + Send + Sync>),
    TooMany,
}

async fn installed(endpoint: &str, table: &str) -> Result<Vec<IntegrationId>, Search> {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let scan = client(endpoint)
        .scan()
        .table_name(table)
        .filter_expression(INSTALLED)
        .expression_attribute_values(":prefix", text(PREFIX))
        .expression_attribute_values(":installed", text("installed"));
    let (mut ids, mut looked_at, mut after) = (Vec::new(), 0, None);
    loop {
        let page = scan.clone().set_exclusive_start_key(after).send().await;
        let page = page.map_err(|error| Search::Failed(error.into()))?;
        let keys = page.items().iter().filter_map(|item| item.get(PARTITION_KEY)?.as_s().ok());
        let found = keys.filter_map(|key| key.strip_prefix(PREFIX));
        ids.extend(found.filter_map(|id| IntegrationId::try_from(id.to_owned()).ok()));
        looked_at += page.scanned_count();
        after = page.last_evaluated_key;
        match after {
            None => break,
            Some(_) if looked_at >= MOST_ITEMS => {
                return Err(Search::TooMany);
            }
            Some(_) => {}
        }
    }
    ids.sort();
    Ok(ids)
}
