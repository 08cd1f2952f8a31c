//! Why a value could not be mapped.

use std::sync::Arc;

use crate::ground::expression::ExpressionError;

/// Why a value could not be mapped. Says what was expected, never the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The value is something else.
    #[error("expected {0}")]
    Expected(Arc<str>),
    /// The expression could not be evaluated.
    #[error("the expression failed: {0}")]
    Expression(ExpressionError),
    /// The Rust function refused the value.
    #[error("the function `{name}` failed: {message}")]
    Function {
        /// Its name.
        name: Arc<str>,
        /// What it said.
        message: &'static str,
    },
}

impl Failure {
    /// Something else was expected.
    pub(super) fn expected(what: &str) -> Self {
        Self::Expected(what.into())
    }
}
