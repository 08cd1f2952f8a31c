//! The store.

use std::sync::Arc;

use async_trait::async_trait;

use super::super::digest::TokenDigest;
use super::super::id::IntegrationId;
use super::super::integration::{Integration, State};
use super::super::store::{IntegrationError, IntegrationStore};
use super::item::{
    INSTALLED, UNINSTALLING, integration_key, open, owner_of, seal_settings, seal_token, token_key,
};
use crate::botmatic::Fields;
use crate::botmatic::settings::SettingsForm;
use crate::ground::aws::CallError;
use crate::ground::aws::dynamodb::{
    Action, DynamoDb, Item, Query, Transaction, Write, WriteOutcome, text,
};
use crate::ground::seal::Sealer;
use crate::ground::secret::Secret;

/// Rounds of looking and changing, when others change the same meanwhile.
const ROUNDS: u32 = 4;

const CREATE: &str =
    "SET sealed_token = :token, token_digest = :digest, integration_state = :installed";
const OWN: &str = "SET integration = :id";
const REPLACE: &str = "SET sealed_token = :token, token_digest = :digest";
const SAVE: &str = "SET sealed_settings = :settings";
const UNINSTALL: &str = "SET integration_state = :uninstalling";

const NEW: &str = "attribute_not_exists(pk)";
const EXISTS: &str = "attribute_exists(pk)";
const IS_INSTALLED: &str = "integration_state = :installed";
const SAME_AND_INSTALLED: &str = "token_digest = :old AND integration_state = :installed";
const SAME_AND_UNINSTALLING: &str = "token_digest = :old AND integration_state = :uninstalling";

/// Integrations in a DynamoDB table.
pub struct DynamoIntegrations {
    client: DynamoDb,
    table: String,
    sealer: Arc<Sealer>,
    form: Option<Arc<SettingsForm>>,
}

impl DynamoIntegrations {
    /// The integrations in `table`, whose keys are those of [`table`](super::super::table).
    pub fn new(client: DynamoDb, table: String, sealer: Arc<Sealer>) -> Self {
        Self { client, table, sealer, form: None }
    }

    /// The settings are those of `form`, with its defaults. Without one they are what was saved.
    #[must_use]
    pub fn form(mut self, form: Option<Arc<SettingsForm>>) -> Self {
        self.form = form;
        self
    }

    fn with_settings(&self, mut integration: Integration) -> Integration {
        if let Some(form) = &self.form {
            integration.settings = form.values(&integration.saved);
        }
        integration
    }

    async fn get(&self, key: Item) -> Result<Option<Item>, IntegrationError> {
        self.client.get(&Query::of(&self.table).key(key)).await.map_err(unavailable)
    }

    fn integration(&self, id: &IntegrationId) -> Write<'_> {
        Write::to(&self.table, integration_key(id))
    }

    fn token(&self, digest: &TokenDigest) -> Write<'_> {
        Write::to(&self.table, token_key(digest))
    }

    /// A change of one integration's item that it refuses only if it is not there, or if it is
    /// being uninstalled.
    async fn change(&self, write: Write<'_>) -> Result<(), IntegrationError> {
        let write = write.returning_refused();
        match self.client.update(&write).await.map_err(unavailable)? {
            WriteOutcome::Done(_) => Ok(()),
            WriteOutcome::Refused(None) => Err(IntegrationError::NotFound),
            WriteOutcome::Refused(Some(_)) => Err(IntegrationError::Uninstalling),
        }
    }

    /// Whether all of them were made.
    async fn transact(&self, actions: &[Action<'_>]) -> Result<bool, IntegrationError> {
        let outcome = self.client.transact(actions).await.map_err(unavailable)?;
        Ok(matches!(outcome, Transaction::Done))
    }
}

/// A call that failed.
fn unavailable(error: CallError) -> IntegrationError {
    IntegrationError::Unavailable(Box::new(error))
}

/// The integration, unless it is being uninstalled.
fn installed(integration: Integration) -> Result<Integration, IntegrationError> {
    match integration.state {
        State::Installed => Ok(integration),
        State::Uninstalling => Err(IntegrationError::Uninstalling),
    }
}

#[async_trait]
impl IntegrationStore for DynamoIntegrations {
    /// Two `GetItem` for one that is installed; one, and a transaction, for a new one.
    async fn install(
        &self,
        token: &Secret,
        new_id: IntegrationId,
    ) -> Result<Integration, IntegrationError> {
        let digest = TokenDigest::of(token.expose());
        let sealed = seal_token(&self.sealer, &new_id, token)?;
        for _ in 0..ROUNDS {
            if let Some(integration) = self.by_token(token.expose()).await? {
                return installed(integration);
            }
            let create = self.integration(&new_id).update(CREATE).on_condition(NEW);
            let create = create
                .value(":token", text(&sealed))
                .value(":digest", text(digest.as_str()))
                .value(":installed", text(INSTALLED));
            let own = self.token(&digest).update(OWN).on_condition(NEW);
            let own = own.value(":id", text(new_id.as_str()));
            if self.transact(&[Action::Update(create), Action::Update(own)]).await? {
                return Ok(self.with_settings(Integration::new(new_id, token)));
            }
            let id_is_taken = self.get(integration_key(&new_id)).await?.is_some();
            if id_is_taken && self.get(token_key(&digest)).await?.is_none() {
                return Err(IntegrationError::Conflict);
            }
        }
        Err(IntegrationError::Contended)
    }

    /// Two `GetItem`.
    async fn by_token(&self, token: &str) -> Result<Option<Integration>, IntegrationError> {
        let digest = TokenDigest::of(token);
        let Some(item) = self.get(token_key(&digest)).await? else { return Ok(None) };
        let integration = self.by_id(&owner_of(&item)?).await?;
        // Between the two its token may have been replaced.
        Ok(integration.filter(|integration| integration.digest() == digest))
    }

    /// One `GetItem`.
    async fn by_id(&self, id: &IntegrationId) -> Result<Option<Integration>, IntegrationError> {
        let item = self.get(integration_key(id)).await?;
        let integration = item.map(|item| open(&self.sealer, id, &item)).transpose()?;
        Ok(integration.map(|integration| self.with_settings(integration)))
    }

    async fn replace_token(
        &self,
        id: &IntegrationId,
        token: &Secret,
    ) -> Result<Integration, IntegrationError> {
        let digest = TokenDigest::of(token.expose());
        let sealed = seal_token(&self.sealer, id, token)?;
        for _ in 0..ROUNDS {
            let found = self.by_id(id).await?.ok_or(IntegrationError::NotFound)?;
            let integration = installed(found)?;
            let old = integration.digest();
            if old == digest {
                return Ok(integration);
            }
            let replace = self.integration(id).update(REPLACE).on_condition(SAME_AND_INSTALLED);
            let replace = replace
                .value(":token", text(&sealed))
                .value(":digest", text(digest.as_str()))
                .value(":old", text(old.as_str()))
                .value(":installed", text(INSTALLED));
            let own = self.token(&digest).update(OWN).on_condition(NEW);
            let own = own.value(":id", text(id.as_str()));
            let actions =
                [Action::Update(replace), Action::Update(own), Action::Delete(self.token(&old))];
            if self.transact(&actions).await? {
                return Ok(Integration { token: token.clone(), ..integration });
            }
            if let Some(item) = self.get(token_key(&digest)).await?
                && owner_of(&item)? != *id
            {
                return Err(IntegrationError::Conflict);
            }
        }
        Err(IntegrationError::Contended)
    }

    /// One `UpdateItem`.
    async fn save_settings(
        &self,
        id: &IntegrationId,
        settings: &Fields,
    ) -> Result<(), IntegrationError> {
        let save = self.integration(id).update(SAVE).on_condition(IS_INSTALLED);
        let save = save
            .value(":settings", text(seal_settings(&self.sealer, id, settings)?))
            .value(":installed", text(INSTALLED));
        self.change(save).await
    }

    /// One `UpdateItem`.
    async fn begin_uninstall(&self, id: &IntegrationId) -> Result<(), IntegrationError> {
        let begin = self.integration(id).update(UNINSTALL).on_condition(EXISTS);
        self.change(begin.value(":uninstalling", text(UNINSTALLING))).await
    }

    /// One `GetItem` and a transaction.
    async fn forget(&self, id: &IntegrationId) -> Result<(), IntegrationError> {
        for _ in 0..ROUNDS {
            let Some(integration) = self.by_id(id).await? else { return Ok(()) };
            if integration.state == State::Installed {
                return Err(IntegrationError::Installed);
            }
            let digest = integration.digest();
            let delete = self.integration(id).on_condition(SAME_AND_UNINSTALLING);
            let delete = delete
                .value(":old", text(digest.as_str()))
                .value(":uninstalling", text(UNINSTALLING));
            if self.transact(&[Action::Delete(delete), Action::Delete(self.token(&digest))]).await?
            {
                return Ok(());
            }
        }
        Err(IntegrationError::Contended)
    }
}
