//! The section `contacts.import` of `patchcord.yaml`.

use serde::Deserialize;
use serde_json::Value;

use super::run::{Finished, FinishedConfig};
use crate::contacts::limiter::Rate;
use crate::ground::config::{ConfigErrors, Place, read};

const DEFAULT_CONCURRENCY: usize = 8;
const MAX_CONCURRENCY: usize = 64;
const DEFAULT_FUNCTIONS: u64 = 8;
/// Every part of a job is ended in one transaction, which has 100 writes at most.
const MAX_FUNCTIONS: u64 = 50;

/// How imports are made.
#[derive(Clone)]
pub struct ImportConfig {
    /// How many calls of Botmatic and of the external service a function makes at a time. It works
    /// on three times as many pages, by which its memory is bounded.
    pub concurrency: usize,
    /// How often a function calls Botmatic in a second, at most.
    pub requests_per_second: Option<Rate>,
    /// Into how many parts a job is divided, where its source knows how many contacts it has.
    pub functions: u64,
    /// Whether an installation starts an import.
    pub on_install: bool,
    /// Who is told of the end of a job.
    pub finished: Option<Finished>,
}

impl Default for ImportConfig {
    fn default() -> Self {
        Self {
            concurrency: DEFAULT_CONCURRENCY,
            requests_per_second: None,
            functions: DEFAULT_FUNCTIONS,
            on_install: true,
            finished: None,
        }
    }
}

/// As it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    concurrency: Option<usize>,
    requests_per_second: Option<f64>,
    functions: Option<u64>,
    on_install: Option<bool>,
    finished: Option<FinishedConfig>,
}

impl ImportConfig {
    /// Understands the section `value` at `place`, which need not be there.
    pub fn from_config(
        value: Option<Value>,
        place: &Place,
        errors: &mut ConfigErrors,
    ) -> Option<Self> {
        let Some(value) = value else { return Some(Self::default()) };
        let written: Written = errors.note(read(value, place))?;
        let default = Self::default();
        let concurrency = written.concurrency.unwrap_or(default.concurrency);
        let functions = written.functions.unwrap_or(default.functions);
        for (name, is_right, expected) in [
            (
                "concurrency",
                (1..=MAX_CONCURRENCY).contains(&concurrency),
                format!("a number of calls from 1 to {MAX_CONCURRENCY}"),
            ),
            (
                "functions",
                (1..=MAX_FUNCTIONS).contains(&functions),
                format!("a number of functions from 1 to {MAX_FUNCTIONS}"),
            ),
        ] {
            if !is_right {
                errors.add(place.key(name).expected(&expected));
            }
        }
        let rate = written.requests_per_second.map(Rate::new).transpose();
        let rate = rate.map_err(|error| place.key("requests_per_second").error(error));
        let rate = errors.note(rate);
        let finished = match written.finished {
            None => None,
            Some(config) => Some(errors.note(Finished::new(&config, &place.key("finished")))?),
        };
        let on_install = written.on_install.unwrap_or(default.on_install);
        Some(Self { concurrency, requests_per_second: rate?, functions, on_install, finished })
    }
}
