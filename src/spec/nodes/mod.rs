//! Every node kind, one file each. [`ROOT`] lists what may stand at the top of a file.

pub mod cluster;
pub mod model;
pub mod triggers;
pub mod workspace;

use super::table::NodeKind;

/// The document itself: its children are the top-level nodes.
pub static ROOT: NodeKind = NodeKind {
    children: &[
        &workspace::WORKSPACE,
        &cluster::CLUSTER,
        &model::preset::PRESET,
        &model::MODEL,
    ],
    ..NodeKind::EMPTY
};
