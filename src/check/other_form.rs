//! A refused value of a patch in another form: one that the API server would take.

use serde_json::Value;

use crate::diag::suggest::closest;
use crate::emit::Object;
use crate::units::{Bytes, Cpu, Duration};
use crate::validate::schema::Schemas;
use crate::validate::{Problem, Violation, validate};

/// What to write in place of a value: the first form of it that nothing is wrong with.
pub(super) fn help(object: &Object, violation: &Violation, schemas: &Schemas) -> Option<String> {
    if !matches!(violation.problem, Problem::WrongType | Problem::BadValue) {
        return None;
    }
    let mut tried = object.patched.as_deref()?.clone();
    let given = tried.pointer(&violation.pointer)?.clone();
    forms(&given, &violation.message)
        .into_iter()
        .find_map(|form| {
            *tried.pointer_mut(&violation.pointer)? = form.clone();
            let wrong = validate(&tried, schemas);
            let passes = wrong.iter().all(|w| w.pointer != violation.pointer);
            passes.then(|| shown(&form, given.is_string()))
        })
}

fn shown(form: &Value, was_text: bool) -> String {
    match form {
        Value::String(text) if was_text => format!("write \"{text}\""),
        Value::String(text) => format!("write \"{text}\", with quotes"),
        Value::Bool(value) => format!("write #{value}, without quotes"),
        other => format!("write {other}, without quotes"),
    }
}

/// Other forms of a value, likely ones first. `message` names the words that may stand there.
fn forms(given: &Value, message: &str) -> Vec<Value> {
    let Value::String(text) = given else {
        return match given {
            Value::Number(number) => vec![number.to_string().into()],
            Value::Bool(value) => vec![value.to_string().into()],
            _ => Vec::new(),
        };
    };
    let mut forms = Vec::new();
    match text.as_str() {
        "true" | "yes" | "on" => forms.push(true.into()),
        "false" | "no" | "off" => forms.push(false.into()),
        _ => forms.extend(text.parse::<i64>().ok().map(Value::from)),
    }
    let of_units = [
        Bytes::parse(text).err(),
        Cpu::parse(text).err(),
        Duration::parse(text).err(),
    ];
    forms.extend(
        of_units
            .into_iter()
            .flatten()
            .filter_map(|e| e.fix)
            .map(Value::from),
    );
    let words = message.split('"').skip(1).step_by(2);
    forms.extend(closest(text, words).map(Value::from));
    forms
}
