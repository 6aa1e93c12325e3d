//! `split`: several variants of a model behind one address.

use super::{
    artifact, batch, disruption, env_var, gpu, identity, labels, resources, rollout, runtime,
    scale, times, version,
};
use crate::spec::table::{Key, NodeKind, Ty, arg, prop, prop_or};

/// What may differ between variants; all else belongs to the model as a whole.
static VARIANT_PARTS: &[&NodeKind] = &[
    &version::VERSION,
    &artifact::ARTIFACT,
    &gpu::GPU,
    &runtime::RUNTIME,
    &resources::RESOURCES,
    &batch::BATCH,
    &times::STARTUP,
    &times::GRACE,
    &env_var::ENV_VAR,
    &labels::LABEL,
    &labels::ANNOTATION,
    &disruption::DISRUPTION,
    &identity::PRIORITY_CLASS,
    &scale::SCALE,
    &rollout::ROLLOUT,
];

/// `variant "wider" weight=10 { gpu mig="3g.20gb" }`.
pub static VARIANT: NodeKind = NodeKind {
    name: "variant",
    key: Key::Arg,
    args: &[arg("name", Ty::DnsLabel, "Name of the variant.")],
    props: &[
        prop(
            "weight",
            Ty::Int { min: 0, max: 100 },
            "Share of the traffic, in percent.",
        ),
        prop(
            "header",
            Ty::HeaderName,
            "Requests with this header come here, outside the 100.",
        ),
        prop("value", Ty::Text, "The header's value."),
        prop_or(
            "primary",
            Ty::Bool,
            "#false",
            "Keeps the model's name and selector; exactly one variant is it.",
        ),
    ],
    children: VARIANT_PARTS,
    patch: true,
    group: Some(&[&["weight", "primary"], &["header", "value"]]),
    doc: "One variant: a workload of its own that patches the model.",
    example: r#"model "m" {
    split {
        variant "control" weight=90 primary=#true
        variant "wider" weight=10 { resources cpu="4" }
    }
}"#,
    ..NodeKind::EMPTY
};

/// `split { variant … }`.
pub static SPLIT: NodeKind = NodeKind {
    name: "split",
    children: &[&VARIANT],
    doc: "Several variants behind one address: A/B by weight, which must total 100, or by header. \
          Gateways tell them apart, and the mesh for callers with a sidecar that use the Service; \
          everyone else who uses it gets the primary variant.",
    example: r#"model "m" {
    split {
        variant "control" weight=90 primary=#true
        variant "wider" weight=10 { resources cpu="4" }
        variant "beta" header="x-beta" value="1"
    }
}"#,
    ..NodeKind::EMPTY
};
