//! Which field of an object comes from what.

use std::fmt;

use crate::resolve::origin::Origin;

/// The origin of a field.
#[derive(Clone, Debug)]
pub struct Note {
    /// RFC 6901 pointer to the field; it speaks for everything below it that has no note of
    /// its own.
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
}

/// Escapes a key for an RFC 6901 pointer.
#[must_use]
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
