//! Every node kind of the table, once, with the kinds it may stand in.

use super::nodes::ROOT;
use super::table::NodeKind;

/// A node kind and where it may stand.
#[derive(Debug)]
pub struct Entry {
    /// Its path of names from the top: `model/scale/on "kafka"`. The first place it is met.
    pub path: String,
    /// What heads its page: its name, with the argument that chooses the kind (`on "kafka"`), and
    /// with what it stands in where several kinds have that name (`pool/label`). Unique.
    pub title: String,
    /// The kind.
    pub kind: &'static NodeKind,
    /// Names of the kinds it may stand in; empty for the top of a file.
    pub parents: Vec<&'static str>,
}

/// All kinds in the table's order.
#[must_use]
pub fn kinds() -> Vec<Entry> {
    let mut entries = Vec::new();
    children(&ROOT, "", &mut entries);
    let names: Vec<String> = entries.iter().map(|e| e.title.clone()).collect();
    for entry in &mut entries {
        let is_shared = names.iter().filter(|name| **name == entry.title).count() > 1;
        // The parts of a model, and what stands at the top, go by their name alone.
        if is_shared && !(entry.parents.is_empty() || entry.parents.contains(&"model")) {
            entry.title = format!("{}/{}", entry.parents.join("/"), entry.title);
        }
    }
    entries
}

fn children(parent: &'static NodeKind, path: &str, entries: &mut Vec<Entry>) {
    for kind in parent.children.iter().copied() {
        let path = if path.is_empty() {
            kind.name.to_owned()
        } else {
            format!("{path}/{}", kind.name)
        };
        add(kind, path, parent, entries);
    }
}

fn add(kind: &'static NodeKind, path: String, parent: &'static NodeKind, entries: &mut Vec<Entry>) {
    let known = entries.iter_mut().find(|e| std::ptr::eq(e.kind, kind));
    if let Some(entry) = known {
        if !parent.name.is_empty() && !entry.parents.contains(&parent.name) {
            entry.parents.push(parent.name);
            for (_, chosen) in kind.by_arg {
                add(chosen, String::new(), parent, entries);
            }
        }
        return;
    }
    let parents = if parent.name.is_empty() {
        Vec::new()
    } else {
        vec![parent.name]
    };
    entries.push(Entry {
        title: path.rsplit('/').next().unwrap_or(&path).to_owned(),
        path: path.clone(),
        kind,
        parents,
    });
    for (word, chosen) in kind.by_arg {
        add(chosen, format!("{path} \"{word}\""), parent, entries);
    }
    children(kind, &path, entries);
}
