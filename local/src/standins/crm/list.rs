//! `GET /contacts`: by e-mail address, or all of them by page, by offset, or by cursor.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Crm;
use crate::standins::{Refusal, app::App, contacts::Contacts, extract::Caller, part::Part as _};

/// How many contacts a page has at most.
const MOST: usize = 200;

/// A parameter that is not here is refused, as is a mixture of ways of paging.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parameters {
    email: Option<String>,
    #[serde(default = "thirty")]
    limit: usize,
    page: Option<usize>,
    offset: Option<usize>,
    cursor: Option<String>,
}

const fn thirty() -> usize {
    30
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Offset(usize),
    After(u64),
}

/// `{"contacts", "total", "next_cursor"}`; the cursor is null on the last page.
pub(super) async fn list(
    State(app): State<App<Crm>>,
    Caller(tenant): Caller,
    parameters: Result<Query<Parameters>, QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    let Query(parameters) =
        parameters.map_err(|_| expected("email, limit, page, offset, cursor"))?;
    if let Some(email) = &parameters.email {
        let (found, _) = app.core.select(&tenant, |contacts| contacts.by_email(email))?;
        let found: Vec<Value> = found.iter().map(|contact| app.part.render(contact)).collect();
        return Ok(Json(json!({ "contacts": found })));
    }
    let (from, limit) = (parameters.from(&app.part)?, parameters.limit);
    let (mut page, total) = app.core.select(&tenant, |contacts| one_more(contacts, from, limit))?;
    let has_more = page.len() > limit;
    page.truncate(limit);
    let next_cursor = page.last().filter(|_| has_more).map(|last| &last.id);
    let rendered: Vec<Value> = page.iter().map(|contact| app.part.render(contact)).collect();
    Ok(Json(json!({ "contacts": rendered, "total": total, "next_cursor": next_cursor })))
}

impl Parameters {
    fn from(&self, part: &Crm) -> Result<From, Refusal> {
        if !(1..=MOST).contains(&self.limit) {
            return Err(expected("limit: from 1 to 200"));
        }
        match (self.page, self.offset, &self.cursor) {
            (None, None, None) => Ok(From::Offset(0)),
            (Some(0), None, None) => Err(expected("page: from 1")),
            (Some(page), None, None) => Ok(From::Offset((page - 1).saturating_mul(self.limit))),
            (None, Some(offset), None) => Ok(From::Offset(offset)),
            (None, None, Some(cursor)) => {
                part.number(cursor).map(From::After).ok_or_else(|| expected("cursor: one of ours"))
            }
            _ => Err(expected("one of page, offset, cursor")),
        }
    }
}

/// The page, and one contact of the next if there is one.
fn one_more(contacts: &Contacts, from: From, limit: usize) -> Vec<u64> {
    let after = match from {
        From::Offset(offset) => contacts.before_offset(offset),
        From::After(number) => number,
    };
    contacts.after(after).take(limit + 1).collect()
}

fn expected(what: &str) -> Refusal {
    Refusal::Invalid(format!("expected {what}"))
}
