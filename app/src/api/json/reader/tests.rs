use super::{Unreadable, read};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All that types of the wire are made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Everything {
    text: String,
    letter: char,
    yes: bool,
    small: i8,
    large: u64,
    low: i64,
    share: f64,
    nothing: (),
    maybe: Option<Box<Everything>>,
    list: Vec<Kind>,
    pair: (u32, Wrapped),
    by_number: BTreeMap<i64, String>,
    by_name: BTreeMap<Kind2, Vec<u16>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Wrapped(String);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Kind {
    Unit,
    New(Option<i32>),
    Tuple(u8, String),
    Named { at: i64, of: Vec<Wrapped> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind2 {
    OneThing,
    Another,
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Unit),
        any::<Option<i32>>().prop_map(Kind::New),
        any::<(u8, String)>().prop_map(|(n, text)| Kind::Tuple(n, text)),
        (any::<i64>(), any::<Vec<String>>())
            .prop_map(|(at, of)| Kind::Named { at, of: of.into_iter().map(Wrapped).collect() }),
    ]
}

fn everything() -> impl Strategy<Value = Everything> {
    let names = proptest::collection::btree_map(
        prop_oneof![Just(Kind2::OneThing), Just(Kind2::Another)],
        any::<Vec<u16>>(),
        0..3,
    );
    let first = (any::<String>(), any::<char>(), any::<bool>(), any::<i8>(), any::<u64>(), any::<i64>());
    // Whole halves: `serde_json` itself reads other fractions to the last bit only with a feature of its own.
    let second = (any::<i32>(), proptest::collection::vec(kind(), 0..4), any::<(u32, String)>());
    let third = (proptest::collection::btree_map(any::<i64>(), any::<String>(), 0..3), names);
    let one = (first, second, third)
        .prop_map(|(first, second, third)| {
            let (text, letter, yes, small, large, low) = first;
            let (halves, list, pair) = second;
            let pair = (pair.0, Wrapped(pair.1));
            let share = f64::from(halves) / 2.0;
            let (by_number, by_name) = third;
            Everything {
                text,
                letter,
                yes,
                small,
                large,
                low,
                share,
                nothing: (),
                maybe: None,
                list,
                pair,
                by_number,
                by_name,
            }
        })
        .boxed();
    (one.clone(), proptest::option::of(one))
        .prop_map(|(outer, inner)| Everything { maybe: inner.map(Box::new), ..outer })
}

proptest! {
    #[test]
    fn what_serde_json_writes_is_read(value in everything()) {
        let text = serde_json::to_vec(&value).unwrap();
        prop_assert_eq!(read::<Everything>(&text), Ok(value.clone()));
        let text = serde_json::to_vec_pretty(&value).unwrap();
        prop_assert_eq!(read::<Everything>(&text), Ok(value));
    }

    #[test]
    fn a_part_of_it_is_refused(value in everything(), part in 0.0..1.0_f64) {
        let text = serde_json::to_vec(&value).unwrap();
        let length = (text.len() as f64 * part) as usize;
        prop_assert_eq!(read::<Everything>(&text[..length]), Err(Unreadable));
    }

    #[test]
    fn no_bytes_are_too_much(bytes: Vec<u8>, text in "[\\[\\]{}:,\"\\\\0-9.eEnultrfas -]{0,40}") {
        let _ = read::<Everything>(&bytes);
        let _ = read::<Vec<Kind>>(text.as_bytes());
        let _ = read::<BTreeMap<String, serde::de::IgnoredAny>>(text.as_bytes());
    }
}

#[test]
fn unknown_fields_are_passed_over_and_missing_ones_are_their_default() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Older {
        name: String,
        #[serde(default)]
        n: i64,
        more: Option<String>,
    }
    let text = r#"{"new":[{"a":[1,-2.5e3,"}]\"",null,{}]},true],"name":"公交","newer":{"x":{}},"last":false}"#;
    assert_eq!(read(text.as_bytes()), Ok(Older { name: "公交".to_owned(), n: 0, more: None }));
    // However deep: nothing of it is kept.
    let deep = format!(r#"{{"deep":{}{},"name":"x"}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read::<Older>(deep.as_bytes()).map(|it| it.name), Ok("x".to_owned()));
}

#[test]
fn letters_are_read_however_they_are_written() {
    let text = r#""\"\\\/\b\f\n\r\t\u516c\u4ea4\ud83d\ude8c\u003c""#;
    assert_eq!(read(text.as_bytes()), Ok("\"\\/\u{8}\u{c}\n\r\t公交🚌<".to_owned()));
    for wrong in [r#""\ud83d""#, r#""\ud83dx""#, r#""\ude8c""#, r#""\u51""#, r#""\x""#, "\"", "\"a", "\"\\"] {
        assert_eq!(read::<String>(wrong.as_bytes()), Err(Unreadable), "{wrong}");
    }
    assert_eq!(read::<String>(b"\"\xff\""), Err(Unreadable));
}

/// Of which every field is unknown.
#[derive(Debug, PartialEq, Deserialize)]
struct Nothing {}

#[test]
fn what_is_not_of_the_type_is_refused() {
    for wrong in ["", "1 2", "1.5", "-", "\"x\"", "null", "true", "[1]", "256"] {
        assert_eq!(read::<u8>(wrong.as_bytes()), Err(Unreadable), "{wrong}");
    }
    for wrong in [r#"{"x":@}"#, r#"{"x":}"#, r#"{"x"}"#, r#"{"x":1"#] {
        assert_eq!(read::<Nothing>(wrong.as_bytes()), Err(Unreadable), "{wrong}");
    }
    for wrong in ["[1 2]", "[1,]", "[,1]", "[1", "1]", "{}", "[1,2]]"] {
        assert_eq!(read::<Vec<u8>>(wrong.as_bytes()), Err(Unreadable), "{wrong}");
    }
    for wrong in [r#""New""#, r#"{"Unit":1}"#, r#"{"Other":null}"#, r#""Other""#, r#"{"New":1,"Unit":null}"#, "{}"] {
        assert_eq!(read::<Kind>(wrong.as_bytes()), Err(Unreadable), "{wrong}");
    }
}
