//! Layers become one model per environment and cluster. [`Written`] → [`Workspace`].
//!
//! Order of layers: built-in default < `defaults` < presets in `like` order < model < variant;
//! the `in` of a layer comes directly after that layer. `merge.rs` has the one rule.

pub mod cluster;
mod decode;
pub mod includes;
pub(crate) mod merge;
pub mod model;
mod models;
pub mod origin;
mod references;
mod unused;
pub mod workspace;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::spec::Written;

use cluster::Cluster;
use decode::Unknown;
use decode::workspace::Root;
pub use models::Models;
pub use origin::{Derivation, Input, Origin, Traced};
use workspace::{Env, Target, Workspace};

/// Resolves all top-level nodes of a workspace but its models, which [`Models`] makes one at a
/// time; files may come in any order.
///
/// Returns what could be resolved; `None` without a `workspace` node. Unless the nodes are
/// `complete`, what seems to be used nowhere may be used in a file that was not read, and that
/// nothing of a kind is described is no news.
#[must_use]
pub fn resolve<'w>(
    nodes: &[&'w Written],
    complete: bool,
) -> (Option<(Workspace, Models<'w>)>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let named = |name: &'static str| nodes.iter().copied().filter(move |n| n.kind.name == name);
    let mut doubtful = unique(nodes, &mut diagnostics);
    let Some(root) = named("workspace").next() else {
        return (None, diagnostics);
    };
    let Some(root) = decode::workspace::workspace(root, &mut diagnostics) else {
        return (None, diagnostics);
    };
    let mut faulty: BTreeSet<&str> = named("cluster")
        .filter(|n| n.faulty)
        .map(Written::first)
        .collect();
    let mut clusters = Vec::new();
    for node in named("cluster") {
        let mut found = Vec::new();
        clusters.extend(decode::cluster::cluster(node, &mut found).map(Arc::new));
        // What seems to be missing may only be misspelled, and that is reported already.
        found.retain(|d| !(node.faulty && d.code == "LNG-05"));
        if found.iter().any(|d| d.code == "LNG-05") {
            faulty.insert(node.first());
        }
        diagnostics.extend(found);
    }
    clusters.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    let known_elsewhere = !complete && clusters.is_empty();
    let mut places = places(&root, &clusters, known_elsewhere, &mut diagnostics);
    places.sort_by(|(a, x), (b, y)| {
        (a.name.as_str(), x.name.as_str()).cmp(&(b.name.as_str(), y.name.as_str()))
    });
    let mut models = Models::new(
        named("model").collect(),
        named("preset")
            .filter(|p| !p.first().is_empty())
            .map(|p| (p.first(), p))
            .collect(),
        root.defaults,
    );
    // Also those of environments that could not be made.
    let declared = named("workspace")
        .flat_map(|w| w.all("env"))
        .map(Written::first)
        .collect();
    doubtful.extend(references::check(
        &root,
        &declared,
        &models,
        complete,
        &mut diagnostics,
    ));
    models.doubtful = doubtful;
    if let Some(workspace) = named("workspace").next().filter(|_| complete) {
        let layers = named("model").chain(named("preset")).chain(root.defaults);
        unused::auths(workspace, layers, &mut diagnostics);
    }
    let targets = places
        .into_iter()
        .map(|(env, cluster)| Target {
            faulty: faulty.contains(cluster.name.as_str()) || root.faulty,
            env,
            cluster,
        })
        .collect();
    let workspace = Workspace {
        name: root.name,
        output: root.output,
        mlserve: root.mlserve,
        auths: root.auths,
        gitops: root.gitops,
        clusters,
        targets,
    };
    (Some((workspace, models)), diagnostics)
}

/// Reports two top-level nodes of one name in different files; those in one file are reported
/// already. Returns the names' places of all that share one: which of them is meant is not known.
fn unique(nodes: &[&Written], diagnostics: &mut Vec<Diagnostic>) -> BTreeSet<Span> {
    let mut shared = BTreeSet::new();
    let mut seen: BTreeMap<(&str, &str), Span> = BTreeMap::new();
    for node in nodes {
        let name = if node.kind.name == "workspace" {
            ""
        } else if node.first().is_empty() {
            // The name is not one, which is reported.
            continue;
        } else {
            node.first()
        };
        let Some(first) = seen.insert((node.kind.name, name), node.name) else {
            continue;
        };
        shared.extend([first, node.name]);
        if first.file != node.name.file {
            diagnostics.push(
                Diagnostic::error(
                    "LNG-09",
                    node.name,
                    format!("{} is here twice", crate::spec::title(node)),
                )
                .also(first, "first here")
                .help("keep one of them, or rename one"),
            );
        }
    }
    shared
}

/// Environments on their clusters, and what is wrong with them. Where clusters are only
/// `known_elsewhere`, no name of one is wrong.
fn places(
    root: &Root<'_>,
    clusters: &[Arc<Cluster>],
    known_elsewhere: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Arc<Env>, Arc<Cluster>)> {
    let mut places: Vec<(Arc<Env>, Arc<Cluster>)> = Vec::new();
    if root.envs.is_empty() && !root.faulty {
        diagnostics.push(
            Diagnostic::error(
                "LNG-05",
                root.name.span().unwrap_or_else(|| {
                    root.output
                        .span()
                        .unwrap_or(Span::new(crate::source::FileId(0), 0, 0))
                }),
                "the workspace has no environment",
            )
            .help("add `env \"staging\" namespace=\"ml\" { cluster \"…\" }`"),
        );
    }
    let by_name: BTreeMap<&str, &Arc<Cluster>> =
        clusters.iter().map(|c| (c.name.as_str(), c)).collect();
    let mut taken: BTreeMap<(&str, &str), &Env> = BTreeMap::new();
    let mut unknown = Unknown::default();
    for (env, names) in &root.envs {
        for name in names {
            let Some(cluster) = by_name.get(name.as_str()) else {
                if let Some(span) = name.span().filter(|_| !known_elsewhere) {
                    let known = by_name.keys().copied();
                    diagnostics.push(unknown.report(span, "cluster", name.as_str(), known));
                }
                continue;
            };
            let place = (cluster.name.as_str(), env.namespace.as_str());
            if let Some(other) = taken.get(&place) {
                if other.name.value == env.name.value {
                    // Named twice, which is reported.
                    continue;
                }
                diagnostics.push(
                    Diagnostic::error(
                        "LNG-15",
                        env.span,
                        format!(
                            "environments \"{}\" and \"{}\" share namespace \"{}\" on cluster \"{}\"",
                            other.name.value, env.name.value, env.namespace.value, name.value
                        ),
                    )
                    .also(other.span, "the other one")
                    .note("their objects would overwrite each other")
                    .help("give one of them another namespace"),
                );
            } else {
                taken.insert(place, env);
                places.push((Arc::clone(env), Arc::clone(cluster)));
            }
        }
    }
    places
}
