//! What may be written: the node [`table`], one file per node kind under [`nodes`], and the
//! reader that holds a parsed file against it. [`Document`] → [`Written`].
//!
//! Returns every node that is known; what is not known, or of the wrong type, is left out and
//! reported, so that the rest can still be judged.

pub mod codes;
pub mod json_schema;
pub mod nodes;
pub mod order;
pub mod raw;
mod read;
pub mod reference;
pub mod table;
pub mod value;
pub mod walk;
pub mod written;

pub use read::read;
pub(crate) use read::{NodeKey, grouped_names, key, title};
pub use written::{Given, Written};

#[cfg(doc)]
use crate::syntax::tree::Document;
