//! Codes of the language.
