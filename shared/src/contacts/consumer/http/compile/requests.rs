//! The section `operations`.

use http::{HeaderName, Method};
use serde_json::{Map, Value};

use super::{headers, optional_path, shape};
use crate::contacts::consumer::Operation;
use crate::contacts::consumer::http::address::Address;
use crate::contacts::consumer::http::config::{
    HttpConsumerConfig, PagingConfig, PagingKind, RequestConfig,
};
use crate::contacts::consumer::http::consumer::{Request, Requests};
use crate::contacts::consumer::http::paging::Paging;
use crate::contacts::consumer::http::request::{Body, RequestTemplate, Target};
use crate::contacts::consumer::http::tree::Tree;
use crate::ground::config::{ConfigError, ConfigErrors, Place};

pub(super) fn compile(
    config: &HttpConsumerConfig,
    taken: Option<&HeaderName>,
    place: &Place,
    errors: &mut ConfigErrors,
) -> Requests {
    let all = &config.operations;
    let mut compile = |operation: Operation, request: &Option<RequestConfig>| {
        let request = request.as_ref()?;
        let compiled = request_of(config, taken, operation, request, place);
        errors.note(compiled)
    };
    let create = compile(Operation::CreateContact, &all.create_contact);
    let get = compile(Operation::GetContact, &all.get_contact);
    let find = compile(Operation::GetContactByEmail, &all.get_contact_by_email);
    let list = compile(Operation::ListContacts, &all.list_contacts);
    let update = compile(Operation::UpdateContact, &all.update_contact);
    let delete = compile(Operation::DeleteContact, &all.delete_contact);
    let then_get = all.get_contact_by_email.as_ref().and_then(|find| find.then_get);
    let read_first = all.update_contact.as_ref().and_then(|update| update.read_first.clone());
    let read_first = read_first.unwrap_or_default();
    let needs_get = then_get == Some(true) || !read_first.is_empty();
    let operations = place.key("operations");
    if needs_get && all.get_contact.is_none() {
        errors.add(operations.key("get_contact").expected("a request, as another one needs it"));
    }
    let paging = all.list_contacts.as_ref().map(|list| {
        let place = operations.key("list_contacts").key("paging");
        errors.note(paging(list.paging.as_ref(), &place))
    });
    Requests {
        create,
        idempotent: all.create_contact.as_ref().and_then(|it| it.idempotent) == Some(true),
        get,
        find,
        then_get: then_get == Some(true),
        list: list.zip(paging.flatten()),
        update,
        read_first,
        delete,
    }
}

/// The variables of an operation's request.
fn variables(operation: Operation) -> &'static [&'static str] {
    match operation {
        Operation::CreateContact => &["settings", "contact", "idempotency_key"],
        Operation::GetContact | Operation::DeleteContact => &["settings", "id"],
        Operation::GetContactByEmail => &["settings", "email"],
        Operation::ListContacts => &["settings", "limit", "page", "offset", "cursor"],
        Operation::UpdateContact => &["settings", "id", "contact", "current"],
    }
}

fn request_of(
    consumer: &HttpConsumerConfig,
    taken: Option<&HeaderName>,
    operation: Operation,
    config: &RequestConfig,
    place: &Place,
) -> Result<Request, ConfigError> {
    let all_headers = headers(&consumer.headers, taken, &["settings"], &place.key("headers"))?;
    let contact = config.contact.as_ref();
    let common = shape(&consumer.contact, &place.key("contact"))?;
    let place = place.key("operations").key(operation.as_str());
    check_belongs(operation, config, &place)?;
    let known = variables(operation);
    let method = Method::from_bytes(config.method.as_bytes()).ok();
    let method = method.filter(|method| {
        [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method)
    });
    let mut headers = headers(&config.headers, taken, known, &place.key("headers"))?;
    headers.splice(0..0, all_headers);
    let template = RequestTemplate {
        method: method
            .ok_or_else(|| place.key("method").expected("GET, POST, PUT, PATCH or DELETE"))?,
        target: Target::Path(Address::path(&config.path, known, &place.key("path"))?),
        query: fields(&config.query, known, &place.key("query"))?,
        headers,
        body: body(config.json.as_ref(), config.form.as_ref(), known, &place)?,
        place: place.clone(),
    };
    let own = contact.map(|contact| shape(contact, &place.key("contact"))).transpose()?;
    Ok(Request {
        template,
        result: optional_path(config.result.as_deref(), &place.key("result"))?,
        shape: own.unwrap_or(common),
    })
}

/// Refuses what means something for another operation only.
fn check_belongs(
    operation: Operation,
    config: &RequestConfig,
    place: &Place,
) -> Result<(), ConfigError> {
    for (name, is_given, belongs_to) in [
        ("idempotent", config.idempotent.is_some(), Operation::CreateContact),
        ("then_get", config.then_get.is_some(), Operation::GetContactByEmail),
        ("paging", config.paging.is_some(), Operation::ListContacts),
        ("read_first", config.read_first.is_some(), Operation::UpdateContact),
    ] {
        if is_given && operation != belongs_to {
            return Err(place.key(name).expected(format!("it in `{belongs_to}` only")));
        }
    }
    Ok(())
}

fn paging(config: Option<&PagingConfig>, place: &Place) -> Result<Paging, ConfigError> {
    let config = config.ok_or_else(|| place.expected("`type: page`, `offset` or `cursor`"))?;
    if (config.kind == PagingKind::Cursor) != config.next.is_some() {
        return Err(place.key("next").expected("it with `type: cursor`, and only there"));
    }
    Ok(Paging {
        kind: config.kind,
        first: config.first.unwrap_or(1),
        next: optional_path(config.next.as_deref(), &place.key("next"))?,
        more: optional_path(config.more.as_deref(), &place.key("more"))?,
        total: optional_path(config.total.as_deref(), &place.key("total"))?,
        max_limit: config.max_limit,
    })
}

/// What a request carries: `json` or `form`.
pub(super) fn body(
    json: Option<&Value>,
    form: Option<&Map<String, Value>>,
    known: &[&str],
    place: &Place,
) -> Result<Body, ConfigError> {
    Ok(match (json, form) {
        (None, None) => Body::None,
        (Some(json), None) => Body::Json(Tree::compile(json, known, &place.key("json"))?),
        (None, Some(form)) => Body::Form(fields(form, known, &place.key("form"))?),
        (Some(_), Some(_)) => return Err(place.expected("either `json` or `form`")),
    })
}

fn fields(
    configs: &Map<String, Value>,
    known: &[&str],
    place: &Place,
) -> Result<Vec<(String, Tree)>, ConfigError> {
    let fields = configs
        .iter()
        .map(|(name, value)| Ok((name.clone(), Tree::compile(value, known, &place.key(name))?)));
    fields.collect()
}
