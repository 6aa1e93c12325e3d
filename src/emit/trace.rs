//! Which field of an object comes from what.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::resolve::origin::{Derivation, Input, Origin};

/// The origin of a field.
#[derive(Clone, Debug)]
pub struct Note {
    /// RFC 6901 pointer to the field; it speaks for everything below it that has no note of
    /// its own. A field that holds a whole document has notes on that document's fields too:
    /// `/data/config.yaml#/models/0/name`.
    pub pointer: String,
    /// Where the field comes from.
    pub origin: Origin,
}

/// Notes of one object. Outside of recording mode nothing is kept and nothing is formatted.
#[derive(Clone, Debug, Default)]
pub struct Trace(Option<Vec<Note>>);

impl Trace {
    /// A trace that records, or one that does not.
    #[must_use]
    pub fn new(recording: bool) -> Self {
        Self(recording.then(Vec::new))
    }

    /// Notes where a field comes from: `trace.note(format_args!("/spec/replicas"), &from)`.
    pub fn note(&mut self, pointer: fmt::Arguments<'_>, origin: &Origin) {
        if let Some(notes) = &mut self.0 {
            notes.push(Note {
                pointer: pointer.to_string(),
                origin: origin.clone(),
            });
        }
    }

    /// Notes that a field cannot be otherwise, and why.
    pub fn fixed(&mut self, pointer: fmt::Arguments<'_>, why: &'static str) {
        if self.0.is_some() {
            self.note(pointer, &Origin::Fixed(why));
        }
    }

    /// Notes that a field is put together from others: what it is, how, and from what.
    pub fn joined(
        &mut self,
        pointer: fmt::Arguments<'_>,
        what: &'static str,
        formula: &'static str,
        inputs: impl FnOnce() -> Vec<Input>,
    ) {
        if self.0.is_some() {
            let inputs = inputs();
            self.note(
                pointer,
                &Origin::Derived(Arc::new(Derivation {
                    what,
                    formula,
                    inputs,
                })),
            );
        }
    }

    /// Notes the entries of a map, by key.
    pub fn entries<'e>(
        &mut self,
        pointer: &str,
        entries: impl IntoIterator<Item = (&'e str, &'e Origin)>,
    ) {
        if self.0.is_some() {
            for (key, origin) in entries {
                self.note(format_args!("{pointer}/{}", escape(key)), origin);
            }
        }
    }

    /// The notes, in the order made.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        self.0.as_deref().unwrap_or_default()
    }

    /// What is wrong with the notes of an object, one line each: fields that no note speaks
    /// for, and notes on fields that are not there. Empty maps and lists count as fields.
    #[must_use]
    pub fn gaps(&self, object: &Value) -> Vec<String> {
        let noted: BTreeSet<&str> = self
            .notes()
            .iter()
            .map(|n| n.pointer.split('#').next().unwrap_or_default())
            .collect();
        let mut gaps = Vec::new();
        unnoted(object, &mut String::new(), &noted, &mut gaps);
        let absent = noted.iter().filter(|p| object.pointer(p).is_none());
        gaps.extend(absent.map(|p| format!("there is no field for the note on {p}")));
        gaps
    }
}

/// Adds a line for each leaf at or below `pointer` that no note speaks for.
fn unnoted(value: &Value, pointer: &mut String, noted: &BTreeSet<&str>, gaps: &mut Vec<String>) {
    if noted.contains(pointer.as_str()) {
        return;
    }
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(k, v)| (escape(k), v)).collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(i, v)| (i.to_string(), v))
            .collect(),
        _ => Vec::new(),
    };
    if children.is_empty() {
        gaps.push(format!("no note speaks for {pointer}"));
    }
    for (key, child) in children {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&key);
        unnoted(child, pointer, noted, gaps);
        pointer.truncate(length);
    }
}

/// Escapes a key for an RFC 6901 pointer.
#[must_use]
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn traced(pointers: &[&str]) -> Trace {
        let mut trace = Trace::new(true);
        for pointer in pointers {
            trace.fixed(format_args!("{pointer}"), "test");
        }
        trace
    }

    /// A note covers what lies below it; everything else is a gap.
    #[test]
    fn gaps_are_leaves_without_notes_and_notes_without_fields() {
        let object = json!({"a": {"b": 1, "c/d": "x"}, "e": [{"f": {}}, 2]});
        assert_eq!(traced(&["/a", "/e"]).gaps(&object), Vec::<String>::new());
        assert_eq!(
            traced(&["/a/b", "/e/0"]).gaps(&object),
            [
                "no note speaks for /a/c~1d".to_owned(),
                "no note speaks for /e/1".to_owned()
            ]
        );
        assert_eq!(
            traced(&["/a", "/e", "/e/2", "/g"]).gaps(&object),
            [
                "there is no field for the note on /e/2".to_owned(),
                "there is no field for the note on /g".to_owned()
            ]
        );
        assert_eq!(
            traced(&["/a", "/e/1"]).gaps(&object),
            ["no note speaks for /e/0/f"]
        );
    }

    /// Notes on fields of a document inside a field speak for the document only.
    #[test]
    fn notes_on_an_inner_document_need_the_outer_field() {
        let object = json!({"data": {"config.yaml": "a: 1\n"}});
        let trace = traced(&["/data/config.yaml", "/data/config.yaml#/a"]);
        assert_eq!(trace.gaps(&object), Vec::<String>::new());
        let gaps = traced(&["/data", "/data/other#/a"]).gaps(&object);
        assert_eq!(gaps, ["there is no field for the note on /data/other"]);
    }

    /// Without recording nothing is kept.
    #[test]
    fn silent_without_recording() {
        let mut trace = Trace::new(false);
        trace.fixed(format_args!("/a"), "test");
        trace.joined(format_args!("/b"), "b", "a", || unreachable!());
        assert!(trace.notes().is_empty());
    }
}
