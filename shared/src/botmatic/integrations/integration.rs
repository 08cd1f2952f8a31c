//! One installation.

use std::fmt;

use super::digest::TokenDigest;
use super::id::IntegrationId;
use crate::botmatic::Fields;
use crate::ground::secret::Secret;

/// One installation of the integration.
#[derive(Clone)]
pub struct Integration {
    /// What it is called here, for as long as it is installed.
    pub id: IntegrationId,
    /// Its token with Botmatic, which may be replaced.
    pub token: Secret,
    /// What its settings page saved, as it is stored. For the page alone.
    pub saved: Fields,
    /// The same as templates see it: with the defaults of fields that were not there when it was
    /// saved, and without those that are empty.
    pub settings: Fields,
    /// Whether it still is installed.
    pub state: State,
}

/// How far an installation is from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is installed.
    Installed,
    /// It is being uninstalled: what belongs to it is deleted, and it last of all.
    Uninstalling,
}

impl Integration {
    /// One that has just been installed.
    pub(super) fn new(id: IntegrationId, token: &Secret) -> Self {
        let (saved, settings) = (Fields::new(), Fields::new());
        Self { id, token: token.clone(), saved, settings, state: State::Installed }
    }

    /// Whether it is, and nobody has begun to uninstall it.
    pub fn is_installed(&self) -> bool {
        self.state == State::Installed
    }

    /// By what its token is found.
    pub(super) fn digest(&self) -> TokenDigest {
        TokenDigest::of(self.token.expose())
    }
}

impl fmt::Debug for Integration {
    /// Settings hold passwords: they are not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Integration");
        shown.field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}
