use serde_json::json;

use super::*;

#[test]
fn what_is_the_same_has_one_form() {
    use Type::{Boolean, Date, Datetime, Integer, Json, List, Number, Text};
    for (r#type, values, expected) in [
        (Text, vec![json!("1"), json!(1), json!(1.0)], json!("1")),
        (Text, vec![json!("0033")], json!("0033")),
        (Text, vec![json!(true)], json!("true")),
        (Text, vec![json!({"b": 1, "a": [1]})], json!(r#"{"a":[1],"b":1}"#)),
        (Number, vec![json!(1), json!(1.0), json!("1"), json!(" 1.0 "), json!("1e0")], json!(1)),
        (Number, vec![json!("1.5"), json!(1.5)], json!(1.5)),
        (Number, vec![json!(-0.0), json!("-0"), json!(0)], json!(0)),
        (Number, vec![json!(1e300)], json!(1e300)),
        (Number, vec![json!(u64::MAX), json!("18446744073709551615")], json!(u64::MAX)),
        (Integer, vec![json!("42"), json!(42.0)], json!(42)),
        (Boolean, vec![json!(true), json!("Yes"), json!(1), json!("on"), json!(1.0)], json!(true)),
        (Boolean, vec![json!(false), json!("n"), json!("0"), json!(0)], json!(false)),
        (Date, vec![json!("2024-12-31"), json!("2024-12-31T23:30:00+01:00")], json!("2024-12-31")),
        (Date, vec![json!(" 20241231 "), json!("2024-12-31 10:00")], json!("2024-12-31")),
        (
            Datetime,
            vec![json!("2024-12-31T23:00:00Z"), json!("2025-01-01T00:00:00.000+01:00")],
            json!("2024-12-31T23:00:00Z"),
        ),
        (Datetime, vec![json!("2024-12-31")], json!("2024-12-31T00:00:00Z")),
        (Datetime, vec![json!("2024-12-31T10:00")], json!("2024-12-31T10:00:00Z")),
        (Datetime, vec![json!("2024-12-31T10:00:00.250Z")], json!("2024-12-31T10:00:00.25Z")),
        (Json, vec![json!({"a": 1})], json!({"a": 1})),
        (List, vec![json!(["a", 1])], json!(["a", 1])),
    ] {
        for value in values {
            assert_eq!(r#type.read(value.clone()), Ok(expected.clone()), "{type:?} {value}");
        }
        assert_eq!(r#type.read(expected.clone()), Ok(expected), "canonical stays so");
    }
}

#[test]
fn what_is_something_else_is_refused_without_being_shown() {
    for (r#type, values, expected) in [
        (
            Type::Number,
            vec![
                json!("0033"),
                json!("1,5"),
                json!("inf"),
                json!("123456789012345678901"),
                json!([]),
            ],
            "expected a number",
        ),
        (Type::Integer, vec![json!(1.5), json!("1.5"), json!(1e300)], "expected a number without"),
        (Type::Boolean, vec![json!("maybe"), json!(2), json!([true])], "expected true or false"),
        (Type::Date, vec![json!("31/12/2024"), json!(20_241_231), json!("")], "expected a date"),
        (Type::Datetime, vec![json!(0), json!("tomorrow")], "expected a moment such as"),
        (Type::List, vec![json!("a,b"), json!({})], "expected a list"),
    ] {
        for value in values {
            let error = r#type.read(value.clone()).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{type:?} {value}: {error}");
        }
    }
}

#[test]
fn every_type_has_a_name() {
    for name in Type::NAMES.split(", ") {
        assert!(Type::parse(name).is_some(), "{name}");
    }
    assert_eq!(Type::parse("Text"), None);
}
