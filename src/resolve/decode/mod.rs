//! From merged nodes to typed values. What is missing or without effect is reported and left
//! out; the types of [`super::model`] and [`super::cluster`] cannot hold it.

pub(crate) mod artifact;
pub(crate) mod cluster;
pub(crate) mod expose;
pub(crate) mod gpu;
pub(crate) mod model;
pub(crate) mod runtime;
pub(crate) mod scale;
pub(crate) mod workload;
pub(crate) mod workspace;

use std::sync::Arc;

use crate::diag::Diagnostic;
use crate::diag::suggest::closest;
use crate::source::Span;
use crate::spec::value::FromVal;
use crate::units::ImageRef;

use super::cluster::Cluster;
use super::merge::Merged;
use super::origin::Traced;
use super::workspace::{Auth, Env};

/// What decoding a model needs beside its nodes.
pub(crate) struct Cx<'a> {
    /// Where findings go.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Credentials of the workspace.
    pub(crate) auths: &'a [Arc<Auth>],
    /// The image of the server of this project.
    pub(crate) mlserve: Option<&'a Traced<ImageRef>>,
    /// Where the workspace says its name.
    pub(crate) workspace: Option<Span>,
    /// The whole node of the model: its own layer.
    pub(crate) own: Span,
    /// The environment.
    pub(crate) env: &'a Env,
    /// The cluster.
    pub(crate) cluster: &'a Cluster,
}

impl Cx<'_> {
    /// Whether a place lies in the model's own layer, not in a preset or `defaults`.
    pub(crate) fn is_own(&self, span: Span) -> bool {
        let own = self.own;
        own.file == span.file && own.start <= span.start && span.end <= own.end
    }

    /// Reports something written that would have no effect.
    pub(crate) fn no_effect(&mut self, span: Span, message: String, help: &str) {
        self.diagnostics
            .push(Diagnostic::error("LNG-16", span, message).help(help));
    }
}

/// A reference to something by name that is not there.
pub(crate) fn unknown<'a>(
    span: Span,
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let diagnostic = Diagnostic::error("LNG-14", span, format!("there is no {what} \"{name}\""));
    if let Some(other) = closest(name, known.clone()) {
        return diagnostic
            .help(format!("did you mean \"{other}\"?"))
            .suggest(format!("write \"{other}\""), span, format!("\"{other}\""));
    }
    let names: Vec<_> = known.map(|n| format!("\"{n}\"")).collect();
    if names.is_empty() {
        // `gateway on cluster "eks" called`
        let what = what.trim_end_matches(" called");
        diagnostic.note(format!("no {what} is described"))
    } else {
        diagnostic.note(format!("there are {}", names.join(", ")))
    }
}

/// A whole number that the table bounds from below by zero.
pub(crate) fn count(node: &Merged<'_>, name: &str) -> Option<Traced<u64>> {
    node.get::<i64>(name)
        .map(|n| n.map(|n| u64::try_from(*n).unwrap_or_default()))
}

/// Key and value of `label`-like children.
pub(crate) fn pairs<K: FromVal, V: FromVal>(
    nodes: &[Merged<'_>],
    name: &str,
) -> Vec<(Traced<K>, Traced<V>)> {
    nodes
        .iter()
        .filter(|n| n.kind.name == name)
        .filter_map(|n| Some((n.arg(0)?, n.arg(1)?)))
        .collect()
}

/// The node of a name among merged siblings.
pub(crate) fn find<'s, 'a>(nodes: &'s [Merged<'a>], name: &str) -> Option<&'s Merged<'a>> {
    nodes.iter().find(|n| n.kind.name == name)
}
