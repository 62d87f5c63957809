//! Canonical JSON against RFC 8785's published vectors, and everything that the narrowed form refuses.

use proptest::prelude::*;
use record::canonical::{
    CanonicalError, FieldError, Fields, Map, Value, encode, parse, parse_payload,
};
use record::map;

/// Reads any JSON into a value, as far as the narrowed form can hold it.
fn loosely(json: &serde_json::Value) -> Result<Value, CanonicalError> {
    Ok(match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Bool(*truth),
        serde_json::Value::Number(number) => {
            Value::Int(number.as_i64().ok_or(CanonicalError::Number)?)
        }
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(list) => {
            Value::List(list.iter().map(loosely).collect::<Result<_, _>>()?)
        }
        serde_json::Value::Object(map) => {
            let members = map
                .iter()
                .map(|(name, value)| Ok((name.clone(), loosely(value)?)));
            Value::Map(members.collect::<Result<_, CanonicalError>>()?)
        }
    })
}

#[test]
fn the_published_vectors_of_rfc_8785_are_written_alike() {
    let file: serde_json::Value =
        serde_json::from_str(include_str!("vectors/rfc8785.json")).expect("a JSON file");
    for case in file["cases"].as_array().expect("a list of cases") {
        let (name, output) = (&case["name"], case["output"].as_str().expect("a text"));
        let input = case["input"].as_str().expect("a text");
        let value = loosely(&serde_json::from_str(input).expect("JSON"));
        match case["within"].as_bool().expect("true or false") {
            true => {
                let value = value.unwrap_or_else(|error| panic!("{name}: {error}"));
                let written = encode(&value).unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(String::from_utf8(written).expect("UTF-8"), output, "{name}");
                if matches!(value, Value::Map(_)) {
                    let read = parse(output.as_bytes()).map(Value::Map);
                    assert_eq!(read, Ok(value), "{name}");
                }
            }
            false => {
                assert_eq!(value, Err(CanonicalError::Number), "{name}");
                assert_eq!(
                    parse(output.as_bytes()),
                    Err(CanonicalError::Number),
                    "{name}"
                );
            }
        }
    }
}

fn refused(text: &str) -> CanonicalError {
    parse(text.as_bytes()).expect_err(text)
}

#[test]
fn only_objects_stand_at_the_top() {
    for text in ["[]", "1", "null", "\"a\"", "true"] {
        assert_eq!(refused(text), CanonicalError::NotAnObject, "{text}");
    }
}

#[test]
fn numbers_outside_the_narrowed_form_are_refused() {
    for number in [
        "1.0",
        "1e2",
        "-0",
        "0.5",
        "9007199254740992",
        "-9007199254740992",
    ] {
        assert_eq!(
            refused(&format!("{{\"a\":{number}}}")),
            CanonicalError::Number,
            "{number}"
        );
    }
    for number in ["18446744073709551615", "9223372036854775807", "1E400"] {
        let reason = refused(&format!("{{\"a\":{number}}}"));
        let out_of_range =
            matches!(&reason, CanonicalError::Syntax(text) if text.contains("out of range"));
        assert!(
            reason == CanonicalError::Number || out_of_range,
            "{number}: {reason}"
        );
    }
}

#[test]
fn a_name_stands_once_in_an_object() {
    let twice = CanonicalError::NameTwice("a".to_owned());
    assert_eq!(refused("{\"a\":1,\"a\":1}"), twice);
    assert_eq!(refused("{\"b\":{\"a\":1,\"a\":2}}"), twice);
    assert_eq!(refused("{\"a\":1,\"\\u0061\":1}"), twice);
}

const NO_JSON: &[&str] = &[
    "",
    "{",
    "{}}",
    "{} {}",
    "{\"a\":01}",
    "{\"a\":+1}",
    "{'a':1}",
    "{\"a\":1,}",
    "{\"a\":NaN}",
    "{\"a\":\"\\ud800\"}",
    "{\"a\":\"\\udc00\\ud800\"}",
    "{\"\\ud800\":1}",
    "{\"a\":\"\n\"}",
    "\u{feff}{}",
    "{\"a\":\"\\x41\"}",
    "{\"a\":tru}",
    "/**/{}",
];

const OTHER_SPELLINGS: &[&str] = &[
    " {}",
    "{} ",
    "{}\n",
    "{\"a\": 1}",
    "{\"b\":1,\"a\":2}",
    "{\"a\":\"\\u0041\"}",
    "{\"a\":\"\\/\"}",
    "{\"a\":\"\\u000A\"}",
    "{\"a\":\"\\u000a\"}",
    "{\"a\":\"\\u001F\"}",
    "{\"a\":\"\\u007f\"}",
    "{\"a\":\"\\ud83d\\ude02\"}",
];

#[test]
fn what_is_no_json_and_what_is_spelt_otherwise_are_told_apart() {
    for text in NO_JSON {
        assert!(
            matches!(refused(text), CanonicalError::Syntax(_)),
            "{text:?}"
        );
    }
    for text in OTHER_SPELLINGS {
        assert_eq!(refused(text), CanonicalError::NotCanonical, "{text:?}");
    }
    assert_eq!(parse(b"{\"a\":\"\xff\"}"), Err(CanonicalError::NotUtf8));
    assert_eq!(
        parse(b"{\"a\":\"\xed\xa0\x80\"}"),
        Err(CanonicalError::NotUtf8)
    );
}

#[test]
fn the_limits_are_where_they_are_said_to_be() {
    for number in [9_007_199_254_740_991i64, -9_007_199_254_740_991] {
        let text = format!("{{\"a\":{number}}}");
        assert_eq!(parse(text.as_bytes()), Ok(map! { "a" => number }));
        let beyond = Value::Map(map! { "a" => number + number.signum() });
        assert_eq!(encode(&beyond), Err(CanonicalError::Number));
    }
    assert_eq!(
        encode(&Value::Map(map! { "a" => u64::MAX })),
        Err(CanonicalError::Number)
    );
    let nested = |depth: usize| format!("{}{{}}{}", "{\"a\":[".repeat(depth), "]}".repeat(depth));
    assert!(parse(nested(7).as_bytes()).is_ok());
    let sixteen = format!("{{\"a\":{}}}", "[".repeat(15) + &"]".repeat(15));
    assert!(parse(sixteen.as_bytes()).is_ok());
    assert_eq!(refused(&nested(8)), CanonicalError::Depth);
    assert_eq!(refused(&nested(50_000)), CanonicalError::Depth);
    let deep = (0..16).fold(Value::Null, |value, _| Value::List(vec![value]));
    assert!(encode(&deep).is_ok());
    assert_eq!(encode(&Value::List(vec![deep])), Err(CanonicalError::Depth));
}

#[test]
fn payload_names_are_narrower() {
    assert!(parse_payload(b"{\"a0_\":1,\"sha256\":{\"b\":[{\"c\":1}]}}").is_ok());
    for name in ["A", "0a", "_a", "", "a-b", "é", "aB"] {
        let text = format!("{{\"a\":[{{\"{name}\":1}}]}}");
        assert!(parse(text.as_bytes()).is_ok(), "{name:?}");
        assert_eq!(
            parse_payload(text.as_bytes()),
            Err(CanonicalError::Name(name.to_owned()))
        );
    }
}

#[test]
fn fields_are_taken_exactly() {
    let map = || map! { "n" => 3i64, "minus" => -1i64, "t" => "text", "nothing" => None::<i64> };
    let mut fields = Fields::new(map());
    assert_eq!(fields.count("n"), Ok(3));
    assert_eq!(
        fields.parsed_or_null::<record::ids::EntryId>("nothing"),
        Ok(None)
    );
    assert!(matches!(
        fields.count("minus"),
        Err(FieldError::Value { name: "minus", .. })
    ));
    assert_eq!(fields.text("n"), Err(FieldError::Missing("n")));
    assert_eq!(fields.finish(), Err(FieldError::Unknown("t".to_owned())));
    let wrong = Fields::new(map()).count("t");
    assert!(matches!(wrong, Err(FieldError::Type { name: "t", .. })));
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-9_007_199_254_740_991i64..=9_007_199_254_740_991).prop_map(Value::Int),
        any::<String>().prop_map(Value::Text),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(Value::Map),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(map in prop::collection::btree_map(any::<String>(), value(), 0..6)) {
        let bytes = encode(&Value::Map(map.clone())).expect("within the limits");
        prop_assert_eq!(parse(&bytes), Ok(map));
    }

    #[test]
    fn what_is_read_is_written_alike(bytes in prop::collection::vec(prop::sample::select(b"{}[]\":,\\0123456789-+.eEtrufalsn\nabu \xc3\xa9".to_vec()), 0..40)) {
        if let Ok(map) = parse(&bytes) {
            prop_assert_eq!(encode(&Value::Map(map)), Ok(bytes));
        }
    }

    #[test]
    fn names_come_in_the_order_of_utf_16(names in prop::collection::btree_set(any::<String>(), 0..8)) {
        let map: Map = names.iter().map(|name| (name.clone(), Value::Null)).collect();
        let bytes = encode(&Value::Map(map)).expect("within the limits");
        let text = String::from_utf8(bytes).expect("UTF-8");
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort_by_key(|name| name.encode_utf16().collect::<Vec<u16>>());
        let wanted: Vec<String> = sorted
            .into_iter()
            .map(|name| {
                let quoted = encode(&Value::Text(name.clone())).expect("a text");
                String::from_utf8(quoted).expect("UTF-8") + ":null"
            })
            .collect();
        prop_assert_eq!(text, format!("{{{}}}", wanted.join(",")));
    }
}
