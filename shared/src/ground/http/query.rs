//! Parameters of a query.

use http::Uri;
use reqwest::Url;

/// The parameter `name` of the query, decoded.
pub fn query_parameter(uri: &Uri, name: &str) -> Option<String> {
    let url = parsed(uri)?;
    let (_, value) = url.query_pairs().find(|(found, _)| found == name)?;
    Some(value.into_owned())
}

/// Refuses a parameter that is none of `known`, rather than to answer something else than was meant.
pub fn only_parameters(uri: &Uri, known: &[&str]) -> Result<(), String> {
    let url = parsed(uri);
    let mut names = url.iter().flat_map(|url| url.query_pairs().map(|(name, _)| name));
    let Some(unknown) = names.find(|name| !known.contains(&&**name)) else { return Ok(()) };
    let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    Err(format!("unknown parameter `{unknown}`: expected {}", known.join(" or ")))
}

fn parsed(uri: &Uri) -> Option<Url> {
    let query = uri.query()?;
    Url::parse(&format!("http://localhost/?{query}")).ok()
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

    #[test]
    fn a_parameter_that_nobody_knows_is_refused() {
        for (uri, expected) in [
            ("/imports", Ok(())),
            ("/imports?a=1", Ok(())),
            ("/imports?b=2&a=1", Ok(())),
            ("/imports?a=1&c=2", Err("unknown parameter `c`: expected `a` or `b`".to_owned())),
        ] {
            assert_eq!(only_parameters(&Uri::from_static(uri), &["a", "b"]), expected, "{uri}");
        }
    }
}
