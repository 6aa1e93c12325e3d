//! What `mlserve` is made of; `main.rs` only parses the command line and maps results to exit codes.

pub mod fetch;
