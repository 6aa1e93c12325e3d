//! All integration tests, in one binary: linking once is cheaper.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod cli;
mod docs;
mod emit;
mod golden;
mod hygiene;
mod render;
mod syntax;
mod system;
mod ui;
mod validate;
mod yaml;
