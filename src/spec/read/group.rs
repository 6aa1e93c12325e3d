//! Members of an exclusive group in one node.

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::spec::table::Group;
use crate::spec::written::Written;

use super::Reader;

impl Reader<'_> {
    /// Reports two members of the exclusive group in one node.
    pub(super) fn group(&mut self, node: &Written) {
        let Some(group) = node.kind.group else { return };
        let given = grouped_names(node, group);
        if given.is_empty()
            || group
                .iter()
                .any(|m| given.iter().all(|(n, _)| m.contains(n)))
        {
            return;
        }
        // The first name that does not go with the ones before it is the one to point at.
        let split = (1..=given.len())
            .find(|n| {
                !group
                    .iter()
                    .any(|m| given[..*n].iter().all(|(g, _)| m.contains(g)))
            })
            .unwrap_or(given.len());
        let (name, span) = given[split - 1];
        let clash = given[..split - 1]
            .iter()
            .find(|(other, _)| !group.iter().any(|m| m.contains(other) && m.contains(&name)))
            .unwrap_or(&given[0]);
        self.report(
            Diagnostic::error(
                "LNG-08",
                span,
                format!(
                    "{} and {} of `{}` exclude each other",
                    member(clash.0),
                    member(name),
                    node.kind.name
                ),
            )
            .also(clash.1, "the other one")
            .help("keep one of them"),
        );
    }
}

/// How the member of a group is called in messages.
fn member(name: &str) -> String {
    match name {
        "@0" | "@1" => "the plain value".to_owned(),
        name => format!("`{name}`"),
    }
}

/// The names of a group that a node gives, with their places, in the order written.
#[must_use]
pub(crate) fn grouped_names(node: &Written, group: Group) -> Vec<(&'static str, Span)> {
    let mut given = Vec::new();
    let in_group = |name: &str| {
        group
            .iter()
            .flat_map(|m| m.iter())
            .find(|n| **n == name)
            .copied()
    };
    for (position, arg) in node.args.iter().enumerate() {
        if let Some(name) = in_group(["@0", "@1", "@2"][position.min(2)]) {
            given.push((name, arg.span));
        }
    }
    for (index, prop) in &node.props {
        if let Some(name) = in_group(node.kind.props[*index].name)
            && !prop.val.is_null()
        {
            given.push((name, prop.span));
        }
    }
    for child in &node.children {
        if let Some(name) = in_group(child.kind.name)
            && !child.remove
        {
            given.push((name, child.name));
        }
    }
    given.sort_by_key(|(_, span)| span.start);
    given
}
