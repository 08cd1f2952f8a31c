//! The sections `botmatic` and `contacts` of `patchcord.yaml`, understood.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::botmatic::api::{BotmaticApi, DEFAULT_BASE_URL};
use crate::botmatic::endpoint::{Forward, ForwardConfig, Handlers, Kind, Pattern};
use crate::botmatic::settings::SettingsForm;
use crate::contacts::consumer::ExternalConsumer;
use crate::contacts::consumer::registry::Consumers;
use crate::contacts::import::ImportConfig;
use crate::contacts::mapping::{Functions, Mappings};
use crate::contacts::path::FieldPath;
use crate::contacts::push::Pushes;
use crate::ground::config::{ConfigError, ConfigErrors, Document, LoadError, Place, Section, read};
use crate::ground::http::HttpParts;
use crate::ground::seal::Sealer;
use crate::ground::secret::Secret;

const SECTIONS: &str = "channels, bot, sessions, botmatic, contacts";
const BOTMATIC: &str = "encryption_keys, admin_key, settings, events, actions";
const CONTACTS: &str = "mappings, ext_id_key, consumer, push, updated_at, settle_seconds, import";
const DEFAULT_SETTLE_SECONDS: u64 = 60;
/// Creations in doubt wait for so long, and imports with them. More is a mistake, such as
/// milliseconds.
const MAX_SETTLE_SECONDS: u64 = 3_600;

/// What the configuration says about the function `botmatic`.
pub struct BotmaticConfig {
    /// Botmatic's API.
    pub api: Arc<BotmaticApi>,
    /// Seals tokens and settings.
    pub sealer: Arc<Sealer>,
    /// Who may replace tokens.
    pub admin_key: Option<Secret>,
    /// The settings page.
    pub form: Option<Arc<SettingsForm>>,
    /// Forwarded events and actions.
    pub handlers: Handlers,
    /// The contacts that are kept in step.
    pub contacts: Option<ContactsConfig>,
}

/// The section `contacts`.
pub struct ContactsConfig {
    /// What a contact of one side is on the other.
    pub mappings: Mappings,
    /// The external service.
    pub consumer: Arc<dyn ExternalConsumer>,
    /// What may be pushed.
    pub pushes: Pushes,
    /// Where a contact of Botmatic's says when it was changed.
    pub updated_at: FieldPath,
    /// Within which both services have told of a change.
    pub settle: Duration,
    /// How imports are made.
    pub import: ImportConfig,
}

/// Which events or actions are forwarded, and where.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HandlerConfig {
    /// This name, …
    name: Option<String>,
    /// … or every name that this regular expression describes.
    pattern: Option<String>,
    forward: ForwardConfig,
}

/// What the configuration cannot bring along: transforms and consumers written in Rust.
#[derive(Default)]
pub struct Extensions {
    /// Transforms of mappings.
    pub functions: Functions,
    /// Consumers besides the built-in ones.
    pub consumers: Option<Consumers>,
}

impl BotmaticConfig {
    /// Understands the two sections of `document`, or says everything that is wrong with them.
    pub fn from_document(
        document: Document,
        base_url: Option<&str>,
        extensions: Extensions,
        parts: &HttpParts,
    ) -> Result<Self, LoadError> {
        document.understand(|mut file, errors| {
            let file_place = file.place().clone();
            let place = file_place.key("botmatic");
            let missing = || file_place.expected("a section `botmatic`, with `encryption_keys`");
            let section = file.take("botmatic").ok_or_else(missing);
            let section = section.and_then(|section| Section::new(section, place));
            let section = errors.note(section);
            let contacts = file.take("contacts").map(|value| {
                let place = file.place().key("contacts");
                let section = errors.note(Section::new(value, place));
                section.and_then(|section| read_contacts(section, extensions, parts, errors))
            });
            file.finish(SECTIONS, errors);
            let place = Place::root().key("BOTMATIC_BASE_URL");
            let base_url = base_url.unwrap_or(DEFAULT_BASE_URL);
            let api = errors.note(BotmaticApi::new(parts.clone(), base_url, &place));
            let mut config = read_botmatic(section?, api?, parts, errors)?;
            config.contacts = match contacts {
                None => None,
                Some(contacts) => Some(contacts?),
            };
            Some(config)
        })
    }
}

fn read_botmatic(
    mut section: Section,
    api: BotmaticApi,
    parts: &HttpParts,
    errors: &mut ConfigErrors,
) -> Option<BotmaticConfig> {
    let place = section.place().clone();
    let keys = place.key("encryption_keys");
    let sealer = match section.take("encryption_keys") {
        Some(value) => Sealer::from_config(value, &keys),
        None => {
            Err(keys.expected("a key of at least 32 characters, such as ${ssm:/patchcord/key}"))
        }
    };
    let sealer = errors.note(sealer);
    let admin_key = section.take("admin_key");
    let admin_key = admin_key.map(|value| errors.note(read(value, &place.key("admin_key"))));
    let form = section
        .take("settings")
        .map(|value| SettingsForm::compile(value, &place.key("settings"), errors));
    let mut handlers = Handlers::default();
    for (kind, name) in [(Kind::Event, "events"), (Kind::Action, "actions")] {
        if let Some(value) = section.take(name) {
            handlers = read_handlers(kind, value, &place.key(name), handlers, parts, errors);
        }
    }
    section.finish(BOTMATIC, errors);
    Some(BotmaticConfig {
        api: Arc::new(api),
        sealer: Arc::new(sealer?),
        admin_key: admin_key.map_or(Some(None), |key| key.map(Some))?,
        form: form.map_or(Some(None), |form| form.map(Arc::new).map(Some))?,
        handlers,
        contacts: None,
    })
}

fn read_handlers(
    kind: Kind,
    value: Value,
    place: &Place,
    handlers: Handlers,
    parts: &HttpParts,
    errors: &mut ConfigErrors,
) -> Handlers {
    let Value::Array(list) = value else {
        errors.add(place.expected("a list"));
        return handlers;
    };
    list.into_iter().enumerate().fold(handlers, |handlers, (index, value)| {
        let place = place.key(&index.to_string());
        let handler = read(value, &place).and_then(|config: HandlerConfig| {
            let pattern = match (config.name, config.pattern) {
                (Some(name), None) => Pattern::name(&name),
                (None, Some(pattern)) => Pattern::regex(&pattern),
                _ => return Err(place.expected("either `name` or `pattern`")),
            };
            let pattern = pattern.map_err(|error| place.key("pattern").error(error))?;
            let forward = Forward::new(config.forward, &place.key("forward"), parts)?;
            Ok((pattern, forward))
        });
        match errors.note(handler) {
            Some((pattern, forward)) => handlers.with(kind, pattern, forward),
            None => handlers,
        }
    })
}

fn read_contacts(
    mut section: Section,
    extensions: Extensions,
    parts: &HttpParts,
    errors: &mut ConfigErrors,
) -> Option<ContactsConfig> {
    let place = section.place().clone();
    let list = section.take("mappings").unwrap_or_else(|| Value::Array(Vec::new()));
    let ext_id_key = section.take("ext_id_key").map(|value| (value, place.key("ext_id_key")));
    let mappings =
        Mappings::compile(list, &place.key("mappings"), ext_id_key, &extensions.functions, errors);
    let consumers = extensions.consumers.unwrap_or_else(Consumers::built_in);
    let consumer = place.key("consumer");
    let consumer = match section.take("consumer") {
        Some(value) => match consumers.make(value, parts.clone(), &consumer) {
            Ok(consumer) => Some(consumer),
            Err(found) => {
                found.0.into_iter().for_each(|error| errors.add(error));
                None
            }
        },
        None => errors.note(Err(consumer.expected("the external service, with a `type`"))),
    };
    let pushes = Pushes::compile(section.take("push"), &place.key("push"), errors);
    let updated_at = section.take("updated_at").unwrap_or_else(|| "updated_at".into());
    let updated_at = updated_at.as_str().map(FieldPath::parse).and_then(Result::ok);
    let expected = || place.key("updated_at").expected("a field of Botmatic's contacts");
    let updated_at = errors.note(updated_at.ok_or_else(expected));
    let settle = match section.take("settle_seconds") {
        Some(value) => errors.note(read_settle(value, &place.key("settle_seconds"))),
        None => Some(DEFAULT_SETTLE_SECONDS),
    };
    let import = ImportConfig::from_config(section.take("import"), &place.key("import"), errors);
    section.finish(CONTACTS, errors);
    Some(ContactsConfig {
        mappings: mappings?,
        consumer: consumer?,
        pushes: pushes?,
        updated_at: updated_at?,
        settle: Duration::from_secs(settle?),
        import: import?,
    })
}

fn read_settle(value: Value, place: &Place) -> Result<u64, ConfigError> {
    let seconds = read(value, place)?;
    let expected = || format!("a whole number of seconds from 0 to {MAX_SETTLE_SECONDS}");
    let is_right = seconds <= MAX_SETTLE_SECONDS;
    is_right.then_some(seconds).ok_or_else(|| place.expected(expected()))
}
