//! Objects in, files out: where each object lies, and a tree on disk that can be killed at any
//! moment and still says whose every file is.

mod files;
pub mod layout;

pub use files::{Files, files};
