//! Every object against the schemas of its cluster's versions: what the API server would say.

use std::collections::BTreeMap;

use super::codes;
use crate::diag::{Diagnostic, Severity};
use crate::emit::Object;
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

    /// The schemas of a cluster by its name.
    #[must_use]
    pub fn of_cluster(&self, name: &str) -> &Schemas {
        self.by_cluster.get(name).unwrap_or(&self.newest)
    }

    /// What the API server that an object goes to would refuse, by the object's place in
    /// `objects`; sorted.
    #[must_use]
    pub fn violations(&self, objects: &[Object]) -> Vec<(usize, Violation)> {
        let mut found = Vec::new();
        for (index, object) in objects.iter().enumerate() {
            let cluster = object.folder.split('/').nth(1).unwrap_or_default();
            let schemas = self.of_cluster(cluster);
            let violations = validate(&object.content(), schemas);
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
    let unknown = violation.problem == Problem::UnknownField;
    let code = match violation.problem {
        Problem::UnknownField | Problem::UnknownKind => codes::TOO_NEW,
        _ => codes::REFUSED,
    };
    let found = finding(
        object,
        code,
        &violation.message,
        &violation.pointer,
        unknown,
    );
    let found = found.note(format!(
        "the API server of this cluster would refuse {}",
        title(object)
    ));
    match &violation.help {
        Some(help) => found.help(help.clone()),
        None => found,
    }
}

/// What a real API server refuses, as the same kind of finding. `context` is who says so.
#[must_use]
pub fn refused(object: &Object, pointer: &str, message: &str, context: &str) -> Diagnostic {
    let message = match pointer {
        "" => format!("the server refuses {}: {message}", title(object)),
        pointer => format!("`{pointer}`: {message}"),
    };
    finding(object, codes::REFUSED, &message, pointer, false).note(format!(
        "the API server of context \"{context}\" refuses {}",
        title(object)
    ))
}

fn title(object: &Object) -> String {
    format!("{} \"{}\"", object.body.kind(), object.body.name())
}

fn finding(
    object: &Object,
    code: &'static str,
    message: &str,
    pointer: &str,
    unknown: bool,
) -> Diagnostic {
    let nearest = |pointer: &str| {
        let notes = object.trace.notes().iter();
        notes
            .filter(|note| {
                let rest = pointer.strip_prefix(note.pointer.as_str());
                rest.is_some_and(|r| r.is_empty() || r.starts_with('/'))
            })
            .filter(|note| note.origin.span().is_some())
            .max_by_key(|note| note.pointer.len())
    };
    // What no line of the spec speaks for is the object's, and that is its name's.
    let note = nearest(pointer).or_else(|| nearest("/metadata/name"));
    let named = note
        .filter(|n| unknown && n.pointer == pointer)
        .and_then(|n| n.named);
    let diagnostic = Diagnostic::new(code, Severity::Error, message);
    match named.or_else(|| note?.origin.span()) {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    }
}
