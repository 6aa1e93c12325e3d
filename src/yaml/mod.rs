//! Writes canonical YAML: one object in, bytes out. The same value gives the same bytes on every
//! machine and in every release, so that a diff in Git means a change of meaning.
//!
//! - Block style, 2 spaces a level, list dashes in the column of their key, as `kubectl` prints.
//! - Struct fields keep the order of serialization; maps keep theirs (use ordered ones).
//! - An entry whose value is null is left out; a null list element stays, since dropping it would
//!   renumber its siblings. An empty map or list that was given is `{}` or `[]`.
//! - Text of several lines is a `|` block where that reads back exactly, else double-quoted.
//! - A string is plain only where YAML 1.1 and 1.2 readers alike read that string ([`plain`]).
//!
//! What YAML or Kubernetes could not hold ([`Unrepresentable`]) is reported and writes nothing;
//! types of k8s-openapi, `serde_json::Value` and derived structs with string keys never meet it.

mod block;
mod collection;
mod error;
mod key;
pub mod plain;
mod pointer;
mod quoted;
mod serializer;
mod track;

use serde::Serialize;

pub use error::Unrepresentable;
pub use pointer::Pointer;

use serializer::{Node, Place, Writer};
use track::Lines;

/// Appends `value` to `out` as one YAML document without `---`, ending in a line break.
///
/// # Errors
/// [`Unrepresentable`] if a map key is no scalar or the value's own `Serialize` fails; `out` is
/// then as it was before.
pub fn write<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), Unrepresentable> {
    write_tracked(value, out, ())
}

/// Like [`write()`], and returns for every line the pointer of the innermost value whose key,
/// scalar or block text stands on it.
///
/// # Errors
/// As [`write()`].
pub fn write_lines<T: Serialize + ?Sized>(
    value: &T,
    out: &mut Vec<u8>,
) -> Result<Vec<Pointer>, Unrepresentable> {
    write_tracked(value, out, Lines::default()).map(Lines::into_pointers)
}

fn write_tracked<T: Serialize + ?Sized, K: track::Track>(
    value: &T,
    out: &mut Vec<u8>,
    track: K,
) -> Result<K, Unrepresentable> {
    let start = out.len();
    let mut writer = Writer { out, track };
    let root = Node {
        writer: &mut writer,
        place: Place::Root,
        column: 0,
    };
    match value.serialize(root) {
        Ok(_) => Ok(writer.track),
        Err(error) => {
            writer.out.truncate(start);
            Err(error)
        }
    }
}
