//! `ConfigMap` and `Secret`.

use super::check::Check;
use crate::validate::Problem;
use crate::validate::formats;
use crate::validate::tape::View;

/// What one object may hold, in bytes (Kubernetes' `MaxSecretSize`).
const LARGEST: usize = 1024 * 1024;

/// Checks the keys and the size of a `ConfigMap` or `Secret`.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    let mut size = 0;
    for list in ["data", "binaryData", "stringData"] {
        check.entries(object, list, |check, key, value| {
            size += value.str().map_or(0, str::len);
            check.value(formats::config_key(key));
            if list == "binaryData"
                && object
                    .get("data")
                    .is_some_and(|data| data.get(key).is_some())
            {
                check.fault(Problem::Duplicate, "is in `data` already");
            }
        });
    }
    if size > LARGEST {
        check.fault_at(
            "data",
            Problem::BadValue,
            format_args!("holds {size} bytes, it may hold {LARGEST}"),
        );
    }
}
