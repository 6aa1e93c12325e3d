//! The pointer of every line.

use mlspec::yaml;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

use super::meant::{Meant, meant};

fn lines(value: &impl Serialize) -> (String, Vec<String>) {
    let mut out = Vec::new();
    let pointers = yaml::write_lines(value, &mut out).unwrap();
    (
        String::from_utf8(out).unwrap(),
        pointers.iter().map(ToString::to_string).collect(),
    )
}

/// The innermost value that starts on a line, or whose block text covers it.
#[test]
fn innermost() {
    let value = json!({
        "data": {"a/b~c": "x\n\ny\n"},
        "gone": {"deep": null},
        "list": [{"name": "a", "nested": {"k": [1, [2]]}}, "s", {"gone": null, "kept": 1}],
        "null": null,
        "z": {},
    });
    let (text, pointers) = lines(&value);
    let side_by_side: Vec<String> = text
        .lines()
        .zip(&pointers)
        .map(|(line, pointer)| format!("{line:<16}{pointer}\n"))
        .collect();
    assert_eq!(
        side_by_side.concat(),
        "\
data:           /data
  a/b~c: |      /data/a~1b~0c
    x           /data/a~1b~0c
                /data/a~1b~0c
    y           /data/a~1b~0c
gone: {}        /gone
list:           /list
- name: a       /list/0/name
  nested:       /list/0/nested
    k:          /list/0/nested/k
    - 1         /list/0/nested/k/0
    - - 2       /list/0/nested/k/1/0
- s             /list/1
- kept: 1       /list/2/kept
z: {}           /z
"
    );
}

/// Variants are entered and left like any key.
#[test]
fn variants() {
    #[derive(Serialize)]
    enum Kind {
        Tuple(u8, u8),
        Struct { a: u8 },
    }
    let (_, pointers) = lines(&(Kind::Tuple(1, 2), Kind::Struct { a: 1 }, 3));
    assert_eq!(
        pointers,
        [
            "/0/Tuple",
            "/0/Tuple/0",
            "/0/Tuple/1",
            "/1/Struct",
            "/1/Struct/a",
            "/2"
        ]
    );
}

/// Pointers of all scalars and empty collections of a value.
fn leaves(value: &Value, here: &str, out: &mut Vec<String>) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, &format!("{here}/{index}"), out);
            }
        }
        Value::Object(entries) if !entries.is_empty() => {
            for (key, item) in entries {
                leaves(
                    item,
                    &format!("{here}/{}", key.replace('~', "~0").replace('/', "~1")),
                    out,
                );
            }
        }
        _ => out.push(here.to_owned()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Recording changes no byte, names a value for every line and misses no leaf.
    #[test]
    fn every_line_and_every_leaf(value in meant()) {
        let (text, pointers) = lines(&value);
        prop_assert_eq!(&text, &super::read_back::written(&value));
        prop_assert_eq!(text.matches('\n').count(), pointers.len());
        let json = serde_json::to_value(value.without_null_entries()).unwrap();
        for pointer in &pointers {
            prop_assert!(json.pointer(pointer).is_some(), "{} in {:?}", pointer, text);
        }
        if value != Meant::Null {
            let mut wanted = Vec::new();
            leaves(&json, "", &mut wanted);
            for leaf in wanted {
                prop_assert!(pointers.contains(&leaf), "no line for {} in {:?}", leaf, text);
            }
        }
    }
}
