//! mlspec: model specs in, complete and checked manifests out. `ARCHITECTURE.md` has the picture.

pub mod diag;
pub mod source;
pub mod syntax;
pub mod system;
pub mod validate;
