//! Everything that is tested from outside of `mlserve`, as one binary.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod containerfile;
mod decide;
mod faults;
mod fetch;
mod generated;
mod http;
mod json;
mod queue;
mod sigterm;
mod support;
