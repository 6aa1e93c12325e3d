//! `use`: which files belong to a workspace.

use std::collections::BTreeSet;

use crate::diag::Diagnostic;
use crate::spec::Written;
use crate::system::System;

/// Finds the files that the `use` patterns of a workspace node name, sorted.
///
/// Folders whose name begins with `.` are not searched. A pattern without a match is reported.
pub fn includes(workspace: &Written, system: &dyn System) -> (Vec<String>, Vec<Diagnostic>) {
    let mut files = BTreeSet::new();
    let mut diagnostics = Vec::new();
    for pattern in workspace.all("use").flat_map(|node| &node.args) {
        let Some(text) = pattern.val.text() else {
            continue;
        };
        if text.starts_with('/') || text.split('/').any(|part| part == "..") {
            diagnostics.push(
                Diagnostic::error(
                    "LNG-13",
                    pattern.span,
                    format!("\"{text}\" leads out of the workspace"),
                )
                .help("name files below the folder of `mlspec.kdl`"),
            );
            continue;
        }
        let mut parts: Vec<&str> = text.split('/').collect();
        // `**/**` finds no more than `**`.
        parts.dedup_by(|a, b| *a == "**" && *b == "**");
        let mut found = Vec::new();
        walk(system, String::new(), &parts, &mut found);
        if found.is_empty() {
            diagnostics.push(
                Diagnostic::error(
                    "LNG-13",
                    pattern.span,
                    format!("no file matches \"{text}\""),
                )
                .help("fix the pattern; if its last file is gone on purpose, drop it"),
            );
        }
        files.extend(found);
    }
    files.remove("mlspec.kdl");
    (files.into_iter().collect(), diagnostics)
}

fn walk(system: &dyn System, folder: String, parts: &[&str], found: &mut Vec<String>) {
    let Some((part, rest)) = parts.split_first() else {
        return;
    };
    let Ok(entries) = system.list(&folder) else {
        return;
    };
    let path = |name: &str| {
        if folder.is_empty() {
            name.to_owned()
        } else {
            format!("{folder}/{name}")
        }
    };
    if *part == "**" {
        walk(system, folder.clone(), rest, found);
    }
    for entry in entries {
        if entry.name.starts_with('.') {
            continue;
        }
        if *part == "**" {
            if entry.is_dir {
                walk(system, path(&entry.name), parts, found);
            }
        } else if matches(part, &entry.name) {
            if rest.is_empty() && !entry.is_dir {
                found.push(path(&entry.name));
            } else if !rest.is_empty() && entry.is_dir {
                walk(system, path(&entry.name), rest, found);
            }
        }
    }
}

/// Whether a name matches a pattern in which `*` stands for any characters. Each part between stars
/// is taken where it is first found, so no pattern takes long.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut rest) = name.strip_prefix(head) else {
        return false;
    };
    let mut parts: Vec<&str> = tail.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, behind)) = rest.split_once(part) else {
            return false;
        };
        rest = behind;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    /// `*` stands for any run of characters, also for none, and can stand several times.
    #[test]
    fn stars() {
        assert!(matches("*.kdl", "bert.kdl"));
        assert!(matches("a*b*c", "abc"));
        assert!(matches("a*b*c", "a-b-b-c"));
        assert!(!matches("a*b*c", "acb"));
        assert!(!matches("*.kdl", "bert.kdl~"));
        assert!(matches("a*b*bc", "abbbc") && !matches("ab*ba", "aba"));
        assert!(!matches(&"*a".repeat(10_000), &"a".repeat(255)));
    }
}
