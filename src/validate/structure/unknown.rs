//! Fields that a kind does not have: in this version, or at all.

use super::Walk;
use crate::validate::path::Step;
use crate::validate::schema::{File, Node, Snapshot, Version};
use crate::validate::{Problem, Violation};

impl Walk<'_, '_> {
    pub(super) fn unknown(&mut self, node: &'static Node, name: &str) {
        self.faults += 1;
        if self.quiet {
            return;
        }
        let product = self.snapshot.product;
        let version = self.schemas.version(product);
        let at = self.path.dotted();
        let (message, help) = match self.elsewhere() {
            Some(Elsewhere::Added(since)) => (
                format!(
                    "field `{at}` is not known to {} {version} (added in {since})",
                    product.title()
                ),
                Some(format!("it needs {} {since} or newer", product.title())),
            ),
            Some(Elsewhere::Removed(last)) => (
                format!(
                    "field `{at}` is not known to {} {version} (last in {last})",
                    product.title()
                ),
                None,
            ),
            None => {
                let known = node.properties.iter().map(|property| property.0.text());
                let near = known
                    .map(|known| (strsim::damerau_levenshtein(known, name), known))
                    .filter(|(distance, known)| *distance <= 1 + known.len() / 5)
                    .min();
                (
                    format!(
                        "`{at}` is not a field of {} `{}`",
                        self.kind, self.snapshot.api_version
                    ),
                    near.map(|(_, known)| format!("did you mean `{known}`?")),
                )
            }
        };
        let pointer = self.path.pointer();
        self.found.push(Violation {
            pointer,
            problem: Problem::UnknownField,
            message,
            help,
        });
    }

    /// Whether another version of the product has the field at this path.
    fn elsewhere(&self) -> Option<Elsewhere> {
        let others = Snapshot::all().iter().filter(|other| {
            other.product == self.snapshot.product
                && other.api_version == self.snapshot.api_version
                && resolves(other.file(), self.kind, self.path.steps())
        });
        let mut removed = None;
        for other in others {
            if other.from > self.snapshot.to {
                return Some(Elsewhere::Added(other.from));
            }
            removed = Some(Elsewhere::Removed(other.to));
        }
        removed
    }
}

enum Elsewhere {
    Added(Version),
    Removed(Version),
}

/// Whether a schema has something at a path of a kind.
fn resolves(file: &File, kind: &str, steps: &[Step<'_>]) -> bool {
    let Some(root) = file.kinds.get(kind) else {
        return false;
    };
    let end = steps.iter().try_fold(*root, |id, step| {
        let node = file.node(id);
        match step.name() {
            Some(name) => node.property(name).or(node.values),
            None => node.items,
        }
    });
    end.is_some()
}
