//! What the compiler and the server agree on: configuration, ports, paths, environment, metric names, exit codes.
//!
//! The compiler writes a [`config::ServerConfig`] into a ConfigMap; `mlserve` reads it back with the same types, so the
//! two cannot drift. Depends on serde alone, so that the compiler never pulls the server's tree. Start at [`config`].

pub mod config;
pub mod env;
pub mod exit;
pub mod metrics;
pub mod paths;
pub mod ports;
