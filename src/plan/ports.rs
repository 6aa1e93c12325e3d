//! Ports that would be taken twice.

use crate::diag::Diagnostic;
use crate::resolve::origin::Traced;
use crate::source::Span;
use crate::units::Port;

use super::types::{ServicePlan, WorkloadPlan};

/// Reports two ports of one number in a container or in a Service.
pub(super) fn taken_twice(
    model: Span,
    workloads: &[WorkloadPlan<'_>],
    services: &[ServicePlan],
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for workload in workloads {
        let ports = &workload.ports;
        let admin = ports.admin.as_ref().map(|a| ("metrics", &a.port));
        let grpc = ports.grpc.as_ref().map(|p| ("gRPC", p));
        found.extend(twice([Some(("HTTP", &ports.http)), grpc, admin], model));
    }
    for service in services {
        let admin = service.admin.as_ref().map(|a| ("metrics", &a.port));
        let grpc = service.grpc.as_ref().map(|p| ("gRPC", p));
        let own = service.port.as_ref().map(|p| ("HTTP", p));
        found.extend(twice([own, grpc, admin], model));
    }
    found
}

type Named<'p> = (&'static str, &'p Traced<Port>);

fn twice(ports: [Option<Named<'_>>; 3], model: Span) -> Option<Diagnostic> {
    let ports: Vec<Named<'_>> = ports.into_iter().flatten().collect();
    let mut pairs = ports
        .iter()
        .enumerate()
        .flat_map(|(i, second)| ports[..i].iter().map(move |first| (first, second)));
    let ((one, first), (other, second)) = pairs.find(|(a, b)| a.1.value == b.1.value)?;
    // What is written can be changed; of two that are, the later one is at fault.
    let spans = [first.span(), second.span()];
    let span = spans.into_iter().flatten().max_by_key(|s| s.start);
    let mut finding = Diagnostic::error(
        "LNG-07",
        span.unwrap_or(model),
        format!("port {} would be for {one} and for {other}", first.value),
    )
    .help("give one of them another number");
    if let [Some(a), Some(b)] = spans
        && let Some(at) = span
        && a != b
    {
        finding = finding.also(if at == a { b } else { a }, "the other one");
    }
    Some(finding)
}
