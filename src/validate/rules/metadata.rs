//! `metadata`: names, labels and annotations of every kind.

use super::check::Check;
use crate::validate::Problem;
use crate::validate::formats::{self, Fault};
use crate::validate::tape::View;

/// What all annotations of an object may hold together, in bytes (apimachinery, 2026).
const ANNOTATIONS: usize = 256 * 1024;

/// Checks `metadata` of an object whose names have a given form.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, object: View<'t>, name: fn(&str) -> Fault) {
    let Some(metadata) = object.get("metadata") else {
        return check.fault_at("metadata", Problem::Required, "must be there");
    };
    check.path.push_name("metadata");
    if metadata.text("generateName").is_none_or(str::is_empty) {
        check.need(metadata, "name");
    }
    check.text_or_empty(metadata, "name", name);
    check.text_or_empty(metadata, "namespace", formats::dns_label);
    labels_and_annotations(check, metadata);
    check.path.pop();
}

/// Labels and annotations of an object or a pod template.
pub(super) fn labels_and_annotations<'t>(check: &mut Check<'_, 't>, metadata: View<'t>) {
    labels(check, metadata, "labels");
    let mut size = 0;
    check.entries(metadata, "annotations", |check, key, value| {
        size += key.len() + value.str().map_or(0, str::len);
        check.value(formats::qualified_name(&key.to_ascii_lowercase()));
    });
    if size > ANNOTATIONS {
        check.fault_at(
            "annotations",
            Problem::BadValue,
            format_args!("holds {size} bytes, it may hold {ANNOTATIONS}"),
        );
    }
}

/// A map of labels: on objects, in selectors, for nodes.
pub(super) fn labels<'t>(check: &mut Check<'_, 't>, of: View<'t>, name: &'static str) {
    check.entries(of, name, |check, key, value| {
        check.value(formats::qualified_name(key));
        check.value(value.str().and_then(formats::label_value));
    });
}
