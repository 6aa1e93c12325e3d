//! Objects in, files out: where each object lies, and a folder on disk that can be killed at any
//! moment and still says whose its every file is.
//!
//! [`Object`](crate::emit::Object)s → files by path → the output folder. Start reading at
//! [`apply()`].

mod apply;
mod check;
pub mod codes;
mod findings;
mod hash;
mod kustomization;
pub mod layout;
mod ledger;
mod outcome;
mod paths;
mod survey;
mod tree;

pub use apply::{Apply, apply};
pub use check::check;
pub use hash::Hash;
pub use ledger::{Entry, Fault, LEDGER, Ledger, State};
pub use outcome::{End, Outcome};
pub use survey::Scope;
pub use tree::{Files, Tree, render};
