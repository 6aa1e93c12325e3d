//! Our JSON reader against `serde_json`, and the requests it makes of texts.

use mlspec_runtime::json::{Reader, parse_infer, write_string};
use mlspec_runtime::tensor::DType;
use proptest::prelude::*;

fn accepts(text: &str) -> bool {
    let mut reader = Reader::new(text);
    reader.skip().and_then(|()| reader.end()).is_ok()
}

#[test]
fn grammar_is_json_s() {
    for text in [
        "1",
        "-0.5e+3",
        "[]",
        "{}",
        "[1,2]",
        r#"{"a":{"b":[null,true,false,"x\u00e9\ud83d\ude00"]}}"#,
        " 1 ",
    ] {
        assert!(accepts(text), "{text}");
    }
    for text in [
        "",
        "NaN",
        "Infinity",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "[1,]",
        "{\"a\"}",
        "\"\\x\"",
        "\"\u{1}\"",
        "tru",
        "1 2",
        r#""\ud800""#,
    ] {
        assert!(!accepts(text), "{text}");
    }
    assert!(!accepts(&"[".repeat(100_000)), "deep nesting ends early");
}

fn infer(data: &str, dtype: &str) -> Result<Vec<u8>, String> {
    let text =
        format!(r#"{{"inputs":[{{"name":"x","shape":[1],"datatype":"{dtype}","data":{data}}}]}}"#);
    match parse_infer(&text) {
        Ok(body) => Ok(body.inputs[0].data.clone().unwrap().0),
        Err(error) => Err(error.message),
    }
}

#[test]
fn every_type_is_read_exactly_or_refused() {
    assert_eq!(infer("[1.5]", "FP32").unwrap(), 1.5f32.to_le_bytes());
    assert_eq!(infer("[0.1]", "FP64").unwrap(), 0.1f64.to_le_bytes());
    assert_eq!(infer("[1.5]", "FP16").unwrap(), [0x00, 0x3e]);
    assert_eq!(infer("[1.5]", "BF16").unwrap(), [0xc0, 0x3f]);
    assert_eq!(
        infer("[9007199254740993]", "INT64").unwrap(),
        9_007_199_254_740_993_i64.to_le_bytes()
    );
    assert_eq!(
        infer("[18446744073709551615]", "UINT64").unwrap(),
        u64::MAX.to_le_bytes()
    );
    assert_eq!(infer("[true]", "BOOL").unwrap(), [1]);
    assert_eq!(infer("[\"é\"]", "BYTES").unwrap(), [2, 0, 0, 0, 0xc3, 0xa9]);
    assert_eq!(infer("[[[1]],[[2]]]", "UINT8").unwrap(), [1, 2]);
    assert_eq!(infer("3", "INT8").unwrap(), [3]);
    assert!(f32::from_le_bytes(infer("[\"NaN\"]", "FP32").unwrap().try_into().unwrap()).is_nan());
    assert_eq!(
        infer("[\"-Infinity\"]", "FP32").unwrap(),
        f32::NEG_INFINITY.to_le_bytes()
    );
    for (data, dtype, word) in [
        ("[300]", "UINT8", "does not fit UINT8"),
        ("[1.5]", "INT32", "does not fit INT32"),
        ("[-1]", "UINT32", "does not fit UINT32"),
        ("[NaN]", "FP32", "expected a number"),
        ("[1]", "BOOL", "expected `true` or `false`"),
        ("[\"a\"]", "FP32", "`a` is no number"),
        ("[1]", "FP8", "unknown datatype"),
    ] {
        let message = infer(data, dtype).unwrap_err();
        assert!(message.contains(word), "{data} {dtype}: {message}");
    }
    assert_eq!(DType::ALL.len(), 14);
}

#[test]
fn keys_come_in_any_order() {
    let text = r#"{"inputs":[{"data":[1,2],"parameters":{"x":{"y":[]}},"datatype":"INT32","shape":[2],"name":"a"}],"id":null,"else":[{}]}"#;
    let body = parse_infer(text).unwrap();
    assert_eq!(body.inputs[0].data, Some((vec![1, 0, 0, 0, 2, 0, 0, 0], 2)));
    assert_eq!(body.id, None);
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".*", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_serde_json_writes_we_read(value in any_json()) {
        prop_assert!(accepts(&value.to_string()));
        prop_assert!(accepts(&serde_json::to_string_pretty(&value).unwrap()));
    }

    #[test]
    fn we_accept_no_more_and_no_less_than_serde_json(text in r#"[\[\]{}",:0-9eE+.\-tfn\\ ua]{0,12}"#) {
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        prop_assert_eq!(accepts(&text), theirs, "{}", text);
    }

    #[test]
    fn strings_come_back_as_they_were(text in any::<String>()) {
        let mut written = Vec::new();
        write_string(&mut written, &text);
        prop_assert_eq!(serde_json::from_slice::<String>(&written).unwrap(), text.clone());
        prop_assert_eq!(Reader::new(std::str::from_utf8(&written).unwrap()).string().unwrap(), text);
    }

    #[test]
    fn any_bytes_end_in_an_answer(text in any::<String>()) {
        let _ = parse_infer(&text);
    }

    #[test]
    fn floats_are_the_nearest(value: f32, double: f64) {
        prop_assume!(value.is_finite() && double.is_finite());
        prop_assert_eq!(infer(&format!("[{value:e}]"), "FP32").unwrap(), value.to_le_bytes());
        prop_assert_eq!(infer(&format!("[{double:e}]"), "FP64").unwrap(), double.to_le_bytes());
    }
}
