//! Parameters of a query.

use http::Uri;
use reqwest::Url;

/// The parameter `name` of the query, decoded.
pub fn query_parameter(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    let url = Url::parse(&format!("http://localhost/?{query}")).ok()?;
    let (_, value) = url.query_pairs().find(|(found, _)| found == name)?;
    Some(value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_found_by_its_name_and_decoded() {
        let uri = Uri::from_static("/imports?a=1&failures_after=id%23c-1&b=x+y");
        for (name, expected) in
            [("a", Some("1")), ("failures_after", Some("id#c-1")), ("b", Some("x y")), ("c", None)]
        {
            assert_eq!(query_parameter(&uri, name).as_deref(), expected, "{name}");
        }
        assert_eq!(query_parameter(&Uri::from_static("/imports"), "a"), None);
    }
}
