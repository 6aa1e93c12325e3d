//! The exact bytes. A change here changes every file of every user's repository.

use std::collections::BTreeMap;

use mlspec::yaml::{self, Unrepresentable};
use serde::Serialize;
use serde_json::json;

fn yaml(value: &impl Serialize) -> String {
    let mut out = b"before\n".to_vec();
    yaml::write(value, &mut out).unwrap();
    String::from_utf8(out)
        .unwrap()
        .strip_prefix("before\n")
        .unwrap()
        .to_owned()
}

/// List dashes stand under their key; a list in a list and a map in a list share the dash's line.
#[test]
fn nesting() {
    let value = json!({
        "containers": [{"args": ["--a", "b"], "name": "x"}, {"env": [], "name": "z"}],
        "emptyDir": {},
        "matrix": [[1, [2]], [], [{}, {"a": {"b": [true]}}]],
    });
    assert_eq!(
        yaml(&value),
        "\
containers:
- args:
  - --a
  - b
  name: x
- env: []
  name: z
emptyDir: {}
matrix:
- - 1
  - - 2
- []
- - {}
  - a:
      b:
      - true
"
    );
}

/// Struct fields keep their order, a null field is left out, and a list of one null keeps it.
#[test]
fn nulls() {
    #[derive(Serialize)]
    struct Object {
        z: Option<u8>,
        b: u8,
        a: Option<Inner>,
        list: Vec<Option<u8>>,
    }
    #[derive(Serialize)]
    struct Inner {
        gone: Option<u8>,
    }
    let object = Object {
        z: None,
        b: 1,
        a: Some(Inner { gone: None }),
        list: vec![None, Some(2)],
    };
    assert_eq!(yaml(&object), "b: 1\na: {}\nlist:\n- null\n- 2\n");
    assert_eq!(yaml(&json!({"a": null})), "{}\n");
    assert_eq!(yaml(&json!({"a": {"b": null, "c": 1}})), "a:\n  c: 1\n");
    assert_eq!(yaml(&json!([{"b": null, "c": 1}])), "- c: 1\n");
}

/// Text of several lines: a block with the right chomping, or quotes where a block would not do.
#[test]
fn blocks() {
    let value = json!({"a": "x: 1\n\ny\n", "b": "x\ny", "c": "x\n\n", "d": " x\ny", "e": "x \ny", "f": ["x\ny\n"]});
    assert_eq!(
        yaml(&value),
        "\
a: |
  x: 1

  y
b: |-
  x
  y
c: |+
  x

d: \" x\\ny\"
e: \"x \\ny\"
f:
- |
  x
  y
"
    );
}

/// Strings that look like something else, controls and invisible characters are quoted.
#[test]
fn quotes() {
    let value = json!([
        "on",
        "012",
        "",
        "a: b",
        "say \"hi\" \\",
        "\u{0}\u{1b}\u{85}\u{202e}\u{e0001}\t\r"
    ]);
    assert_eq!(
        yaml(&value),
        r#"- "on"
- "012"
- ""
- "a: b"
- say "hi" \
- "\0\x1B\x85\u202E\U000E0001\t\r"
"#
    );
    assert_eq!(
        yaml(&json!({"y": "y", "a:": 1})),
        "\"y\": \"y\"\n\"a:\": 1\n"
    );
}

/// A float keeps a point, so that no reader makes it an integer or a string.
#[test]
fn numbers() {
    assert_eq!(
        yaml(&[1.0, -0.5, 1e21, 1e-7]),
        "- 1.0\n- -0.5\n- 1000000000000000000000.0\n- 0.0000001\n"
    );
    assert_eq!(
        yaml(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
        "- .nan\n- .inf\n- -.inf\n"
    );
    assert_eq!(
        yaml(&(i64::MIN, u64::MAX, 'x', [7u8])),
        "- -9223372036854775808\n- 18446744073709551615\n- x\n- - 7\n"
    );
}

/// Enums are written as JSON's external tags.
#[test]
fn enums() {
    #[derive(Serialize)]
    enum Kind {
        Unit,
        Newtype(u8),
        Null(Option<u8>),
        Tuple(u8, u8),
        Struct { a: u8 },
    }
    let kinds = [
        Kind::Unit,
        Kind::Newtype(1),
        Kind::Null(None),
        Kind::Tuple(1, 2),
        Kind::Struct { a: 1 },
    ];
    assert_eq!(
        yaml(&kinds),
        "- Unit\n- Newtype: 1\n- {}\n- Tuple:\n  - 1\n  - 2\n- Struct:\n    a: 1\n"
    );
}

/// A key longer than any reader accepts before `:` takes the explicit form.
#[test]
fn long_key() {
    let key = "k".repeat(1100);
    let value = json!([{ key.clone(): [1], "l": 2 }]);
    assert_eq!(yaml(&value), format!("- ? {key}\n  :\n  - 1\n  l: 2\n"));
}

/// Scalars of other types as keys become strings, as in JSON; nothing else can be a key.
#[test]
fn keys() {
    assert_eq!(yaml(&BTreeMap::from([(1, 'a')])), "\"1\": a\n");
    assert_eq!(yaml(&BTreeMap::from([(true, 'a')])), "\"true\": a\n");
    let mut out = b"kept".to_vec();
    let error = yaml::write(&BTreeMap::from([(vec![1], 'a')]), &mut out);
    assert_eq!(error, Err(Unrepresentable::Key("a list")));
    assert_eq!(out, b"kept");
}
