//! What every [`IntegrationStore`] does, as a test that runs against each of them.

#![expect(clippy::expect_used, reason = "a failed expectation is how it reports")]

use serde_json::json;

use super::id::IntegrationId;
use super::integration::{Integration, State};
use super::store::{IntegrationError, IntegrationStore};
use crate::botmatic::Fields;
use crate::ground::secret::Secret;

/// Runs the whole contract.
///
/// # Panics
/// If the store breaks it.
pub async fn check(store: &dyn IntegrationStore) {
    let contract = Contract { store };
    contract.an_installation_keeps_its_id().await;
    contract.installing_at_once_makes_one().await;
    contract.an_id_is_taken_once().await;
    contract.a_replaced_token_is_refused().await;
    contract.a_token_belongs_to_one_integration().await;
    contract.settings_are_saved_while_it_is_installed().await;
    contract.an_uninstallation_can_be_finished_later().await;
    contract.what_is_not_there_is_not_changed().await;
    contract.nothing_secret_is_shown().await;
}

struct Contract<'a> {
    store: &'a dyn IntegrationStore,
}

fn id(name: &str) -> IntegrationId {
    IntegrationId::try_from(name.to_owned()).expect("an integration id")
}

fn token(text: &str) -> Secret {
    Secret::try_from(text.to_owned()).expect("a token")
}

fn settings(key: &str) -> Fields {
    Fields::from_iter([("api_key".to_owned(), json!(key)), ("eu".to_owned(), json!(true))])
}

impl Contract<'_> {
    async fn install(&self, text: &str, new_id: &str) -> Integration {
        self.store.install(&token(text), id(new_id)).await.expect("install")
    }

    /// The id and the state of the integration that has this token.
    async fn found(&self, text: &str) -> Option<(String, State)> {
        let found = self.store.by_token(text).await.expect("by_token");
        found.map(|found| {
            assert_eq!(found.token.expose(), text);
            (found.id.as_str().to_owned(), found.state)
        })
    }

    async fn read(&self, name: &str) -> Option<Integration> {
        self.store.by_id(&id(name)).await.expect("by_id")
    }

    async fn an_installation_keeps_its_id(&self) {
        assert_eq!(self.found("keeps").await, None);
        for new_id in ["keeps-1", "keeps-1", "keeps-2"] {
            let integration = self.install("keeps", new_id).await;
            assert_eq!(integration.id, id("keeps-1"));
            assert_eq!(integration.token.expose(), "keeps");
            assert_eq!((integration.settings.len(), integration.state), (0, State::Installed));
        }
        assert_eq!(self.found("keeps").await, Some(("keeps-1".to_owned(), State::Installed)));
        let read = self.read("keeps-1").await.expect("the integration");
        assert_eq!((read.token.expose(), read.id), ("keeps", id("keeps-1")));
        assert!(self.read("keeps-2").await.is_none());
        assert_eq!(self.found("KEEPS").await, None);
    }

    async fn installing_at_once_makes_one(&self) {
        let (one, two) = (token("at-once"), token("at-once"));
        let (one, two) = tokio::join!(
            self.store.install(&one, id("at-once-1")),
            self.store.install(&two, id("at-once-2")),
        );
        assert_eq!(one.expect("one").id, two.expect("two").id);
        let both = (self.read("at-once-1").await, self.read("at-once-2").await);
        assert_eq!(u8::from(both.0.is_some()) + u8::from(both.1.is_some()), 1);
    }

    async fn an_id_is_taken_once(&self) {
        self.install("taken", "taken-1").await;
        let error = self.store.install(&token("taken-too"), id("taken-1")).await;
        assert!(matches!(error, Err(IntegrationError::Conflict)), "{error:?}");
        assert_eq!(self.found("taken-too").await, None);
        assert_eq!(self.found("taken").await, Some(("taken-1".to_owned(), State::Installed)));
    }

    async fn a_replaced_token_is_refused(&self) {
        let of = self.install("old", "replaced").await.id;
        self.store.save_settings(&of, &settings("kept")).await.expect("save");
        for _ in 0..2 {
            let replaced = self.store.replace_token(&of, &token("new")).await.expect("replace");
            assert_eq!((replaced.id, replaced.token.expose()), (of.clone(), "new"));
            assert_eq!(replaced.settings, settings("kept"));
            assert_eq!(self.found("old").await, None);
            assert_eq!(self.found("new").await, Some(("replaced".to_owned(), State::Installed)));
        }
        // Whoever comes with the old one is somebody else.
        assert_eq!(self.install("old", "replaced-2").await.id, id("replaced-2"));
        let back = self.store.replace_token(&of, &token("old")).await;
        assert!(matches!(back, Err(IntegrationError::Conflict)), "{back:?}");
    }

    async fn a_token_belongs_to_one_integration(&self) {
        let of = self.install("mine", "mine").await.id;
        self.install("yours", "yours").await;
        let error = self.store.replace_token(&of, &token("yours")).await;
        assert!(matches!(error, Err(IntegrationError::Conflict)), "{error:?}");
        for name in ["mine", "yours"] {
            assert_eq!(self.found(name).await, Some((name.to_owned(), State::Installed)));
        }
    }

    async fn settings_are_saved_while_it_is_installed(&self) {
        let of = self.install("settings", "settings").await.id;
        for key in ["one", "two"] {
            self.store.save_settings(&of, &settings(key)).await.expect("save");
            let found = self.store.by_token("settings").await.expect("by_token");
            assert_eq!(found.map(|it| it.settings), Some(settings(key)));
        }
        self.store.begin_uninstall(&of).await.expect("begin");
        let error = self.store.save_settings(&of, &settings("three")).await;
        assert!(matches!(error, Err(IntegrationError::Uninstalling)), "{error:?}");
        assert_eq!(self.read("settings").await.map(|it| it.settings), Some(settings("two")));
    }

    async fn an_uninstallation_can_be_finished_later(&self) {
        let of = self.install("ends", "ends").await.id;
        let error = self.store.forget(&of).await;
        assert!(matches!(error, Err(IntegrationError::Installed)), "{error:?}");
        for _ in 0..2 {
            self.store.begin_uninstall(&of).await.expect("begin");
            assert_eq!(self.found("ends").await, Some(("ends".to_owned(), State::Uninstalling)));
        }
        for refused in [
            self.store.install(&token("ends"), id("ends-2")).await,
            self.store.replace_token(&of, &token("other-end")).await,
        ] {
            assert!(matches!(refused, Err(IntegrationError::Uninstalling)), "{refused:?}");
        }
        for _ in 0..2 {
            self.store.forget(&of).await.expect("forget");
            assert_eq!(self.found("ends").await, None);
            assert!(self.read("ends").await.is_none());
        }
        assert_eq!(self.install("ends", "ends-2").await.id, id("ends-2"));
    }

    async fn what_is_not_there_is_not_changed(&self) {
        let none = id("nobody");
        for refused in [
            self.store.replace_token(&none, &token("nobody")).await.map(|_| ()),
            self.store.save_settings(&none, &settings("x")).await,
            self.store.begin_uninstall(&none).await,
        ] {
            assert!(matches!(refused, Err(IntegrationError::NotFound)), "{refused:?}");
        }
        self.store.forget(&none).await.expect("forget");
        assert!(self.read("nobody").await.is_none());
        assert_eq!(self.found("nobody").await, None);
    }

    async fn nothing_secret_is_shown(&self) {
        let of = self.install("sesame", "shown").await.id;
        self.store.save_settings(&of, &settings("sesame")).await.expect("save");
        let integration = self.read("shown").await.expect("the integration");
        let shown = format!("{integration:?}");
        assert!(shown.contains("shown") && !shown.contains("sesame"), "{shown}");
    }
}
