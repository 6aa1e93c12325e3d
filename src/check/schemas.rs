//! Every object against the schemas of its cluster's versions: what the API server would say.

use std::collections::BTreeMap;

use super::codes;
use crate::diag::{Diagnostic, Severity};
use crate::emit::{Note, Object};
use crate::resolve::cluster::{Api, Cluster};
use crate::resolve::workspace::Workspace;
use crate::validate::schema::{Product, Schemas, Version};
use crate::validate::{Problem, Violation, validate};

/// What judges objects: for each cluster, the schemas of its versions.
pub struct ApiServers<'w> {
    by_cluster: BTreeMap<&'w str, Schemas>,
    /// For objects that go to no described cluster.
    newest: Schemas,
}

impl<'w> ApiServers<'w> {
    /// Of the clusters of a workspace.
    #[must_use]
    pub fn new(workspace: &'w Workspace) -> Self {
        let clusters = workspace.clusters.iter();
        Self {
            by_cluster: clusters.map(|c| (c.name.as_str(), schemas(c))).collect(),
            newest: Schemas::newest(),
        }
    }

    /// What the API server that an object goes to would refuse, by the object's place in
    /// `objects`; sorted.
    #[must_use]
    pub fn violations(&self, objects: &[Object]) -> Vec<(usize, Violation)> {
        let mut found = Vec::new();
        for (index, object) in objects.iter().enumerate() {
            let cluster = object.folder.split('/').nth(1).unwrap_or_default();
            let schemas = self.by_cluster.get(cluster).unwrap_or(&self.newest);
            let violations = validate(&object.body, schemas);
            found.extend(violations.into_iter().map(|v| (index, v)));
        }
        found.sort();
        found
    }
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
