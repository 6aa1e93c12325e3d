//! Fields that a kind does not have: in this version, or at all.

use super::Walk;
use crate::validate::path::Step;
use crate::validate::schema::{File, Node, NodeId, Snapshot, Version};
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
                    .clone()
                    .map(|known| (strsim::damerau_levenshtein(known, name), known))
                    .filter(|(distance, known)| *distance <= 1 + known.len() / 5)
                    .min();
                (
                    format!(
                        "`{at}` is not a field of {} `{}`",
                        self.kind, self.snapshot.api_version
                    ),
                    near.map(|(_, known)| known)
                        .or_else(|| begins(name, known))
                        .map(|known| format!("did you mean `{known}`?"))
                        .or_else(|| self.belongs(name)),
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

    /// Where in the object a field of this name would be one.
    fn belongs(&self, name: &str) -> Option<String> {
        let root = *self.file.kinds.get(self.kind)?;
        let place = nearest(self.file, root, name)?;
        Some(format!("`{name}` belongs in `{place}`"))
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

/// The one name that begins like another one, of at least four letters.
fn begins<'k>(name: &str, mut known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let alike = |known: &&str| known.starts_with(name) || name.starts_with(*known);
    let first = known.by_ref().filter(|k| k.len() > 3).find(alike)?;
    let alone = name.len() > 3 && !known.filter(|k| k.len() > 3).any(|other| alike(&other));
    alone.then_some(first)
}

/// Levels of an object that are searched for a field.
const DEEPEST: usize = 7;

/// The path of the highest node of an object, its status aside, that has a field of this name, if
/// that is clear.
fn nearest(file: &'static File, root: NodeId, name: &str) -> Option<String> {
    let mut seen = vec![root];
    let mut level = vec![(root, String::new())];
    for _ in 0..DEEPEST {
        let with: Vec<&str> = level
            .iter()
            .filter(|(id, _)| file.node(*id).property(name).is_some())
            .map(|(_, place)| place.as_str())
            .collect();
        // Of the kinds of containers of a pod, the plain ones are meant.
        let containers = || with.iter().find(|place| place.ends_with(".containers[]"));
        match with.as_slice() {
            [] => {}
            [""] => return None,
            [place] => return Some((*place).to_owned()),
            _ => return containers().map(|place| (*place).to_owned()),
        }
        let mut below = Vec::new();
        for (id, place) in &level {
            let node = file.node(*id);
            let named = node.properties.iter().map(|p| (p.1, p.0.text()));
            let fields = named
                .filter(|(_, field)| *field != "status")
                .map(|(id, field)| {
                    let place = match place.as_str() {
                        "" => field.to_owned(),
                        above => format!("{above}.{field}"),
                    };
                    (id, place)
                });
            let items = node.items.map(|id| (id, format!("{place}[]")));
            for (id, place) in fields.chain(items) {
                if !seen.contains(&id) {
                    seen.push(id);
                    below.push((id, place));
                }
            }
        }
        level = below;
    }
    None
}
