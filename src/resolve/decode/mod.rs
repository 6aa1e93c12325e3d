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

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diag::suggest::closest;
use crate::diag::{Diagnostic, MOST_OF_A_FILE};
use crate::source::{FileId, Span};
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
    /// Whether cluster or workspace have errors: what seems not to be there may be written wrong.
    pub(crate) faulty: bool,
}

impl Cx<'_> {
    /// Whether a place lies in the model's own layer, not in a preset or `defaults`.
    pub(crate) fn is_own(&self, span: Span) -> bool {
        let own = self.own;
        own.file == span.file && own.start <= span.start && span.end <= own.end
    }

    /// Reports a name that is not among those of cluster or workspace.
    pub(crate) fn unknown<'n>(
        &mut self,
        span: Option<Span>,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'n str> + Clone,
    ) {
        if let Some(span) = span.filter(|_| !self.faulty) {
            self.diagnostics.push(unknown(span, what, name, known));
        }
    }

    /// Reports something written that would have no effect.
    pub(crate) fn no_effect(&mut self, span: Span, message: String, help: &str) {
        self.diagnostics
            .push(Diagnostic::error("LNG-16", span, message).help(help));
    }
}

/// Names listed where none of them is close.
const LISTED: usize = 20;

/// A reference to something by name that is not there.
fn unknown<'a>(
    span: Span,
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let diagnostic = not_there(span, what, name);
    if let Some(other) = closest(name, known.clone()) {
        return diagnostic
            .help(format!("did you mean \"{other}\"?"))
            .suggest(format!("write \"{other}\""), span, format!("\"{other}\""));
    }
    let names: Vec<_> = known
        .clone()
        .take(LISTED)
        .map(|n| format!("\"{n}\""))
        .collect();
    let names = names.join(", ");
    match known.count() {
        // `gateway on cluster "eks" called`
        0 => diagnostic.note(format!(
            "no {} is described",
            what.trim_end_matches(" called")
        )),
        count if count > LISTED => {
            diagnostic.note(format!("there are {names} and {} more", count - LISTED))
        }
        _ => diagnostic.note(format!("there are {names}")),
    }
}

fn not_there(span: Span, what: &str, name: &str) -> Diagnostic {
    Diagnostic::error("LNG-14", span, format!("there is no {what} \"{name}\""))
}

/// References to names that are not there. What each stands for is sought among all names there are, so
/// that is done only for as many of a file as are shown.
#[derive(Default)]
pub(crate) struct Unknown {
    of_file: BTreeMap<FileId, usize>,
}

impl Unknown {
    /// Another one.
    pub(crate) fn report<'a>(
        &mut self,
        span: Span,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'a str> + Clone,
    ) -> Diagnostic {
        let count = self.of_file.entry(span.file).or_default();
        *count += 1;
        if *count > MOST_OF_A_FILE {
            not_there(span, what, name)
        } else {
            unknown(span, what, name, known)
        }
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
