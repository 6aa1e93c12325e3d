//! Whether files can stand side by side, on any file system.

use std::collections::BTreeMap;

use super::findings::Findings;
use super::ledger::LEDGER;
use crate::diag::Diagnostic;
use crate::system::path;

/// Finds paths that cannot be written, and pairs that cannot both be. `wanted` is to be written;
/// `owned` stands there already, and a part of it may go. Both are sorted and unique.
pub(super) fn check(wanted: &[&str], owned: &[&str], findings: Findings<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for path in wanted {
        if let Some(why) = path::problem(path) {
            found.push(findings.impossible(path, why));
        } else if *path == LEDGER {
            found.push(findings.impossible(path, "it is the ledger's"));
        }
    }
    files_as_folders(wanted, findings, &mut found);
    same_but_for_case(wanted, owned, findings, &mut found);
    found
}

fn files_as_folders(wanted: &[&str], findings: Findings<'_>, found: &mut Vec<Diagnostic>) {
    // The first file of every folder speaks for the others.
    let mut folders: BTreeMap<&str, &str> = BTreeMap::new();
    let mut last = "";
    for path in wanted {
        let parent = path::parent(path);
        if parent != last {
            last = parent;
            for folder in path::parents(path) {
                folders.entry(folder).or_insert(path);
            }
        }
    }
    for path in wanted {
        if let Some(below) = folders.get(path) {
            found.push(findings.file_and_folder(path, below));
        }
    }
}

fn same_but_for_case(
    wanted: &[&str],
    owned: &[&str],
    findings: Findings<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let all = || wanted.iter().chain(owned).copied();
    // Without an upper-case letter anywhere, different paths stay different: the usual case.
    if all().all(|path| !path.contains(char::is_uppercase)) {
        return;
    }
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for path in all() {
        match seen.insert(path.to_lowercase(), path) {
            Some(other) if other != path => found.push(findings.same_but_for_case(other, path)),
            _ => {}
        }
    }
}
