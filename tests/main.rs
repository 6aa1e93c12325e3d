//! All integration tests, in one binary: linking once is cheaper.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod syntax;
mod yaml;
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod hygiene;
mod syntax;
mod ui;
