//! The official KDL 2 test suite, as it ships with the `kdl` crate.

#![expect(
    clippy::disallowed_methods,
    reason = "reads the suite from another crate's folder"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mlspec::syntax::codes::CODES;

use super::{canonical, codes_of, kdl_errors, parsed};

/// Cases the suite has today; fewer means that it was not found whole.
const VALID: usize = 232;
const INVALID: usize = 87;

/// What we refuse although KDL 2 accepts it, and why. The suite ignores exactly these.
const BEYOND_KDL: [(&str, &str); 8] = [
    (
        "KDL-15",
        "nesting is limited, so that no input exhausts the stack",
    ),
    ("KDL-27", "`'a b'` is two words to KDL"),
    ("KDL-34", "a bare URL is a word and a comment to KDL"),
    (
        "KDL-36",
        "a bare file pattern is a word and a comment to KDL",
    ),
    ("KDL-42", "the marker of KDL 1 is only a hint to KDL"),
    ("KDL-44", "`name:` is a name to KDL"),
    ("KDL-45", "`a,` is a word to KDL"),
    ("KDL-47", "the last of repeated properties counts to KDL"),
];

/// Only this platform's packages are sure to have been downloaded.
fn host() -> String {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc names its host").to_owned()
}

fn folder() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline"])
        .args(["--filter-platform", &host(), "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let is_suite = |p: &&serde_json::Value| {
        p["name"] == "kdl" && p["version"].as_str().is_some_and(|v| v.starts_with("6."))
    };
    let kdl = packages
        .iter()
        .find(is_suite)
        .expect("the kdl crate is a dev-dependency");
    let manifest = Path::new(kdl["manifest_path"].as_str().expect("a path"));
    manifest
        .parent()
        .expect("a folder")
        .join("tests/test_cases")
}

/// Names and texts of the cases, sorted.
fn cases() -> Vec<(String, String)> {
    let files = fs::read_dir(folder().join("input")).expect("the suite's inputs");
    let mut cases: Vec<(String, String)> = files
        .map(|file| file.expect("a readable entry").path())
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read_to_string(path).expect("UTF-8"))
        })
        .collect();
    cases.sort();
    cases
}

/// Every valid document is read without an error of KDL, as the document the suite expects.
#[test]
fn valid_documents() {
    let expected = folder().join("expected_kdl");
    let mut count = 0;
    for (name, text) in cases() {
        if name.ends_with("_fail.kdl") {
            continue;
        }
        let result = parsed(&text);
        assert!(
            kdl_errors(&result.diagnostics).is_empty(),
            "{name}: {:#?}",
            result.diagnostics
        );
        // `hex.kdl` is valid, and comes without an expectation.
        let Ok(expected) = fs::read_to_string(expected.join(&name)) else {
            assert_eq!(name, "hex.kdl");
            continue;
        };
        assert_eq!(
            canonical::print(&result.document).trim(),
            expected.trim(),
            "{name}"
        );
        count += 1;
    }
    assert_eq!(count, VALID);
}

/// Every invalid document is refused with an error of KDL.
#[test]
fn invalid_documents() {
    let mut count = 0;
    for (name, text) in cases() {
        if name.ends_with("_fail.kdl") {
            let result = parsed(&text);
            assert!(
                !kdl_errors(&result.diagnostics).is_empty(),
                "{name} was accepted"
            );
            count += 1;
        }
    }
    assert_eq!(count, INVALID);
}

/// What the suite may ignore is listed here, with a reason, and nowhere else.
#[test]
fn beyond_kdl_is_listed() {
    let beyond: Vec<&str> = CODES
        .iter()
        .filter(|c| c.beyond_kdl)
        .map(|c| c.id)
        .collect();
    assert_eq!(beyond, BEYOND_KDL.map(|(code, _)| code));
}

/// In the suite itself only one document meets a trap.
#[test]
fn traps_met_in_the_suite() {
    let mut met = Vec::new();
    for (name, text) in cases() {
        let result = parsed(&text);
        if kdl_errors(&result.diagnostics).is_empty() && !result.diagnostics.is_empty() {
            met.push((name, codes_of(&result.diagnostics)));
        }
    }
    assert_eq!(met, [("repeated_prop.kdl".to_owned(), vec!["KDL-47"])]);
}
