//! Every object against the schemas of its cluster's versions: what the API server would say.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::codes;
use crate::diag::{Diagnostic, Severity};
use crate::emit::{Note, Object};
use crate::plan::Plan;
use crate::resolve::cluster::{Api, Cluster};
use crate::validate::schema::{Product, Schemas, Version};
use crate::validate::{Problem, Violation, validate};

/// What the API servers would refuse, by the object's place in `objects`.
#[must_use]
pub fn violations(plan: &Plan<'_>, objects: &[Object]) -> Vec<(usize, Violation)> {
    let by_cluster: BTreeMap<&str, Schemas> = plan
        .workspace
        .clusters
        .iter()
        .map(|c| (c.name.as_str(), schemas(c)))
        .collect();
    let newest = Schemas::newest();
    let mut found: Vec<(usize, Violation)> = objects
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, object)| {
            let cluster = object.folder.split('/').nth(1).unwrap_or_default();
            let schemas = by_cluster.get(cluster).unwrap_or(&newest);
            validate(&object.body, schemas)
                .into_iter()
                .map(move |v| (index, v))
        })
        .collect();
    found.sort();
    found
}

/// The schemas of a cluster's versions; what it does not state counts as the newest.
fn schemas(cluster: &Cluster) -> Schemas {
    let minor = |v: crate::units::Version| {
        Version::new(
            u16::try_from(v.major()).unwrap_or(u16::MAX),
            u16::try_from(v.minor()).unwrap_or(u16::MAX),
        )
    };
    let stated = cluster
        .kubernetes
        .iter()
        .map(|v| (Product::Kubernetes, minor(v.value)));
    let provided = cluster.provides.iter().filter_map(|p| {
        let product = match p.api {
            Api::Keda => Product::Keda,
            Api::Istio => Product::Istio,
            Api::GatewayApi => Product::GatewayApi,
            Api::PrometheusOperator => Product::PrometheusOperator,
            Api::GpuOperator | Api::IngressNginx => return None,
        };
        Some((product, minor(p.version.value)))
    });
    Schemas::for_versions(stated.chain(provided))
}

/// A violation as a finding at the spec's place that the field comes from. `object` was emitted
/// in recording mode.
#[must_use]
pub fn diagnostic(object: &Object, violation: &Violation) -> Diagnostic {
    let code = match violation.problem {
        Problem::UnknownField | Problem::UnknownKind => codes::TOO_NEW,
        _ => codes::REFUSED,
    };
    let what = format!(
        "{} \"{}\" `{}`: {}",
        object.body.kind(),
        object.body.name(),
        violation.pointer,
        violation.message
    );
    let mut diagnostic = Diagnostic::new(code, Severity::Error, what)
        .note("the API server of this cluster would refuse the object");
    let notes = object.trace.notes();
    let above = |note: &&Note| {
        violation
            .pointer
            .strip_prefix(note.pointer.as_str())
            .is_some_and(|r| r.is_empty() || r.starts_with('/'))
    };
    let nearest = notes
        .iter()
        .filter(above)
        .filter(|n| n.origin.span().is_some())
        .max_by_key(|n| n.pointer.len());
    if let Some(span) = nearest.and_then(|n| n.origin.span()) {
        diagnostic = diagnostic.at(span);
    }
    match &violation.help {
        Some(help) => diagnostic.help(help.clone()),
        None => diagnostic,
    }
}
