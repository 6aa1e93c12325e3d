//! Two independent readers get back exactly what was meant.

use mlspec::yaml;
use proptest::prelude::*;

use super::meant::{Meant, NASTY, meant};
use super::yaml11;

pub(super) fn written(value: &Meant) -> String {
    let mut out = Vec::new();
    yaml::write(value, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Reads with `serde_yaml` (YAML 1.2's core types).
fn read12(text: &str) -> Result<Meant, String> {
    serde_yaml::from_str(text)
        .map_err(|e| e.to_string())
        .and_then(from_serde_yaml)
}

fn from_serde_yaml(value: serde_yaml::Value) -> Result<Meant, String> {
    use serde_yaml::Value;
    Ok(match value {
        Value::Null => Meant::Null,
        Value::Bool(value) => Meant::Bool(value),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => Meant::Int(integer),
            None if number.is_f64() => Meant::Float(number.as_f64().ok_or("no float")?),
            None => return Err(format!("number {number}")),
        },
        Value::String(text) => Meant::Str(text),
        Value::Sequence(items) => Meant::List(
            items
                .into_iter()
                .map(from_serde_yaml)
                .collect::<Result<_, _>>()?,
        ),
        Value::Mapping(entries) => Meant::Map(
            entries
                .into_iter()
                .map(|(key, value)| match key {
                    Value::String(key) => Ok((key, from_serde_yaml(value)?)),
                    key => Err(format!("key {key:?}")),
                })
                .collect::<Result<_, _>>()?,
        ),
        Value::Tagged(tagged) => return Err(format!("tag {}", tagged.tag)),
    })
}

fn assert_reads_back(value: &Meant) -> Result<(), TestCaseError> {
    let text = written(value);
    let want = Ok(value.without_null_entries());
    // A document that is null is no document: nothing is written.
    if *value == Meant::Null {
        prop_assert_eq!(text, "");
        return Ok(());
    }
    prop_assert!(text.ends_with('\n'), "no line break ends {text:?}");
    prop_assert_eq!(read12(&text), want.clone(), "YAML 1.2 from {:?}", text);
    prop_assert_eq!(yaml11::read(&text), want, "YAML 1.1 from {:?}", text);
    Ok(())
}

/// Every listed trap, as a value, as a key, in a list and below another key.
#[test]
fn nasty_strings_read_back() {
    for text in NASTY {
        let scalar = Meant::Str((*text).to_owned());
        let entry = Meant::Map(vec![((*text).to_owned(), scalar.clone())]);
        for value in [
            scalar.clone(),
            Meant::List(vec![scalar.clone(), scalar.clone()]),
            entry.clone(),
            Meant::List(vec![
                entry.clone(),
                Meant::List(vec![scalar.clone(), entry.clone()]),
            ]),
            Meant::Map(vec![("a".to_owned(), entry), ("z".to_owned(), scalar)]),
        ] {
            assert_reads_back(&value).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any nesting of hostile keys and values.
    #[test]
    fn values_read_back(value in meant()) {
        assert_reads_back(&value)?;
    }
}
