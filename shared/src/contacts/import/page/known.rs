//! What is known of the contacts of a page.

use crate::botmatic::IntegrationId;
use crate::contacts::ExternalId;
use crate::contacts::import::importer::Importer;
use crate::contacts::pairs::{Known, PairError};

impl Importer {
    /// What is known of each of these, in their order. One of which what is stored cannot be read
    /// does not stop the others.
    pub(in crate::contacts::import) async fn known(
        &self,
        integration: &IntegrationId,
        ids: &[ExternalId],
    ) -> Result<Vec<Result<Known, PairError>>, PairError> {
        let _store = self.store_permit().await;
        let pairs = &self.parts.pairs;
        match pairs.known_outside(integration, ids).await {
            Ok(known) => return Ok(known.into_iter().map(Ok).collect()),
            Err(PairError::Corrupt(_)) => {}
            Err(error) => return Err(error),
        }
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            match pairs.known_outside(integration, std::slice::from_ref(id)).await {
                Ok(known) => all.extend(known.into_iter().map(Ok)),
                Err(error @ PairError::Corrupt(_)) => all.push(Err(error)),
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }
}
