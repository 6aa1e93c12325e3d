//! Pieces that objects of several kinds share.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::Trace;
use crate::plan::Entry;

/// Entries as the map the API takes.
pub(super) fn map(entries: &[Entry]) -> BTreeMap<String, String> {
    entries
        .iter()
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .collect()
}

/// A selector by labels.
pub(super) fn selector(entries: &[Entry]) -> LabelSelector {
    LabelSelector {
        match_labels: Some(map(entries)),
        ..LabelSelector::default()
    }
}

/// Notes entries that lie at `pointer`.
pub(super) fn note_entries(trace: &mut Trace, pointer: &str, entries: &[Entry]) {
    trace.entries(
        pointer,
        entries
            .iter()
            .map(|(key, value)| (key.as_str(), &value.from)),
    );
}

/// A count in the API's type. Counts and times of specs lie far below its limit: the node
/// table bounds counts, and a duration has at most 99999 hours.
pub(super) fn int(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// [`int`] for the fields that are 64 bits wide.
pub(super) fn long(count: u64) -> i64 {
    i64::from(int(count))
}

/// A quantity as it is shown.
pub(super) fn quantity(value: impl ToString) -> Quantity {
    Quantity(value.to_string())
}
