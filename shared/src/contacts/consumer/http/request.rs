//! A request of the configuration, and what becomes of it once it is filled in.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use reqwest::Url;
use serde_json::Value;

use super::address::Address;
use super::template::{Leaf, text, unsendable};
use super::tree::Tree;
use crate::contacts::consumer::ConsumerError;
use crate::ground::config::Place;
use crate::ground::http::percent_encode;

/// A request to be filled in.
pub(super) struct RequestTemplate {
    pub method: Method,
    pub target: Target,
    pub query: Vec<(String, Tree)>,
    pub headers: Vec<(HeaderName, Leaf)>,
    pub body: Body,
    pub place: Place,
}

/// Where a request goes.
pub(super) enum Target {
    /// To a path below the base URL.
    Path(Address),
    /// Anywhere.
    Whole(Address),
}

/// What a request carries.
pub(super) enum Body {
    None,
    Json(Tree),
    Form(Vec<(String, Tree)>),
}

/// A request that can be sent, as often as need be. It has no `Debug`.
#[derive(Clone)]
pub(super) struct Prepared {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Option<(HeaderValue, Bytes)>,
}

impl RequestTemplate {
    /// The request for these variables.
    pub fn prepare(&self, base: &Address, variables: &Value) -> Result<Prepared, ConsumerError> {
        let address = match &self.target {
            Target::Whole(address) => address.render(variables)?,
            Target::Path(path) => {
                let base = base.render(variables)?;
                format!("{}{}", base.trim_end_matches('/'), path.render(variables)?)
            }
        };
        let mut url = Url::parse(&address)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| unsendable(&self.place, "the base URL is not an address"))?;
        let query = pairs(&self.query, variables)?;
        if !query.is_empty() {
            url.set_query(Some(&query));
        }
        let body = match &self.body {
            Body::None => None,
            Body::Json(tree) => {
                let json = tree.eval(variables)?.unwrap_or_default();
                Some((HeaderValue::from_static("application/json"), Bytes::from(json.to_string())))
            }
            Body::Form(fields) => {
                let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
                Some((kind, Bytes::from(pairs(fields, variables)?)))
            }
        };
        let headers = headers(&self.headers, variables)?;
        Ok(Prepared { method: self.method.clone(), url, headers, body })
    }
}

/// Names and values as a query and a form write them. What is undefined or null is left out; a
/// list becomes a pair for each of its items.
fn pairs(fields: &[(String, Tree)], variables: &Value) -> Result<String, ConsumerError> {
    let mut pairs = Vec::new();
    for (name, tree) in fields {
        let values = match tree.eval(variables)? {
            None => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(value) => vec![value],
        };
        let values = values.iter().filter_map(text);
        pairs.extend(
            values.map(|value| format!("{}={}", percent_encode(name), percent_encode(&value))),
        );
    }
    Ok(pairs.join("&"))
}

/// Headers filled in. A value with a line break is none, so a contact cannot add a header.
pub(super) fn headers(
    templates: &[(HeaderName, Leaf)],
    variables: &Value,
) -> Result<HeaderMap, ConsumerError> {
    let mut headers = HeaderMap::with_capacity(templates.len());
    for (name, leaf) in templates {
        if let Some(value) = leaf.text(variables)? {
            headers.insert(name.clone(), header_value(&value, leaf.place())?);
        }
    }
    Ok(headers)
}

/// `text` as the value of a header, not to be shown by anything that logs headers.
pub(super) fn header_value(text: &str, place: &Place) -> Result<HeaderValue, ConsumerError> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| unsendable(place, "expected no line break and no control character"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_not_shown_and_has_one_line() {
        let place = Place::root().key("headers");
        let value = header_value("Bearer sesame", &place).unwrap();
        assert_eq!(
            (value.as_bytes(), format!("{value:?}").as_str()),
            (&b"Bearer sesame"[..], "Sensitive")
        );
        assert!(header_value("a\r\nX-Admin: 1", &place).is_err());
    }
}
