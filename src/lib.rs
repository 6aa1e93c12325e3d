//! mlspec: model specs in, complete and checked manifests out. `ARCHITECTURE.md` has the picture.

pub mod diag;
pub mod render;
pub mod source;
pub mod syntax;
pub mod system;
