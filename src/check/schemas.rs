//! Every object against the schemas of its cluster's versions: what the API server would say.

use std::collections::BTreeMap;

use super::{cards, codes, other_form};
use crate::diag::{Diagnostic, Severity};
use crate::emit::{Note, Object};
use crate::resolve::cluster::{Api, Cluster};
use crate::resolve::origin::Traced;
use crate::resolve::workspace::{Target, Workspace};
use crate::units;
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

    /// The schemas of the cluster that an object goes to.
    #[must_use]
    pub fn of_object(&self, object: &Object) -> &Schemas {
        self.of_cluster(object.folder.split('/').nth(1).unwrap_or_default())
    }

    /// What the API server that an object goes to would refuse, by the object's place in
    /// `objects`; sorted.
    #[must_use]
    pub fn violations(&self, objects: &[Object]) -> Vec<(usize, Violation)> {
        let mut found = Vec::new();
        for (index, object) in objects.iter().enumerate() {
            let violations = validate(&object.content(), self.of_object(object));
            found.extend(violations.into_iter().map(|v| (index, v)));
        }
        found.sort();
        found
    }
}

/// The schemas of a cluster's versions; what it does not state counts as the newest.
fn schemas(cluster: &Cluster) -> Schemas {
    Schemas::for_versions(stated(cluster).map(|(product, v)| (product, minor(v.value))))
}

/// The versions that a cluster states, of products whose schemas are held.
fn stated(cluster: &Cluster) -> impl Iterator<Item = (Product, &Traced<units::Version>)> {
    let kubernetes = cluster.kubernetes.iter();
    let provided = cluster.provides.iter().filter_map(|p| {
        let product = match p.api {
            Api::Keda => Product::Keda,
            Api::Istio => Product::Istio,
            Api::GatewayApi => Product::GatewayApi,
            Api::PrometheusOperator => Product::PrometheusOperator,
            Api::GpuOperator | Api::IngressNginx => return None,
        };
        Some((product, &p.version))
    });
    kubernetes.map(|v| (Product::Kubernetes, v)).chain(provided)
}

fn minor(version: units::Version) -> Version {
    Version::new(
        u16::try_from(version.major()).unwrap_or(u16::MAX),
        u16::try_from(version.minor()).unwrap_or(u16::MAX),
    )
}

/// Says of the clusters that environments run on where the schemas held are not those of the
/// cluster: its version of Kubernetes is not stated, or a stated version lies outside of what is
/// held, so that the nearest stands in; and where a pool's card is not known.
#[must_use]
pub fn unknown_facts(workspace: &Workspace) -> Vec<Diagnostic> {
    let used: BTreeMap<&str, &Target> = workspace
        .targets
        .iter()
        .map(|t| (t.cluster.name.as_str(), t))
        .collect();
    let mut found = Vec::new();
    for cluster in &workspace.clusters {
        let Some(target) = used.get(cluster.name.as_str()) else {
            continue;
        };
        // In a cluster that is written wrong, what is not known may be given all the same.
        if cluster.kubernetes.is_none()
            && !target.faulty
            && let Some((_, newest)) = Schemas::range(Product::Kubernetes)
        {
            found.push(
                Diagnostic::warning(
                    UNKNOWN,
                    cluster.span,
                    format!(
                        "the version of Kubernetes on cluster \"{}\" is not stated",
                        cluster.name.value
                    ),
                )
                .note(format!(
                    "objects are checked against {newest}, the newest that is known"
                ))
                .help(format!("add to the cluster: kubernetes \"{newest}\"")),
            );
        }
        found.extend(cards::unknown(cluster));
        for (product, version) in stated(cluster) {
            let Some((oldest, newest)) = Schemas::range(product) else {
                continue;
            };
            let (asked, title) = (minor(version.value), product.title());
            let nearest = asked.clamp(oldest, newest);
            if asked != nearest
                && let Some(span) = version.span()
            {
                found.push(
                    Diagnostic::warning(
                        UNKNOWN,
                        span,
                        format!("{title} {asked} is not known: {oldest} to {newest} are"),
                    )
                    .note(format!("objects are checked against {nearest}: what differs goes unseen"))
                    .help("state the version that runs there, or compare the output with the cluster's documentation"),
                );
            }
        }
    }
    found
}

/// A fact that checks rest on is not known.
pub(super) const UNKNOWN: &str = "LNG-21";

/// A violation as a finding at the spec's place that the field comes from. `object` was emitted
/// in recording mode; `schemas` are those it was held against.
#[must_use]
pub fn diagnostic(object: &Object, violation: &Violation, schemas: &Schemas) -> Diagnostic {
    let unknown = violation.problem == Problem::UnknownField;
    let code = match violation.problem {
        Problem::UnknownField | Problem::UnknownKind => codes::TOO_NEW,
        _ => codes::REFUSED,
    };
    // `spec.replicas` of Deployment "bert" must be …
    let message = match violation
        .message
        .strip_prefix('`')
        .and_then(|m| m.split_once("` "))
    {
        Some((field, rest)) if !violation.pointer.is_empty() => {
            format!("`{field}` of {} {rest}", title(object))
        }
        _ => format!("{}, in {}", violation.message, title(object)),
    };
    let found = finding(object, code, &message, &violation.pointer, unknown)
        .note("the API server of this cluster would refuse it");
    let others = match violation.problem {
        Problem::Required => others(object, &violation.pointer),
        _ => other_form::help(object, violation, schemas),
    };
    match violation.help.clone().or(others) {
        Some(help) => found.help(help),
        None => found,
    }
}

/// What to do where a patch put an incomplete item into a list: perhaps one that is there was meant.
fn others(object: &Object, pointer: &str) -> Option<String> {
    let (item, _) = pointer.rsplit_once('/')?;
    let (list, index) = item.rsplit_once('/')?;
    let index: usize = index.parse().ok()?;
    object
        .trace
        .patch_of(item)
        .filter(|note| note.pointer == item)?;
    let items = object.patched.as_deref()?.pointer(list)?.as_array()?;
    let names: Vec<_> = items
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != index)
        .filter_map(|(_, item)| Some(format!("\"{}\"", item.get("name")?.as_str()?)))
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "complete the item, which the patch adds, or change one that is there: {}",
            names.join(", ")
        )
    })
}

/// What a real API server refuses, as the same kind of finding. `context` is who says so.
#[must_use]
pub fn refused(object: &Object, pointer: &str, message: &str, context: &str) -> Diagnostic {
    let message = match pointer {
        "" => format!("the server refuses {}: {message}", title(object)),
        pointer => format!("`{pointer}` of {}: {message}", title(object)),
    };
    finding(object, codes::REFUSED, &message, pointer, false)
        .note(format!("the API server of context \"{context}\" says so"))
}

/// What a real API server takes and warns about, as a finding at the object's patch, else at its
/// name: pods that pod security will refuse, versions that are going away.
#[must_use]
pub fn warned(object: &Object, message: &str, context: &str) -> Diagnostic {
    let message = format!("the server warns about {}: {message}", title(object));
    let trace = &object.trace;
    let patch = trace.notes().iter().find(|note| note.named.is_some());
    let note = patch.or_else(|| trace.nearest("/metadata/name"));
    let found = Diagnostic::new(codes::REFUSED, Severity::Warning, message)
        .note(format!("the API server of context \"{context}\" says so"));
    match note.and_then(|note| note.origin.span()) {
        Some(span) => found.at(span),
        None => found,
    }
}

fn title(object: &Object) -> String {
    format!("{} \"{}\"", object.body.kind(), object.body.name())
}

/// The patch of another field that a message about `pointer` speaks of: of its whole path, or of
/// the name of one beside it.
fn spoken_of<'o>(object: &'o Object, message: &str, pointer: &str) -> Option<&'o Note> {
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let beside = pointer.rsplit_once('/').map(|(above, _)| above);
    object.trace.notes().iter().find(|note| {
        let path = note.pointer.get(1..).unwrap_or_default().replace('/', ".");
        let is_named = note
            .pointer
            .rsplit_once('/')
            .is_some_and(|(above, name)| Some(above) == beside && words.contains(&name));
        let is_below = |word: &&str| {
            word.contains('.')
                && path
                    .strip_prefix(*word)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        note.named.is_some() && (is_named || words.iter().any(is_below))
    })
}

fn finding(
    object: &Object,
    code: &'static str,
    message: &str,
    pointer: &str,
    unknown: bool,
) -> Diagnostic {
    let nearest = |pointer: &str| object.trace.nearest(pointer);
    // What no line of the spec speaks for is the object's, and that is its name's.
    // Beside a patch below it, the emitter did not make what is wrong.
    let note = nearest(pointer)
        .filter(|note| note.named.is_some())
        .or_else(|| object.trace.patch_below(pointer))
        .or_else(|| spoken_of(object, message, pointer))
        .or_else(|| nearest(pointer))
        .or_else(|| nearest("/metadata/name"));
    let named = note
        .filter(|n| unknown && n.pointer == pointer)
        .and_then(|n| n.named);
    let diagnostic = Diagnostic::new(code, Severity::Error, message);
    match named.or_else(|| note?.origin.span()) {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    }
}
