//! Days and moments: how they are written in ISO 8601, in a form of one's own, and in Unix time.

use jiff::civil::{Date, Time};
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::Deserialize;
use serde_json::Value;

use super::failure::Failure;
use super::types::{Type, number_of_text};
use crate::ground::config::{ConfigErrors, Place, read};

/// The day in an ISO 8601 text, as it is written there.
pub fn date(text: &str) -> Option<Date> {
    Pieces::parse(text.trim()).ok().map(|pieces| pieces.date())
}

/// The moment in an ISO 8601 text. Without an offset it is in the time zone that is named behind it
/// (<https://www.rfc-editor.org/rfc/rfc9557>), or in UTC, without a time it is midnight.
pub fn timestamp(text: &str) -> Option<Timestamp> {
    let pieces = Pieces::parse(text.trim()).ok()?;
    let local = pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight()));
    let zone = match pieces.to_numeric_offset() {
        Some(offset) => TimeZone::fixed(offset),
        None => pieces.to_time_zone().ok()?.unwrap_or(TimeZone::UTC),
    };
    zone.to_timestamp(local).ok()
}

/// How a side writes days or moments.
#[derive(Clone, Debug)]
pub struct Moments {
    form: Form,
    zone: TimeZone,
}

#[derive(Clone, Debug)]
enum Form {
    /// strftime's directives (<https://docs.rs/jiff/latest/jiff/fmt/strtime/index.html>).
    Text(String),
    Seconds,
    Milliseconds,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextConfig {
    format: String,
    zone: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnixConfig {
    unit: Unit,
    zone: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Seconds,
    Milliseconds,
}

impl Moments {
    /// `value` is a format, or `{format, zone}`.
    pub fn text(value: Value, place: &Place, errors: &mut ConfigErrors) -> Option<Self> {
        let value = match value {
            Value::String(format) => serde_json::json!({ "format": format }),
            other => other,
        };
        let TextConfig { format, zone } = errors.note(read(value, place))?;
        // Each directive is tried on a moment.
        let is_format = strtime::format(&format, &sample()).is_ok();
        if format.trim().is_empty() || !is_format {
            errors.add(place.expected("a format such as `%d/%m/%Y` or `%Y-%m-%d %H:%M:%S`"));
            return None;
        }
        Some(Self { form: Form::Text(format), zone: zone_of(zone, place, errors)? })
    }

    /// `value` is `seconds` or `milliseconds`, or `{unit, zone}`.
    pub fn unix(value: Value, place: &Place, errors: &mut ConfigErrors) -> Option<Self> {
        let value = match value {
            Value::String(unit) => serde_json::json!({ "unit": unit }),
            other => other,
        };
        let UnixConfig { unit, zone } = errors.note(read(value, place))?;
        let form = match unit {
            Unit::Seconds => Form::Seconds,
            Unit::Milliseconds => Form::Milliseconds,
        };
        Some(Self { form, zone: zone_of(zone, place, errors)? })
    }

    /// Whether what it writes says which day it is.
    pub fn is_readable(&self) -> bool {
        let written = self.write(&sample());
        written.is_ok_and(|written| self.parse(&written, Type::Date).is_ok())
    }

    /// The day or moment that this side has written so, in ISO 8601.
    pub fn parse(&self, value: &Value, r#type: Type) -> Result<Value, Failure> {
        let moment = match &self.form {
            Form::Text(format) => value.as_str().and_then(|text| self.parse_text(format, text)),
            Form::Seconds => integer(value).and_then(|it| Timestamp::from_second(it).ok()),
            Form::Milliseconds => {
                integer(value).and_then(|it| Timestamp::from_millisecond(it).ok())
            }
        };
        let moment = moment.ok_or_else(|| self.expected())?;
        Ok(Value::String(match r#type {
            Type::Date => moment.to_zoned(self.zone.clone()).date().to_string(),
            _ => moment.to_string(),
        }))
    }

    fn parse_text(&self, format: &str, text: &str) -> Option<Timestamp> {
        let parts = BrokenDownTime::parse(format, text.trim()).ok()?;
        parts.to_timestamp().ok().or_else(|| {
            let time = parts.to_time().unwrap_or(Time::midnight());
            self.zone.to_timestamp(parts.to_date().ok()?.to_datetime(time)).ok()
        })
    }

    /// The day or moment in this side's writing. A day begins at midnight in the zone.
    pub fn print(&self, value: &Value, r#type: Type) -> Result<Value, Failure> {
        let text = value.as_str().ok_or_else(|| self.expected())?;
        let moment = match r#type {
            Type::Date => date(text).and_then(|date| date.to_zoned(self.zone.clone()).ok()),
            _ => timestamp(text).map(|moment| moment.to_zoned(self.zone.clone())),
        };
        self.write(&moment.ok_or_else(|| self.expected())?)
    }

    fn write(&self, moment: &Zoned) -> Result<Value, Failure> {
        match &self.form {
            Form::Text(format) => {
                let text = strtime::format(format, moment);
                text.map(Value::String).map_err(|_| self.expected())
            }
            Form::Seconds => Ok(moment.timestamp().as_second().into()),
            Form::Milliseconds => Ok(moment.timestamp().as_millisecond().into()),
        }
    }

    fn expected(&self) -> Failure {
        Failure::expected(&match &self.form {
            Form::Text(format) => format!("a date written as `{format}`"),
            Form::Seconds => "Unix time in seconds, without a fraction".to_owned(),
            Form::Milliseconds => "Unix time in milliseconds, without a fraction".to_owned(),
        })
    }
}

fn sample() -> Zoned {
    Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC)
}

fn zone_of(name: Option<String>, place: &Place, errors: &mut ConfigErrors) -> Option<TimeZone> {
    let Some(name) = name else { return Some(TimeZone::UTC) };
    let expected = || place.key("zone").expected("a time zone such as Europe/Paris");
    errors.note(TimeZone::get(&name).map_err(|_| expected()))
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => number_of_text(text.trim())?.as_i64(),
        other => Type::Integer.read(other.clone()).ok()?.as_i64(),
    }
}
