//! Security and network.

pub(super) mod net_08;
mod secret;
