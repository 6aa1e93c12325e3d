//! Objects in, files out: where each object lies, and a folder on disk that can be killed at any
//! moment and still says whose its every file is.
//!
//! [`Object`](crate::emit::Object)s → [`files()`] → a [`Sink`], such as the output [`Folder`]. Start
//! reading at [`apply()`].

mod apply;
mod check;
pub mod codes;
mod files;
mod findings;
mod hash;
mod kustomization;
pub mod layout;
mod ledger;
mod outcome;
mod paths;
mod sink;
mod survey;
#[cfg(test)]
mod testing;
mod twice;
mod wanted;

pub use apply::{Apply, apply};
pub use check::check;
pub use files::files;
pub use hash::Hash;
pub use ledger::{Entry, Fault, LEDGER, Ledger, State};
pub use outcome::{End, Outcome};
pub use sink::{Again, Count, File, Finish, Folder, Memory, Sink};
pub use survey::Scope;
pub use twice::{fingerprints, written_twice};
pub use wanted::Wanted;
