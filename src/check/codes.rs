//! Codes of the checks that are no rules: objects against the schemas of their API servers.

use crate::diag::page::Page;

/// The API server would refuse a value.
pub(super) const REFUSED: &str = "API-01";
/// The API server's version does not know a field or a kind; the page is that of the rule.
pub(super) const TOO_NEW: &str = "TRF-13";

/// A server could not be asked.
pub(crate) const NOT_ASKED: &str = "API-02";

/// Every code, sorted.
pub static CODES: &[Page] = &[
    Page {
        code: REFUSED,
        name: "object-refused",
        text: include_str!("codes/API-01.md"),
    },
    Page {
        code: NOT_ASKED,
        name: "server-not-asked",
        text: include_str!("codes/API-02.md"),
    },
];
