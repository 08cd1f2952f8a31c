//! The routes of a stand-in put together.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    middleware::from_fn_with_state,
};

use super::{Refusal, control, core::Core, faults};

/// What handlers know: what both stand-ins have, and what is the one's own.
pub(super) struct App<P> {
    pub(super) core: Arc<Core>,
    pub(super) part: Arc<P>,
}

impl<P> Clone for App<P> {
    fn clone(&self) -> Self {
        Self { core: Arc::clone(&self.core), part: Arc::clone(&self.part) }
    }
}

impl<P> FromRef<App<P>> for Arc<Core> {
    fn from_ref(app: &App<P>) -> Self {
        Self::clone(&app.core)
    }
}

/// An API behind the faults, and the controls beside it.
pub(super) fn routes<P: Send + Sync + 'static>(
    app: App<P>,
    api: Router<App<P>>,
    own_controls: Router<App<P>>,
) -> Router {
    let core = Arc::clone(&app.core);
    let api = api
        .fallback(async || Refusal::NotFound("path"))
        .method_not_allowed_fallback(async || Refusal::Method)
        // The layer in front of it has a limit of its own.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::clone(&core), faults::layer));
    let controls = own_controls.with_state(app.clone());
    api.with_state(app).merge(controls).merge(control::routes().with_state(core))
}
