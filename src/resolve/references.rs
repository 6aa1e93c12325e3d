//! The names that layers give: presets, environments, clusters of `in`.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::spec::{Written, title};

use super::Traced;
use super::decode::Unknown;
use super::decode::workspace::Root;
use super::models::Models;

/// Checks names that layers give: presets, environments (of which `declared` are all that the
/// workspace names), clusters of `in`. Returns the layers, by
/// the places of their names, that give an unknown one: what it would bring is missing, or too much.
/// Unless all is `complete`, a preset may be in a file that was not read, and so may its users.
pub(super) fn check(
    root: &Root<'_>,
    declared: &BTreeSet<&str>,
    models: &Models<'_>,
    complete: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeSet<Span> {
    let mut doubtful = BTreeSet::new();
    let presets = &models.presets;
    let envs: BTreeMap<&str, &[Traced<crate::units::DnsLabel>]> = root
        .envs
        .iter()
        .map(|(e, clusters)| (e.name.as_str(), clusters.as_slice()))
        .collect();
    let users = users(&models.written);
    let mut unknown = Unknown::default();
    let layers = models
        .written
        .iter()
        .chain(presets.values())
        .copied()
        .chain(root.defaults);
    for layer in layers {
        let before = diagnostics.len();
        for node in layer.all("in").filter(|n| !n.first().is_empty()) {
            match envs.get(node.first()) {
                None if declared.contains(node.first()) => {}
                None => diagnostics.push(unknown.report(
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
                        diagnostics.push(unknown.report(given.span, &what, name, known));
                    }
                    diagnostics.extend(never(node, layer, &models.written, &users));
                }
            }
        }
        for name in layer.all("only").flat_map(|n| &n.args) {
            let Some(text) = name.val.text() else {
                continue;
            };
            if !declared.contains(text) {
                diagnostics.push(unknown.report(
                    name.span,
                    "environment",
                    text,
                    envs.keys().copied(),
                ));
            }
        }
        for name in layer.all("like").flat_map(|n| &n.args) {
            let Some(text) = name.val.text() else {
                continue;
            };
            if presets.is_empty() && !complete {
                doubtful.insert(layer.name);
            } else if !presets.contains_key(text) {
                diagnostics.push(unknown.report(
                    name.span,
                    "preset",
                    text,
                    presets.keys().copied(),
                ));
            }
        }
        if diagnostics[before..].iter().any(|d| d.code == "LNG-14") {
            doubtful.insert(layer.name);
        }
    }
    for layer in presets.values().copied().chain(root.defaults) {
        let under = under(layer, &models.written, &users);
        diagnostics.extend(no_batch(layer, under, models));
    }
    for (name, preset) in presets {
        if complete && !users.contains_key(name) {
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
    doubtful
}

/// The models that are like a preset, by the preset's name.
fn users<'a>(models: &[&'a Written]) -> BTreeMap<&'a str, Vec<&'a Written>> {
    let mut users: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for model in models {
        for name in model.all("like").flat_map(|n| &n.args) {
            users
                .entry(name.val.text().unwrap_or_default())
                .or_default()
                .push(*model);
        }
    }
    users
}

/// Whether a model runs in an environment: `only` keeps it out of those it does not name.
pub(super) fn runs_in(model: &Written, env: &str) -> bool {
    let mut only = model.all("only").flat_map(|n| &n.args).peekable();
    only.peek().is_none() || only.any(|name| name.val.text() == Some(env))
}

/// Whether `only` names what no environment can be called, which is reported: where the model was
/// meant to run is not known.
fn only_is_wrong(model: &Written) -> bool {
    let mut only = model.all("only").flat_map(|n| &n.args);
    only.any(|name| name.val.text().is_none())
}

/// Reports an `in` for an environment that every model under its layer keeps out of. A layer of
/// no model is left alone.
fn never(
    node: &Written,
    layer: &Written,
    models: &[&Written],
    users: &BTreeMap<&str, Vec<&Written>>,
) -> Option<Diagnostic> {
    let under: &[&Written] = match layer.kind.name {
        "model" => &[layer],
        _ => under(layer, models, users),
    };
    let may_run = |model: &Written| runs_in(model, node.first()) || only_is_wrong(model);
    if under.is_empty() || under.iter().any(|model| may_run(model)) {
        return None;
    }
    let only = under[0].child("only")?;
    let message = if layer.kind.name == "model" {
        format!("{} never holds: the model does not run there", title(node))
    } else {
        format!(
            "{} never holds: no model of {} runs there",
            title(node),
            title(layer)
        )
    };
    Some(
        Diagnostic::error("LNG-16", node.name, message)
            .also(only.name, "this keeps it out")
            .help("drop it, or name the environment in `only`"),
    )
}

/// The models that lie over a preset or `defaults`.
fn under<'m, 'w>(
    layer: &Written,
    models: &'m [&'w Written],
    users: &'m BTreeMap<&str, Vec<&'w Written>>,
) -> &'m [&'w Written] {
    match layer.kind.name {
        "preset" => users.get(layer.first()).map_or(&[], Vec::as_slice),
        _ => models,
    }
}

/// The kinds of every `runtime` in a layer, at any depth.
fn runtimes(layer: &Written) -> Vec<&str> {
    let mut found: Vec<&str> = layer.all("runtime").map(Written::first).collect();
    found.extend(layer.children.iter().flat_map(runtimes));
    found
}

/// Reports `batch` in a layer whose models all run another image: not one of them says otherwise
/// anywhere.
fn no_batch<'w>(layer: &Written, over: &[&'w Written], models: &Models<'w>) -> Option<Diagnostic> {
    let batch = layer.child("batch")?;
    let other_image = |model: &&'w Written| {
        let mut runtimes = models.layers(model).flat_map(runtimes).peekable();
        runtimes.peek().is_some() && runtimes.all(|kind| kind == "container")
    };
    (!over.is_empty() && over.iter().all(other_image)).then(|| {
        let message = format!(
            "`batch` has no effect: every model of {} is `runtime \"container\"`",
            title(layer)
        );
        Diagnostic::error("LNG-16", batch.name, message)
            .help("drop it; another image has its own settings")
    })
}
