//! The whole server: models, listeners, threads, and how it starts and ends.

mod activity;
mod connection;
mod held;
mod lifecycle;
mod listen;
mod repository;
mod served;
mod start;
mod submit;

pub(crate) use held::Held;
pub use lifecycle::{Lifecycle, Phase};
pub use repository::Repository;
pub use served::{Active, Served};
pub use start::{Addresses, Running, Server, start, start_with};
pub use submit::{Pending, Submission, refuse_early, submit};
