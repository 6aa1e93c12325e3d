//! `use`: which files belong to a workspace.

use std::collections::BTreeSet;
use std::io;

use crate::diag::Diagnostic;
use crate::spec::Written;
use crate::system::System;

/// The files of a workspace besides its root.
pub struct Included {
    /// Their paths, sorted.
    pub files: Vec<String>,
    /// What is wrong with the patterns.
    pub diagnostics: Vec<Diagnostic>,
    /// Why a folder could not be listed; files may be missing then.
    pub unlisted: Option<io::Error>,
}

/// Finds the files that the `use` patterns of a workspace node name.
///
/// Folders whose name begins with `.` are not searched. A pattern without a match is reported, and
/// so is a folder that cannot be listed.
pub fn includes(workspace: &Written, system: &dyn System) -> Included {
    let mut unlisted = None;
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
        let mut found = Found::default();
        walk(system, String::new(), &parts, &mut found);
        let Found {
            files: found,
            hidden,
        } = found;
        for (folder, error) in &hidden {
            diagnostics.push(
                Diagnostic::error(
                    "LNG-23",
                    pattern.span,
                    format!("cannot list `{folder}`: {error}"),
                )
                .note("models that lie there would be missing, and their manifests deleted")
                .help("make the folder readable, or leave it out of the pattern"),
            );
        }
        let seen = hidden.is_empty();
        unlisted = unlisted.or(hidden.into_iter().next().map(|(_, error)| error));
        if found.is_empty() && seen {
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
    Included {
        files: files.into_iter().collect(),
        diagnostics,
        unlisted,
    }
}

/// What a pattern leads to.
#[derive(Default)]
struct Found {
    files: Vec<String>,
    /// Folders that are there and cannot be listed.
    hidden: Vec<(String, io::Error)>,
}

fn walk(system: &dyn System, folder: String, parts: &[&str], found: &mut Found) {
    let Some((part, rest)) = parts.split_first() else {
        return;
    };
    let entries = match system.list(&folder) {
        Ok(entries) => entries,
        Err(error) => {
            let known = found.hidden.iter().any(|(hidden, _)| *hidden == folder);
            if error.kind() != io::ErrorKind::NotFound && !known {
                found.hidden.push((folder, error));
            }
            return;
        }
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
                found.files.push(path(&entry.name));
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
