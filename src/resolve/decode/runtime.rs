//! `runtime` and `batch`.

use smol_str::SmolStr;

use crate::diag::Diagnostic;
use crate::resolve::merge::Merged;
use crate::resolve::model::{Container, Metrics, Mlserve, Probe, Runtime};
use crate::resolve::origin::Traced;
use crate::source::Span;
use crate::units::{Duration, Port};

use super::{Cx, count, find};

/// Default batch size, in rows.
const MAX_BATCH: u64 = 32;
/// Default longest wait for company, in milliseconds.
const MAX_DELAY_MS: u64 = 5;

/// Decodes `runtime` with what `batch` says; `model` is the model's name for messages.
pub(crate) fn runtime(nodes: &[Merged<'_>], model: Span, cx: &mut Cx<'_>) -> Option<Runtime> {
    let batch = find(nodes, "batch");
    match find(nodes, "runtime") {
        Some(node)
            if node
                .arg::<SmolStr>(0)
                .is_some_and(|k| k.value == "container") =>
        {
            // A lower layer is there for other models too; `references` judges it.
            if let Some(batch) = batch.filter(|b| cx.is_own(b.name)) {
                cx.no_effect(
                    batch.name,
                    "`batch` has no effect with `runtime \"container\"`".to_owned(),
                    "set the image's own variable with `env-var`, or use `runtime \"mlserve\"`",
                );
            }
            container(node, cx).map(|c| Runtime::Container(Box::new(c)))
        }
        node => {
            let image = node
                .and_then(|n| n.get("image"))
                .or_else(|| cx.mlserve.cloned());
            let Some(image) = image else {
                cx.diagnostics.push(
                    Diagnostic::error(
                        "LNG-05",
                        // Once for all models that need it.
                        cx.workspace.unwrap_or(model),
                        "the workspace names no image for `runtime \"mlserve\"`",
                    )
                    .help("add to `workspace`: image \"mlserve\" \"registry.acme.io/ml/mlserve:0.1.0\""),
                );
                return None;
            };
            Some(Runtime::Mlserve(Box::new(Mlserve {
                image,
                engine: node
                    .and_then(|n| n.get("engine"))
                    .unwrap_or_else(|| Traced::default("auto".into(), "runtime engine")),
                max_batch: batch
                    .and_then(|b| count(b, "max-size"))
                    .unwrap_or_else(|| Traced::default(MAX_BATCH, "batch max-size")),
                max_delay: batch.and_then(|b| b.get("max-delay")).unwrap_or_else(|| {
                    Traced::default(Duration::from_millis(MAX_DELAY_MS), "batch max-delay")
                }),
            })))
        }
    }
}

fn container(node: &Merged<'_>, cx: &mut Cx<'_>) -> Option<Container> {
    let port: Traced<Port> = node.get("port")?;
    let words = |name: &str| node.child(name).map(|c| c.args_from(0)).unwrap_or_default();
    Some(Container {
        image: node.get("image")?,
        command: words("command"),
        args: words("args"),
        user: node.child("user").and_then(|u| u.arg(0)),
        writable: node
            .all("writable")
            .filter_map(|w| Some((w.arg(0)?, w.get("size")?)))
            .collect(),
        files: node
            .all("file")
            .filter_map(|f| Some((f.arg(0)?, f.get("secret")?)))
            .collect(),
        grpc: node.child("port").and_then(|p| p.arg(1)),
        liveness: node.child("liveness").and_then(probe),
        readiness: node.child("readiness").and_then(probe),
        metrics: node.child("metrics").and_then(|m| {
            if let Some(errors) = m.get::<SmolStr>("errors").and_then(|e| e.span())
                && !m.gives("requests")
            {
                cx.no_effect(
                    errors,
                    "`errors` has no effect without `requests=`".to_owned(),
                    "add the counter whose labels it matches, or drop it",
                );
            }
            Some(Metrics {
                path: m.arg(0)?,
                port: m.get("port").unwrap_or_else(|| port.clone()),
                latency: m.get("latency"),
                requests: m.get("requests"),
                errors: m.get("errors"),
            })
        }),
        span: node.name,
        port,
    })
}

fn probe(node: &Merged<'_>) -> Option<Probe> {
    let seconds = |name, default: u64, key| {
        node.get(name)
            .unwrap_or_else(|| Traced::default(Duration::from_millis(default * 1000), key))
    };
    Some(Probe {
        path: node.arg(0)?,
        every: seconds("every", 10, "liveness every"),
        timeout: seconds("timeout", 5, "liveness timeout"),
        failures: count(node, "failures")
            .unwrap_or_else(|| Traced::default(3, "liveness failures")),
    })
}
