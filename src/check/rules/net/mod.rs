//! Security and network.

pub(super) mod net_05;
pub(super) mod net_08;
pub(super) mod net_09;
mod restricted;
mod secret;
