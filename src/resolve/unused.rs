//! What the workspace declares and nothing uses.

use std::collections::BTreeSet;

use crate::diag::Diagnostic;
use crate::spec::Written;

/// Reports every `auth` of the workspace that no trigger of `layers` names. One that only a preset
/// names counts as used: a preset that no model is like is reported itself. Beside an error in a
/// layer, or a name that is not declared, nothing is concluded: what seems to be missing may only
/// be misspelled.
pub(super) fn auths<'w>(
    workspace: &'w Written,
    layers: impl Iterator<Item = &'w Written>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut declared = workspace.all("auth").filter(|n| !n.remove).peekable();
    if declared.peek().is_none() {
        return;
    }
    let mut used = BTreeSet::new();
    for layer in layers {
        if layer.faulty {
            return;
        }
        collect(layer, &mut used);
    }
    let declared: Vec<_> = declared.collect();
    let known = |name: &&str| declared.iter().any(|auth| auth.first() == *name);
    if !used.iter().all(known) {
        return;
    }
    for auth in declared.iter().filter(|auth| !used.contains(auth.first())) {
        diagnostics.push(
            Diagnostic::warning(
                "LNG-18",
                auth.name,
                format!("no trigger uses auth \"{}\"", auth.first()),
            )
            .help(format!(
                "name it in a trigger, `on \"kafka\" … auth=\"{}\"`, or delete it",
                auth.first()
            )),
        );
    }
}

fn collect<'w>(node: &'w Written, used: &mut BTreeSet<&'w str>) {
    used.extend(node.prop("auth").and_then(|given| given.val.text()));
    for child in &node.children {
        collect(child, used);
    }
}
