//! What may differ between variants.

use smol_str::SmolStr;

use crate::diag::Diagnostic;
use crate::resolve::merge::Merged;
use crate::resolve::model::{EnvValue, EnvVar, Resources, Variant, Workload};
use crate::resolve::origin::Traced;
use crate::source::Span;
use crate::units::{Cpu, DnsLabel};

use super::{Cx, artifact, find, gpu, pairs, runtime, scale};

/// Decodes the workload that merged nodes describe; `None` where something it cannot be
/// without is missing and reported.
pub(crate) fn workload(
    nodes: &[Merged<'_>],
    variant: Option<Variant>,
    model: &Traced<DnsLabel>,
    span: Span,
    cx: &mut Cx<'_>,
) -> Option<Workload> {
    let first = |name: &str| find(nodes, name);
    let runtime = runtime::runtime(nodes, span, cx);
    let scale = scale::scale(nodes, cx);
    Some(Workload {
        variant,
        version: first("version").and_then(|n| n.arg(0)),
        artifact: artifact::artifact(nodes, model.as_str(), cx),
        gpu: gpu::gpu(nodes, cx),
        resources: resources(first("resources")),
        startup: first("startup").and_then(|n| n.arg(0)),
        grace: first("grace").and_then(|n| n.arg(0)),
        env_vars: env_vars(nodes, cx),
        labels: pairs(nodes, "label"),
        annotations: pairs(nodes, "annotation"),
        disruption: scale::disruption(nodes),
        priority_class: first("priority-class").and_then(|n| n.arg(0)),
        rollout: scale::rollout(nodes),
        runtime: runtime?,
        scale: scale?,
    })
}

fn resources(node: Option<&Merged<'_>>) -> Resources {
    Resources {
        cpu: node
            .and_then(|n| n.get("cpu"))
            .unwrap_or_else(|| Traced::default(Cpu::from_millis(1000), "resources cpu")),
        memory: node.and_then(|n| n.get("memory")),
        memory_limit: node.and_then(|n| n.get("memory-limit")),
        disk: node.and_then(|n| n.get("disk")),
        shm: node.and_then(|n| n.get("shm")),
    }
}

fn env_vars(nodes: &[Merged<'_>], cx: &mut Cx<'_>) -> Vec<EnvVar> {
    let mut vars = Vec::new();
    for node in nodes.iter().filter(|n| n.kind.name == "env-var") {
        let Some(name) = node.arg(0) else { continue };
        let value = match (node.arg::<SmolStr>(1), node.get("secret")) {
            (Some(text), _) => EnvValue::Plain(text),
            (None, Some(reference)) => EnvValue::Secret(reference),
            (None, None) => {
                cx.diagnostics.push(
                    Diagnostic::error(
                        "LNG-05",
                        node.name,
                        format!("{} needs a value", node.title()),
                    )
                    .help("write the value after the name, or `secret=\"name/key\"`"),
                );
                continue;
            }
        };
        vars.push(EnvVar { name, value });
    }
    vars
}
