//! Tests of the server as a whole, in one binary.

mod decide;
mod faults;
mod generated;
mod http;
mod json;
mod queue;
mod support;
