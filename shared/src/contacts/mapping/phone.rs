//! Phone numbers in E.164: `+33142685300`.

use phonenumber::country::Id;
use serde_json::Value;

use super::failure::Failure;
use crate::ground::config::{ConfigErrors, Place};

/// ITU-T E.164 has 15 digits at most (<https://www.itu.int/rec/T-REC-E.164>). What is much longer
/// than a written number is not looked at.
const MAX_TEXT_BYTES: usize = 64;

/// Where a number without `+` is from; `value` is a country of ISO 3166, such as `FR`.
pub fn region(value: &Value, place: &Place, errors: &mut ConfigErrors) -> Option<Id> {
    let region = value.as_str().and_then(|code| code.parse().ok());
    errors.note(region.ok_or_else(|| place.expected("a country's two capital letters, such as FR")))
}

/// The number in E.164. The table of the world's numbers is read when the first one comes.
pub fn e164(text: &str, region: Option<Id>) -> Result<String, Failure> {
    let is_short = text.len() <= MAX_TEXT_BYTES;
    let number = is_short.then(|| phonenumber::parse(region, text.trim()).ok()).flatten();
    let number = number.filter(phonenumber::PhoneNumber::is_valid);
    // Not by the crate's own formatter, which ends the process for a country it does not know.
    let number = number.map(|it| format!("+{}{}", it.code().value(), it.national()));
    number.ok_or_else(|| {
        Failure::expected(match region {
            Some(_) => "a phone number of the region, or one that begins with `+`",
            None => "a phone number that begins with `+`, since there is no region",
        })
    })
}
