//! The whole server: models, listeners, threads, and how it starts and ends.

mod activity;
mod connection;
mod held;
mod lifecycle;
mod listen;
mod load;
mod repository;
mod served;
mod start;
mod state;
mod submit;

pub(crate) use held::Held;
pub use lifecycle::{Lifecycle, Phase};
pub use repository::Repository;
pub use served::{Active, Served};
#[cfg(feature = "program")]
pub use start::start;
pub use start::{Addresses, Running, start_with};
pub use state::Server;
pub use submit::{Pending, Submission, refuse_early, submit};
