//! Security and network.

pub mod net_08;
mod secret;
