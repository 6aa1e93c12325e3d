//! Everything that is tested from outside of `mlserve`, as one binary.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod call;
mod containerfile;
mod datatypes;
mod decide;
mod faults;
mod fetch;
mod generated;
mod golden;
mod grpc;
mod health;
mod http;
mod json;
mod models;
mod overload;
mod queue;
mod sigterm;
mod support;
mod traces;
