//! Codes of the language.

use crate::diag::page::Page;

/// Every code.
pub static CODES: &[Page] = &[];
