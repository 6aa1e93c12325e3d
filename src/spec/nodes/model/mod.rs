//! `model`: what is served. [`PARTS`] lists what a model, a preset, `defaults`, an `in` block
//! and a variant may hold alike.

pub mod artifact;
pub mod batch;
pub mod claim;
pub mod disruption;
pub mod env_var;
pub mod expose;
pub mod gpu;
pub mod identity;
pub mod r#in;
pub mod labels;
pub mod like;
pub mod load;
pub mod network;
pub mod only;
pub mod patch;
pub mod preset;
pub mod resources;
pub mod rollout;
pub mod runtime;
pub mod scale;
pub mod slo;
pub mod split;
pub mod times;
pub mod version;
pub mod waive;

use crate::spec::table::{Key, NodeKind, Ty, arg};

/// What every partial model may hold, in the formatter's order.
pub static PARTS: [&NodeKind; 28] = [
    &version::VERSION,
    &artifact::ARTIFACT,
    &claim::CLAIM,
    &gpu::GPU,
    &runtime::RUNTIME,
    &resources::RESOURCES,
    &batch::BATCH,
    &times::STARTUP,
    &times::GRACE,
    &times::TIMEOUT,
    &slo::SLO,
    &load::LOAD,
    &env_var::ENV_VAR,
    &labels::LABEL,
    &labels::ANNOTATION,
    &labels::SELECTOR,
    &disruption::DISRUPTION,
    &identity::PRIORITY_CLASS,
    &identity::SERVICE_ACCOUNT,
    &identity::IMAGE_PULL_SECRET,
    &network::ALLOW,
    &network::EGRESS,
    &scale::SCALE,
    &expose::EXPOSE,
    &rollout::ROLLOUT,
    &split::SPLIT,
    &patch::PATCH,
    &waive::WAIVE,
];

/// [`PARTS`] and `in`: what `defaults` and a preset may hold.
pub static PARTS_WITH_IN: [&NodeKind; 29] = with(&PARTS, [&r#in::IN]);

/// [`PARTS`], `in`, `like` and `only`: what a model may hold.
static MODEL_PARTS: [&NodeKind; 31] = with(&PARTS, [&like::LIKE, &only::ONLY, &r#in::IN]);

/// A list with a few more kinds behind it, sized at compile time.
const fn with<const N: usize, const M: usize, const S: usize>(
    parts: &[&'static NodeKind; N],
    more: [&'static NodeKind; M],
) -> [&'static NodeKind; S] {
    let mut all = [parts[0]; S];
    let mut i = 0;
    while i < S {
        all[i] = if i < N { parts[i] } else { more[i - N] };
        i += 1;
    }
    all
}

/// `model "bert-sentiment" { … }`.
pub static MODEL: NodeKind = NodeKind {
    name: "model",
    key: Key::Arg,
    args: &[arg(
        "name",
        Ty::DnsLabel,
        "Name of the model and of its objects.",
    )],
    children: &MODEL_PARTS,
    removable: false,
    doc: "A model to serve. It runs in every environment of the workspace unless `only` says \
          otherwise.",
    example: r#"model "bert-sentiment" {
    version "2.1"
    artifact "s3://models/bert-base-uncased/2.1/" size="438Mi"
    gpu mig="1g.5gb"
    scale min=2 max=20 { on "latency" p95="400ms" }
}"#,
    ..NodeKind::EMPTY
};
