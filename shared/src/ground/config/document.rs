//! The file as a tree, and its parts as types.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::{ConfigError, ConfigErrors, LoadError, Place};
use super::resolve::{Parameters, Resolved, resolve};
use super::value::Part;

/// The configuration, read and with its references resolved, not yet understood.
pub struct Document {
    path: PathBuf,
    tree: Value,
    resolved: Resolved,
    errors: ConfigErrors,
}

/// Where the configuration is: `PATCHCORD_CONFIG` if it is set, or the first `patchcord.yaml` there
/// is: beside the function's code, in a layer, in the working directory.
pub fn locate(env: impl Fn(&str) -> Option<String>) -> PathBuf {
    if let Some(path) = env("PATCHCORD_CONFIG") {
        return path.into();
    }
    let beside = env("LAMBDA_TASK_ROOT").map(|root| Path::new(&root).join("patchcord.yaml"));
    let candidates = beside.into_iter().chain([PathBuf::from("/opt/patchcord.yaml")]);
    candidates.into_iter().find(|path| path.exists()).unwrap_or_else(|| "patchcord.yaml".into())
}

impl Document {
    /// Reads the file at `path` without its sections in `unused`, and resolves its references.
    pub async fn load(
        path: &Path,
        unused: &[&str],
        env: &(dyn Fn(&str) -> Option<String> + Sync),
        parameters: &dyn Parameters,
    ) -> Result<Self, LoadError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| LoadError::Missing { path: path.to_owned(), source })?;
        Self::parse(path, &text, unused, env, parameters).await
    }

    /// The same for `text`; `path` is for the error messages.
    pub async fn parse(
        path: &Path,
        text: &str,
        unused: &[&str],
        env: &(dyn Fn(&str) -> Option<String> + Sync),
        parameters: &dyn Parameters,
    ) -> Result<Self, LoadError> {
        let mut tree =
            tree(text).map_err(|message| LoadError::Syntax { path: path.to_owned(), message })?;
        if let Value::Object(sections) = &mut tree {
            sections.retain(|name, _| !unused.contains(&name.as_str()));
        }
        let mut errors = ConfigErrors::default();
        let resolved = resolve(&mut tree, env, parameters, &mut errors).await;
        Ok(Self { path: path.to_owned(), tree, resolved, errors })
    }

    /// Understands the whole file: `understand` gets its fields and notes every mistake it finds.
    pub fn understand<T>(
        self,
        understand: impl FnOnce(Section, &mut ConfigErrors) -> Option<T>,
    ) -> Result<T, LoadError> {
        let Self { path, tree, resolved, mut errors } = self;
        let value = match tree {
            Value::Object(fields) => {
                understand(Section { fields, place: Place::root() }, &mut errors)
            }
            _ => errors.note(Err(Place::root().expected("`channels:` and `bot:`"))),
        };
        for error in &mut errors.0 {
            error.message = resolved.redact(&error.message);
        }
        errors.into_result(value).map_err(|errors| LoadError::Invalid { path, errors })
    }
}

/// The text as a tree, by way of YAML's own, which refuses a key that is there twice.
fn tree(text: &str) -> Result<Value, String> {
    let yaml: yaml_serde::Value = yaml_serde::from_str(text).map_err(|error| syntax(&error))?;
    if has_tag(&yaml) {
        return Err(NO_TAGS.to_owned());
    }
    serde_json::to_value(yaml).map_err(|error| syntax(&error))
}

/// A password that begins with `!` and has no quotes becomes a tag, and so a name, which errors show.
const NO_TAGS: &str = "expected quotes around every text that begins with `!`";

/// What is wrong with the YAML. Only where a value is not what its tag (`!!int`) says is it shown.
fn syntax(error: &impl std::fmt::Display) -> String {
    let error = error.to_string();
    if error.contains("invalid value: ") { NO_TAGS.to_owned() } else { error }
}

fn has_tag(yaml: &yaml_serde::Value) -> bool {
    match yaml {
        yaml_serde::Value::Tagged(_) => true,
        yaml_serde::Value::Sequence(items) => items.iter().any(has_tag),
        yaml_serde::Value::Mapping(fields) => {
            fields.iter().any(|(name, field)| has_tag(name) || has_tag(field))
        }
        _ => false,
    }
}

/// A mapping of the file whose fields are taken out one by one.
pub struct Section {
    fields: Map<String, Value>,
    place: Place,
}

impl Section {
    /// The mapping at `place`.
    pub fn new(value: Value, place: Place) -> Result<Self, ConfigError> {
        match value {
            Value::Object(fields) => Ok(Self { fields, place }),
            _ => Err(place.expected("a mapping")),
        }
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Takes out the field `name`, if it is there.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name)
    }

    /// Takes out the text of the field `type`, which says what the other fields mean.
    pub fn take_type(&mut self, known: &str) -> Result<String, ConfigError> {
        match self.take("type") {
            Some(Value::String(kind)) => Ok(kind),
            Some(_) => {
                Err(self.place.key("type").expected(format!("one of: {known}; found no text")))
            }
            None => {
                Err(self.place.key("type").expected(format!("one of: {known}; there is no `type`")))
            }
        }
    }

    /// What has not been taken out.
    pub fn rest(self) -> Value {
        Value::Object(self.fields)
    }

    /// The fields by name, each with its place.
    pub fn into_entries(self) -> impl Iterator<Item = (String, Value, Place)> {
        let place = self.place;
        self.fields.into_iter().map(move |(name, value)| {
            let place = place.key(&name);
            (name, value, place)
        })
    }

    /// Refuses fields that nobody has taken out.
    pub fn finish(self, known: &str, errors: &mut ConfigErrors) {
        for name in self.fields.keys() {
            errors.add(self.place.key(name).error(format!("unknown; expected one of: {known}")));
        }
    }
}

/// The part of the configuration at `place` as a `T`. Give `T` `#[serde(deny_unknown_fields)]`. No
/// error shows a value.
pub fn read<T: DeserializeOwned>(value: Value, place: &Place) -> Result<T, ConfigError> {
    read_rest(value, &[], place)
}

/// The same for a part that the fields `taken` were taken out of, if they were there: whoever
/// misspells one of them is told of them, too.
pub fn read_rest<T: DeserializeOwned>(
    value: Value,
    taken: &[&'static str],
    place: &Place,
) -> Result<T, ConfigError> {
    serde_path_to_error::deserialize(Part(value)).map_err(|error| {
        let is_own_field = error.path().iter().count() == 1;
        let place = match error.path().to_string().as_str() {
            "." => place.clone(),
            path => place.key(path),
        };
        let mistake = error.into_inner();
        place.error(if is_own_field { mistake.knowing(taken) } else { mistake })
    })
}
