//! The formatter's order of properties: the node table's.

use crate::syntax::PropertyOrder;

use super::nodes::ROOT;
use super::table::NodeKind;

/// Properties in the order in which the node table lists them; unknown ones behind, as written.
#[derive(Copy, Clone, Debug)]
pub struct TableOrder;

impl PropertyOrder for TableOrder {
    fn rank(&self, path: &[&str], node: &str, property: &str) -> usize {
        kind(path, node)
            .and_then(|kind| find(kind, property))
            .unwrap_or(usize::MAX)
    }
}

fn kind(path: &[&str], node: &str) -> Option<&'static NodeKind> {
    path.iter().chain([&node]).try_fold(&ROOT, |kind, name| {
        kind.child(name)
            .or_else(|| kind.by_arg.iter().find_map(|(_, k)| k.child(name)))
    })
}

/// Where the first argument chooses the kind, the formatter does not know it: the first kind
/// that has the property decides.
fn find(kind: &'static NodeKind, property: &str) -> Option<usize> {
    let own = kind.prop(property);
    let chosen = || kind.by_arg.iter().find_map(|(_, k)| k.prop(property));
    own.or_else(chosen).map(|(index, _)| index)
}
