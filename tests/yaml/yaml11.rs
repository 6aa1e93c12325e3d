//! A reader of YAML 1.1: libyaml's grammar, and the types of <https://yaml.org/type/> as their
//! pages give them (checked 2026-07). Strict: what is not a bool, number, string, list or map in
//! JSON's sense (a timestamp, a merge, a binary) is an error, since we never write one.

use std::sync::LazyLock;

use libyaml_safer::{Encoding, EventData, Parser, ScalarStyle};
use regex_lite::Regex;

use super::meant::Meant;

/// Reads the only document of `yaml`.
pub(super) fn read(yaml: &str) -> Result<Meant, String> {
    let mut bytes = yaml.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut bytes);
    // Else 0.3.0 takes every first byte 0xEF for half a byte order mark.
    parser.set_encoding(Encoding::Utf8);
    let mut events = Vec::new();
    loop {
        match parser.parse().map_err(|e| e.to_string())?.data {
            EventData::StreamEnd => break,
            EventData::StreamStart { .. } | EventData::DocumentEnd { .. } => {}
            event => events.push(event),
        }
    }
    let documents = events
        .iter()
        .filter(|e| matches!(e, EventData::DocumentStart { .. }))
        .count();
    if documents != 1 {
        return Err(format!("{documents} documents"));
    }
    let mut events = events.into_iter().skip(1);
    let value = events.next().ok_or("no value")?;
    build(value, &mut events)
}

fn build(event: EventData, rest: &mut dyn Iterator<Item = EventData>) -> Result<Meant, String> {
    match event {
        EventData::Scalar { tag: Some(tag), .. } => Err(format!("tag {tag}")),
        EventData::Scalar {
            value,
            style: ScalarStyle::Plain,
            ..
        } => resolve(value),
        EventData::Scalar { value, .. } => Ok(Meant::Str(value)),
        EventData::SequenceStart { .. } => {
            let mut items = Vec::new();
            loop {
                match rest.next().ok_or("open list")? {
                    EventData::SequenceEnd => return Ok(Meant::List(items)),
                    event => items.push(build(event, rest)?),
                }
            }
        }
        EventData::MappingStart { .. } => {
            let mut entries = Vec::new();
            loop {
                let key = match rest.next().ok_or("open map")? {
                    EventData::MappingEnd => return Ok(Meant::Map(entries)),
                    event => build(event, rest)?,
                };
                let Meant::Str(key) = key else {
                    return Err(format!("key {key:?}"));
                };
                let value = rest.next().ok_or("key without value")?;
                entries.push((key, build(value, rest)?));
            }
        }
        event => Err(format!("{event:?}")),
    }
}

struct Types {
    bool_true: Regex,
    bool_false: Regex,
    null: Regex,
    binary: Regex,
    octal: Regex,
    decimal: Regex,
    hexadecimal: Regex,
    sexagesimal: Regex,
    float: Regex,
    float_sexagesimal: Regex,
    infinity: Regex,
    nan: Regex,
    timestamp: Regex,
}

static TYPES: LazyLock<Types> = LazyLock::new(|| {
    let whole = |pattern: &str| Regex::new(&format!("^(?:{pattern})$")).unwrap();
    Types {
        bool_true: whole("y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON"),
        bool_false: whole("n|N|no|No|NO|false|False|FALSE|off|Off|OFF"),
        null: whole("~|null|Null|NULL|"),
        binary: whole("[-+]?0b[0-1_]+"),
        octal: whole("[-+]?0[0-7_]+"),
        decimal: whole("[-+]?(0|[1-9][0-9_]*)"),
        hexadecimal: whole("[-+]?0x[0-9a-fA-F_]+"),
        sexagesimal: whole("[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+"),
        // The page's own pattern, made looser by allowing what its examples and PyYAML allow.
        float: whole(
            r"[-+]?([0-9][0-9_]*)?\.[0-9.]*([eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*([eE][-+]?[0-9]+)",
        ),
        float_sexagesimal: whole(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*"),
        infinity: whole(r"[-+]?\.(inf|Inf|INF)"),
        nan: whole(r"\.(nan|NaN|NAN)"),
        timestamp: whole(
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?",
        ),
    }
});

fn resolve(text: String) -> Result<Meant, String> {
    let types = &*TYPES;
    if types.bool_true.is_match(&text) {
        return Ok(Meant::Bool(true));
    }
    if types.bool_false.is_match(&text) {
        return Ok(Meant::Bool(false));
    }
    if types.null.is_match(&text) {
        return Ok(Meant::Null);
    }
    // The writer prints integers in decimal and floats with digits on both sides of the point.
    // Every other number is only ever a string that lost its quotes.
    if types.decimal.is_match(&text)
        && let Ok(number) = text.parse()
    {
        return Ok(Meant::Int(number));
    }
    if types.float.is_match(&text)
        && let Ok(number) = text.parse()
    {
        return Ok(Meant::Float(number));
    }
    let others = [
        &types.binary,
        &types.octal,
        &types.decimal,
        &types.hexadecimal,
        &types.sexagesimal,
        &types.float,
        &types.float_sexagesimal,
        &types.infinity,
        &types.nan,
        &types.timestamp,
    ];
    if others.iter().any(|pattern| pattern.is_match(&text)) || text == "<<" || text == "=" {
        return Err(format!("plain `{text}` is no string"));
    }
    Ok(Meant::Str(text))
}

/// The oracle knows what it must catch.
#[test]
fn reader_resolves_as_yaml_1_1() {
    assert_eq!(read("on"), Ok(Meant::Bool(true)));
    assert_eq!(read("n"), Ok(Meant::Bool(false)));
    assert_eq!(read("~"), Ok(Meant::Null));
    assert_eq!(read("-12"), Ok(Meant::Int(-12)));
    assert_eq!(
        read("a: [1.5, '012', x]"),
        Ok(Meant::Map(vec![(
            "a".to_owned(),
            Meant::List(vec![
                Meant::Float(1.5),
                Meant::Str("012".to_owned()),
                Meant::Str("x".to_owned())
            ]),
        )]))
    );
    for text in [
        "012",
        "0x1F",
        "0b1",
        "1_000",
        "12:30:45",
        "190:20:30.15",
        "2001-12-14",
        ".inf",
        "<<",
        "=",
        "y: a",
        "1: a",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
}
