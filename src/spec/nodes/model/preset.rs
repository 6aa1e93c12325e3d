//! `preset`: a partial model.

use super::PARTS_WITH_IN;
use crate::spec::table::{Key, NodeKind, Ty, arg};

/// `preset "gpu-realtime" { … }`.
pub static PRESET: NodeKind = NodeKind {
    name: "preset",
    key: Key::Arg,
    args: &[arg("name", Ty::DnsLabel, "Name that `like` gives.")],
    children: &PARTS_WITH_IN,
    removable: false,
    doc: "A partial model that others take over with `like`. No parameters: what differs is \
          written in the model.",
    example: r#"preset "gpu-realtime" {
    batch max-size=16 max-delay="2ms"
    timeout "500ms"
}"#,
    ..NodeKind::EMPTY
};
