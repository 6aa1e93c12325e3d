//! Wrong variants of a valid object: each differs from it in one place.

use serde_json::{Value, json};

/// A changed object.
pub(crate) struct Mutant {
    /// What was done, in a word or two.
    pub(crate) change: String,
    /// Where, with `*` for list positions.
    pub(crate) place: String,
    pub(crate) object: Value,
}

/// Strings that some field takes and another does not: names, quantities, durations, enum values.
const STRINGS: [&str; 22] = [
    "",
    "Bad_Name!",
    "-5",
    "5GiB",
    "500m",
    "1.5",
    "0s",
    "10",
    "a.b",
    "/",
    "relative/../path",
    "sha256:abc",
    "120%",
    "Exact",
    "Recreate",
    "RequestRedirect",
    "LoadBalancer",
    "Localhost",
    "DoesNotExist",
    "None",
    "ReplaceFullPath",
    "AverageValue",
];

const NUMBERS: [i64; 6] = [-1, 0, 1, 101, 65_536, 2_147_483_648];

/// Every mutant of an object, in document order.
pub(crate) fn mutants(object: &Value) -> Vec<Mutant> {
    let mut found = Vec::new();
    visit(object, object, &mut Vec::new(), &mut found);
    found
}

fn visit(whole: &Value, value: &Value, path: &mut Vec<String>, found: &mut Vec<Mutant>) {
    let mut put = |change: &str, new: Value, path: &[String]| {
        let mut object = whole.clone();
        if let Some(target) = object.pointer_mut(&pointer(path)) {
            *target = new;
            found.push(Mutant {
                change: change.to_owned(),
                place: place(path),
                object,
            });
        }
    };
    if !path.is_empty() {
        for (change, new) in replacements(value) {
            put(&change, new, path);
        }
    }
    match value {
        Value::Object(map) => {
            let mut extra = map.clone();
            extra.insert("unknownField".to_owned(), json!(1));
            put("extra", extra.into(), path);
            for key in map.keys().filter(|key| !given(path, key)) {
                let mut without = map.clone();
                let old = without.remove(key).unwrap_or_default();
                put(&format!("remove {key}"), without.clone().into(), path);
                without.insert(format!("{key}z"), old);
                put(&format!("rename {key}"), without.into(), path);
            }
            for (key, child) in map {
                if given(path, key) {
                    continue;
                }
                path.push(key.replace('~', "~0").replace('/', "~1"));
                visit(whole, child, path, found);
                path.pop();
            }
        }
        Value::Array(items) => {
            if let Some(first) = items.first() {
                let twice: Vec<_> = items.iter().chain([first]).cloned().collect();
                put("duplicate", twice.into(), path);
            }
            for (at, item) in items.iter().enumerate() {
                path.push(at.to_string());
                visit(whole, item, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Fields that say which object it is and where it goes; changed, it would be another object.
fn given(path: &[String], key: &str) -> bool {
    match path {
        [] => matches!(key, "apiVersion" | "kind"),
        [only] => only == "metadata" && key == "namespace",
        _ => false,
    }
}

fn replacements(value: &Value) -> Vec<(String, Value)> {
    let mut all = vec![("null".to_owned(), Value::Null)];
    let mut wrong = |new: Value| all.push((format!("= {}", short(&new)), new));
    match value {
        Value::String(_) => {
            wrong(json!(7));
            wrong(json!(true));
            wrong(json!({}));
            wrong(json!("a".repeat(64)));
            wrong(json!("a".repeat(300)));
            STRINGS.iter().for_each(|text| wrong(json!(text)));
        }
        Value::Number(_) => {
            wrong(json!("many"));
            wrong(json!("10"));
            wrong(json!(1.5));
            wrong(json!([]));
            NUMBERS.iter().for_each(|number| wrong(json!(number)));
        }
        Value::Bool(_) => {
            wrong(json!("true"));
            wrong(json!(0));
        }
        Value::Array(_) => {
            wrong(json!([]));
            wrong(json!({}));
            wrong(json!("text"));
            wrong(json!([null]));
            wrong(json!([{}]));
        }
        Value::Object(_) => {
            wrong(json!({}));
            wrong(json!([]));
            wrong(json!("text"));
        }
        Value::Null => {}
    }
    all
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.len() < 30 {
        text
    } else {
        format!("{} characters", text.len() - 2)
    }
}

fn pointer(path: &[String]) -> String {
    path.iter().map(|step| format!("/{step}")).collect()
}

fn place(path: &[String]) -> String {
    let star = |step: &String| {
        if step.bytes().all(|c| c.is_ascii_digit()) {
            "/*".to_owned()
        } else {
            format!("/{step}")
        }
    };
    path.iter().map(star).collect()
}
