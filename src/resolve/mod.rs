//! Layers become one model per environment and cluster. [`Written`] → [`Workspace`].
//!
//! Order of layers: built-in default < `defaults` < presets in `like` order < model < variant;
//! the `in` of a layer comes directly after that layer. `merge.rs` has the one rule.

pub mod cluster;
mod decode;
pub mod includes;
pub(crate) mod merge;
pub mod model;
pub mod origin;
pub mod workspace;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::spec::Written;

use cluster::Cluster;
use decode::workspace::Root;
use decode::{Cx, unknown};
use model::Model;
pub use origin::{Derivation, Input, Origin, Traced};
use workspace::{Env, Target, Workspace};

/// Resolves all top-level nodes of a workspace; files may come in any order.
///
/// Returns what could be resolved: models with errors are left out. `None` without a
/// `workspace` node. Diagnostics may repeat where environments share the cause.
#[must_use]
pub fn resolve(nodes: &[&Written]) -> (Option<Workspace>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let named = |name: &'static str| nodes.iter().copied().filter(move |n| n.kind.name == name);
    unique(nodes, &mut diagnostics);
    let Some(root) = named("workspace").next() else {
        return (None, diagnostics);
    };
    let Some(root) = decode::workspace::workspace(root, &mut diagnostics) else {
        return (None, diagnostics);
    };
    let faulty: BTreeSet<&str> = named("cluster")
        .filter(|n| n.faulty)
        .map(Written::first)
        .collect();
    let mut clusters: Vec<_> = named("cluster")
        .filter_map(|n| decode::cluster::cluster(n, &mut diagnostics))
        .map(Arc::new)
        .collect();
    clusters.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    let mut places = places(&root, &clusters, &mut diagnostics);
    places.sort_by(|(a, x), (b, y)| {
        (a.name.as_str(), x.name.as_str()).cmp(&(b.name.as_str(), y.name.as_str()))
    });
    let presets: BTreeMap<&str, &Written> = named("preset").map(|p| (p.first(), p)).collect();
    let models: Vec<&Written> = named("model").collect();
    references(&root, &models, &presets, &mut diagnostics);

    let layers = Layers {
        root: &root,
        presets: &presets,
    };
    let mut targets = Vec::new();
    for (env, cluster) in places {
        let results: Vec<_> = models
            .par_iter()
            .map(|model| layers.model(model, &env, &cluster))
            .collect();
        let mut models = Vec::new();
        for (model, found) in results {
            models.extend(model);
            diagnostics.extend(found);
        }
        models.sort_by(|a, b| a.name.value.cmp(&b.name.value));
        if faulty.contains(cluster.name.as_str()) || root.faulty {
            models.clear();
        }
        targets.push(Target {
            env,
            cluster,
            models,
        });
    }
    let workspace = Workspace {
        name: root.name,
        output: root.output,
        mlserve: root.mlserve,
        auths: root.auths,
        gitops: root.gitops,
        clusters,
        targets,
    };
    (Some(workspace), diagnostics)
}

/// Reports two top-level nodes of one name, in one file or across files.
fn unique(nodes: &[&Written], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<(&str, &str), Span> = BTreeMap::new();
    for node in nodes {
        let name = if node.kind.name == "workspace" {
            ""
        } else {
            node.first()
        };
        if let Some(first) = seen.insert((node.kind.name, name), node.name)
            && first.file != node.name.file
        {
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
}

/// Environments on their clusters, and what is wrong with them.
fn places(
    root: &Root<'_>,
    clusters: &[Arc<Cluster>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Arc<Env>, Arc<Cluster>)> {
    let mut places: Vec<(Arc<Env>, Arc<Cluster>)> = Vec::new();
    if root.envs.is_empty() {
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
    for (env, names) in &root.envs {
        for name in names {
            let Some(cluster) = clusters.iter().find(|c| c.name.value == name.value) else {
                if let Some(span) = name.span() {
                    let known = clusters.iter().map(|c| c.name.as_str());
                    diagnostics.push(unknown(span, "cluster", name.as_str(), known));
                }
                continue;
            };
            let clash = places.iter().find(|(other, place)| {
                place.name.value == cluster.name.value
                    && other.namespace.value == env.namespace.value
            });
            if let Some((other, _)) = clash
                && other.name.value == env.name.value
            {
                if let Some(span) = name.span() {
                    diagnostics.push(Diagnostic::error(
                        "LNG-09",
                        span,
                        format!("cluster \"{}\" is named twice", name.value),
                    ));
                }
            } else if let Some((other, _)) = clash {
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
                places.push((Arc::clone(env), Arc::clone(cluster)));
            }
        }
    }
    places
}

/// Checks names that layers give: presets, environments, clusters of `in`.
fn references(
    root: &Root<'_>,
    models: &[&Written],
    presets: &BTreeMap<&str, &Written>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let envs: BTreeMap<&str, &[Traced<crate::units::DnsLabel>]> = root
        .envs
        .iter()
        .map(|(e, clusters)| (e.name.as_str(), clusters.as_slice()))
        .collect();
    let mut used = BTreeSet::new();
    let layers = models
        .iter()
        .chain(presets.values())
        .copied()
        .chain(root.defaults);
    for layer in layers {
        for node in layer.all("in") {
            match envs.get(node.first()) {
                None => diagnostics.push(unknown(
                    node.args[0].span,
                    "environment",
                    node.first(),
                    envs.keys().copied(),
                )),
                Some(clusters) => {
                    let wanted = node.prop("cluster");
                    if let Some(given) = wanted
                        && let Some(name) = given.val.text()
                        && !clusters.iter().any(|c| c.as_str() == name)
                    {
                        let what = format!("cluster of environment \"{}\" called", node.first());
                        let known = clusters.iter().map(|c| c.as_str());
                        diagnostics.push(unknown(given.span, &what, name, known));
                    }
                }
            }
        }
        for name in layer.all("only").flat_map(|n| &n.args) {
            let text = name.val.text().unwrap_or_default();
            if !envs.contains_key(text) {
                diagnostics.push(unknown(
                    name.span,
                    "environment",
                    text,
                    envs.keys().copied(),
                ));
            }
        }
        for name in layer.all("like").flat_map(|n| &n.args) {
            let text = name.val.text().unwrap_or_default();
            used.insert(text);
            if !presets.contains_key(text) {
                diagnostics.push(unknown(name.span, "preset", text, presets.keys().copied()));
            }
        }
    }
    for (name, preset) in presets {
        if !used.contains(name) {
            diagnostics.push(
                Diagnostic::warning(
                    "LNG-18",
                    preset.name,
                    format!("no model is like preset \"{name}\""),
                )
                .help("use it with `like`, or delete it"),
            );
        }
    }
}

/// The layers a model is made of.
struct Layers<'a> {
    root: &'a Root<'a>,
    presets: &'a BTreeMap<&'a str, &'a Written>,
}

impl<'a> Layers<'a> {
    fn model(
        &self,
        model: &'a Written,
        env: &Env,
        cluster: &Cluster,
    ) -> (Option<Model>, Vec<Diagnostic>) {
        let mut only = model.all("only").flat_map(|n| &n.args).peekable();
        if only.peek().is_some() && !only.any(|name| name.val.text() == Some(env.name.as_str())) {
            return (None, Vec::new());
        }
        let mut cx = Cx {
            diagnostics: Vec::new(),
            auths: &self.root.auths,
            mlserve: self.root.mlserve.as_ref(),
            env,
            cluster,
        };
        let presets = model
            .all("like")
            .flat_map(|n| &n.args)
            .filter_map(|name| self.presets.get(name.val.text()?).copied());
        let mut nodes = Vec::new();
        let mut faulty = false;
        for layer in self.root.defaults.into_iter().chain(presets).chain([model]) {
            faulty |= layer.faulty;
            let own = layer
                .children
                .iter()
                .filter(|c| !matches!(c.kind.name, "in" | "like" | "only"));
            merge::overlay(&mut nodes, own, &mut cx.diagnostics);
            for cluster_only in [false, true] {
                for patch in layer.all("in").filter(|n| n.first() == env.name.as_str()) {
                    let place = patch.prop("cluster").and_then(|g| g.val.text());
                    let here = match place {
                        None => !cluster_only,
                        Some(name) => cluster_only && name == cluster.name.as_str(),
                    };
                    if here {
                        merge::overlay(&mut nodes, &patch.children, &mut cx.diagnostics);
                    }
                }
            }
        }
        let name = model.args.first().and_then(|given| {
            let label =
                <crate::units::DnsLabel as crate::spec::value::FromVal>::from_val(&given.val)?;
            Some(Traced::written(label.clone(), given.span))
        });
        let mut model =
            name.and_then(|name| decode::model::model(name, model.name, &nodes, &mut cx));
        if faulty {
            // What seems to be missing may only be misspelled, and that is reported already.
            cx.diagnostics
                .retain(|d| !matches!(d.code, "LNG-05" | "SCL-03"));
            model = None;
        }
        (model, cx.diagnostics)
    }
}
