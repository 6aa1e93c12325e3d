//! Which field of an object comes from what.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::resolve::origin::{Derivation, Input, Origin};
use crate::source::Span;

/// The origin of a field.
#[derive(Clone, Debug)]
pub struct Note {
    /// RFC 6901 pointer to the field; it speaks for everything below it that has no note of
    /// its own. A field that holds a whole document has notes on that document's fields too:
    /// `/data/config.yaml#/models/0/name`.
    pub pointer: String,
    /// Where the field comes from.
    pub origin: Origin,
    /// Where a patch names the field.
    pub named: Option<Span>,
    /// Whether the patch takes the field away.
    pub gone: bool,
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

    /// The note with a place in the spec that speaks for a field: its own, or the nearest above.
    #[must_use]
    pub fn nearest(&self, pointer: &str) -> Option<&Note> {
        let above = |note: &&Note| {
            let rest = pointer.strip_prefix(note.pointer.as_str());
            rest.is_some_and(|r| r.is_empty() || r.starts_with('/'))
        };
        self.notes()
            .iter()
            .filter(above)
            .filter(|note| note.origin.span().is_some())
            .max_by_key(|note| note.pointer.len())
    }

    /// The place of [`Trace::nearest`].
    #[must_use]
    pub fn place(&self, pointer: &str) -> Option<Span> {
        self.nearest(pointer)?.origin.span()
    }

    /// Notes where a field comes from: `trace.note(format_args!("/spec/replicas"), &from)`.
    pub fn note(&mut self, pointer: fmt::Arguments<'_>, origin: &Origin) {
        if let Some(notes) = &mut self.0 {
            notes.push(Note {
                pointer: pointer.to_string(),
                origin: origin.clone(),
                named: None,
                gone: false,
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

    /// Notes that a patch wrote a field: where it says so, and where it names the field. Patches
    /// are noted whether or not the trace records, since findings are reported at their lines.
    pub fn patched(&mut self, pointer: &str, value: Span, named: Span) {
        self.by_patch(pointer, value, named, false);
    }

    /// Notes that a patch takes a field away, so that what then is missing is told there.
    pub fn deleted(&mut self, pointer: &str, at: Span) {
        self.by_patch(pointer, at, at, true);
    }

    fn by_patch(&mut self, pointer: &str, value: Span, named: Span, gone: bool) {
        self.forget(pointer);
        self.0.get_or_insert_default().push(Note {
            pointer: pointer.to_owned(),
            origin: Origin::Written(value),
            named: Some(named),
            gone,
        });
    }

    /// Drops the notes on a field and on all below it: it goes, or is written anew.
    pub fn forget(&mut self, pointer: &str) {
        if let Some(notes) = &mut self.0 {
            notes.retain(|note| below(&note.pointer, pointer).is_none());
        }
    }

    /// An item of a list goes: its notes go, those of the items behind it move up.
    pub fn item_removed(&mut self, list: &str, index: usize) {
        self.forget(&format!("{list}/{index}"));
        for note in self.0.iter_mut().flatten() {
            let Some(rest) = below(&note.pointer, list).and_then(|r| r.strip_prefix('/')) else {
                continue;
            };
            let (item, rest) = rest.split_at(rest.find(['/', '#']).unwrap_or(rest.len()));
            if let Ok(item) = item.parse::<usize>()
                && item > index
            {
                note.pointer = format!("{list}/{}{rest}", item - 1);
            }
        }
    }

    /// The note of a patch that speaks for a field: on it or nearest above.
    #[must_use]
    pub fn patch_of(&self, pointer: &str) -> Option<&Note> {
        self.notes()
            .iter()
            .filter(|note| note.named.is_some() && below(pointer, &note.pointer).is_some())
            .max_by_key(|note| note.pointer.len())
    }

    /// The first note of a patch below a field.
    #[must_use]
    pub fn patch_below(&self, pointer: &str) -> Option<&Note> {
        self.notes().iter().find(|note| {
            note.named.is_some()
                && note.pointer != pointer
                && !pointer.is_empty()
                && below(&note.pointer, pointer).is_some()
        })
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
        let there = self.notes().iter().filter(|n| !n.gone);
        let noted: BTreeSet<&str> = there
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

/// What follows `above` in a pointer to it or to something below it.
fn below<'p>(pointer: &'p str, above: &str) -> Option<&'p str> {
    pointer
        .strip_prefix(above)
        .filter(|rest| rest.is_empty() || rest.starts_with(['/', '#']))
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

    /// A patch's note replaces those at and below its field; notes behind a removed item move up.
    #[test]
    fn notes_follow_a_patch() {
        let span = |at| Span::new(crate::source::FileId(0), at, at + 1);
        let mut trace = traced(&["/l/0/a", "/l/1/b", "/l/1/b#/x", "/l/10", "/list/2"]);
        trace.patched("/l/1", span(1), span(2));
        let pointers = |trace: &Trace| -> Vec<String> {
            trace.notes().iter().map(|n| n.pointer.clone()).collect()
        };
        assert_eq!(pointers(&trace), ["/l/0/a", "/l/10", "/list/2", "/l/1"]);
        trace.item_removed("/l", 0);
        assert_eq!(pointers(&trace), ["/l/9", "/list/2", "/l/0"]);
        let patch = trace.patch_of("/l/0/b/c").unwrap();
        assert_eq!(
            (patch.origin.span(), patch.named),
            (Some(span(1)), Some(span(2)))
        );
        assert!(trace.patch_of("/l/9").is_none());
        let below = |pointer: &str| trace.patch_below(pointer).map(|n| n.pointer.as_str());
        assert_eq!(
            [below("/l"), below("/l/0"), below("/li"), below("")],
            [Some("/l/0"), None, None, None]
        );
        let mut silent = Trace::new(false);
        silent.patched("/a", span(1), span(2));
        assert!(silent.patch_of("/a").is_some());
    }

    /// A field that a patch takes away is no gap; one that comes back forgets that.
    #[test]
    fn a_deleted_field_has_a_place() {
        let span = |at| Span::new(crate::source::FileId(0), at, at + 1);
        let mut trace = traced(&["/a", "/b"]);
        trace.deleted("/b", span(1));
        assert_eq!(trace.gaps(&json!({"a": 1})), Vec::<String>::new());
        assert_eq!(trace.place("/b/c"), Some(span(1)));
        trace.patched("/b", span(2), span(3));
        assert_eq!(trace.place("/b/c"), Some(span(2)));
        assert_eq!(
            trace.gaps(&json!({"a": 1})),
            ["there is no field for the note on /b"]
        );
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
