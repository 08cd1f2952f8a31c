//! Puts the values in the place of the references, once, when a function starts.

use async_trait::async_trait;
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::{ConfigErrors, Place};
use super::reference::{FORMS, Piece, Reference, parse};
use crate::ground::aws::Service;

const NOT_FOUND: &str = "ParameterNotFound";

/// Why a value could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// There is no such parameter or secret.
    #[error("there is no such entry")]
    NotFound,
    /// It is there, and may not be read or could not be.
    #[error("it could not be read: {0}")]
    Failed(String),
}

/// Reads parameters by name.
#[async_trait]
pub trait Parameters: Send + Sync {
    /// The decrypted value of the parameter `name`.
    async fn parameter(&self, name: &str) -> Result<String, ResolveError>;
}

/// Systems Manager's Parameter Store, which also reads Secrets Manager's entries, as
/// `/aws/reference/secretsmanager/…`
/// (<https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html>).
pub struct SsmParameters(pub Service);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetParameter<'a> {
    name: &'a str,
    with_decryption: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Got {
    parameter: Parameter,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parameter {
    value: String,
}

#[async_trait]
impl Parameters for SsmParameters {
    async fn parameter(&self, name: &str) -> Result<String, ResolveError> {
        let input = GetParameter { name, with_decryption: true };
        match self.0.call::<Got>("GetParameter", &input).await {
            Ok(got) => Ok(got.parameter.value),
            Err(error) if error.refusal().is_some_and(|refusal| refusal.code == NOT_FOUND) => {
                Err(ResolveError::NotFound)
            }
            Err(error) => Err(ResolveError::Failed(error.to_string())),
        }
    }
}

/// The values that were put in, each with what it was put in for, so that no error shows them.
#[derive(Debug, Default)]
pub(super) struct Resolved(Vec<(String, String)>);

impl Resolved {
    /// `message` with every value replaced by the reference it came from, also where the message
    /// quotes it. Longer values first: one may begin another.
    pub fn redact(&self, message: &str) -> String {
        let mut values: Vec<_> = self.0.iter().filter(|(value, _)| !value.is_empty()).collect();
        values.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        values.into_iter().fold(message.to_owned(), |message, (value, reference)| {
            let quoted = value.escape_debug().to_string();
            message.replace(value, reference).replace(&quoted, reference)
        })
    }
}

/// Replaces every reference in `tree`. Everything is looked up at the same time.
pub(super) async fn resolve(
    tree: &mut Value,
    env: &(dyn Fn(&str) -> Option<String> + Sync),
    parameters: &dyn Parameters,
    errors: &mut ConfigErrors,
) -> Resolved {
    let mut texts = Vec::new();
    collect(tree, &Place::root(), &mut texts);
    let mut resolved = Resolved::default();
    let lookups = texts.into_iter().map(|(place, text)| async move {
        let Some(pieces) = parse(text) else { return Err(place.expected(FORMS)) };
        let mut value = String::new();
        let mut used = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => value.push_str(&literal),
                Piece::Reference(reference) => {
                    let found = look_up(&reference, env, parameters).await;
                    // What stands around it in the text may be a secret as well.
                    let reference = reference.to_string();
                    let found =
                        found.map_err(|error| place.error(format!("{reference}: {error}")))?;
                    value.push_str(&found);
                    used.push((found, reference));
                }
            }
        }
        *text = value;
        Ok(used)
    });
    for result in join_all(lookups).await {
        resolved.0.extend(errors.note(result).into_iter().flatten());
    }
    resolved
}

/// Every text in `tree` that may hold a reference.
fn collect<'a>(tree: &'a mut Value, place: &Place, texts: &mut Vec<(Place, &'a mut String)>) {
    match tree {
        Value::String(text) if text.contains("${") => texts.push((place.clone(), text)),
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                collect(item, &place.key(&index.to_string()), texts);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                collect(field, &place.key(name), texts);
            }
        }
        _ => {}
    }
}

async fn look_up(
    reference: &Reference,
    env: &(dyn Fn(&str) -> Option<String> + Sync),
    parameters: &dyn Parameters,
) -> Result<String, ResolveError> {
    match reference {
        Reference::Env(name) => env(name).ok_or(ResolveError::NotFound),
        Reference::Ssm(name) => parameters.parameter(name).await,
        Reference::Secret { name, key } => {
            let name = format!("/aws/reference/secretsmanager/{name}");
            let value = parameters.parameter(&name).await?;
            let Some(key) = key else { return Ok(value) };
            let fields: Value = serde_json::from_str(&value)
                .map_err(|_| ResolveError::Failed("expected a JSON object".to_owned()))?;
            match fields.get(key) {
                Some(Value::String(text)) => Ok(text.clone()),
                Some(Value::Number(number)) => Ok(number.to_string()),
                Some(_) => Err(ResolveError::Failed(format!("expected a text in `{key}`"))),
                None => Err(ResolveError::NotFound),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    struct Fixed;

    #[async_trait]
    impl Parameters for Fixed {
        async fn parameter(&self, name: &str) -> Result<String, ResolveError> {
            match name {
                "/patchcord/token" => Ok("from ssm".to_owned()),
                "/aws/reference/secretsmanager/patchcord/crm" => {
                    Ok(r#"{"key": "from secret"}"#.to_owned())
                }
                _ => Err(ResolveError::NotFound),
            }
        }
    }

    fn env(name: &str) -> Option<String> {
        (name == "HOST").then(|| "example.com".to_owned())
    }

    #[tokio::test]
    async fn references_become_values_anywhere_in_the_tree() {
        let mut tree = json!({
            "a": "${ssm:/patchcord/token}",
            "b": ["${secret:patchcord/crm#key}", 3],
            "c": { "url": "https://${env:HOST}/x" },
        });
        let mut errors = ConfigErrors::default();
        let resolved = resolve(&mut tree, &env, &Fixed, &mut errors).await;
        let expected = json!({"a": "from ssm", "b": ["from secret", 3], "c": {"url": "https://example.com/x"}});
        assert_eq!((tree, errors), (expected, ConfigErrors::default()));
        let message = resolved.redact("invalid type: string \"from ssm\"");
        assert_eq!(message, "invalid type: string \"${ssm:/patchcord/token}\"");
        let pair = |value: &str, name: &str| (value.to_owned(), format!("<{name}>"));
        let resolved = Resolved(vec![pair("abc", "1"), pair("abcdef", "2"), pair("a\"b", "3")]);
        assert_eq!(resolved.redact("abcdef, abc, \"a\\\"b\""), "<2>, <1>, \"<3>\"");
    }

    #[tokio::test]
    async fn every_missing_value_is_reported_with_its_place() {
        let mut tree = json!({
            "x": {"token": "${env:NOPE}"},
            "y": "https://me:s3cret@${ssm:/nope}",
            "z": "${nope}",
            "key": "${secret:no#pe}",
        });
        let mut errors = ConfigErrors::default();
        resolve(&mut tree, &env, &Fixed, &mut errors).await;
        let lines = errors.to_string();
        assert!(lines.contains("x.token: ${env:NOPE}: there is no such entry"), "{lines}");
        assert!(lines.contains("y: ${ssm:/nope}: there is no such entry"), "{lines}");
        assert!(lines.contains("z: expected `${env:NAME}`"), "{lines}");
        assert!(lines.contains("key: ${secret:no#pe}: there is no such entry"), "{lines}");
        assert!(!lines.contains("s3cret"), "{lines}");
    }
}
