//! Codes of the checks that are no rules: objects against the schemas of their API servers.

use crate::diag::page::Page;

/// The API server would refuse a value.
pub(super) const REFUSED: &str = "API-01";
/// The API server's version does not know a field or a kind.
pub(super) const TOO_NEW: &str = "TRF-13";

/// Every code, sorted.
pub static CODES: &[Page] = &[
    Page {
        code: REFUSED,
        name: "object-refused",
        text: include_str!("codes/API-01.md"),
    },
    Page {
        code: TOO_NEW,
        name: "not-in-this-version",
        text: include_str!("codes/TRF-13.md"),
    },
];
