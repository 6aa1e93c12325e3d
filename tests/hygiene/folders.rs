//! Who may use whom: `use` lines and paths against the table of `ARCHITECTURE.md`.

use super::files::{File, files};
use super::rust::{crate_paths, outer_names, tokens};

/// A folder or file of `src/` and what it may use of the others; `emit::Object` stands for that item
/// alone. Whoever adds a folder adds its line.
const MODULES: &[(&str, &[&str])] = &[
    (
        "check",
        &[
            "diag",
            // Object rules see what was emitted: the objects and their notes, never how.
            "emit::Body",
            "emit::Note",
            "emit::Object",
            "emit::Trace",
            "emit::api",
            "emit::trace",
            "plan",
            "resolve",
            "source",
            "system::Date",
            "units",
            "validate",
        ],
    ),
    (
        "cli",
        &[
            "check",
            "cluster",
            "compile",
            "diag",
            "emit::Object",
            "render",
            "source",
            "spec",
            "syntax",
            "system",
            "why",
        ],
    ),
    (
        "cluster",
        &["check::schemas", "diag", "emit::Object", "emit::trace"],
    ),
    (
        "compile",
        &[
            "check", "diag", "emit", "patch", "plan", "render", "resolve", "source", "spec",
            "syntax", "system", "validate",
        ],
    ),
    ("diag", &["source"]),
    ("emit", &["plan", "resolve", "source", "units"]),
    (
        "patch",
        &[
            "diag",
            "emit::Object",
            "emit::Trace",
            "emit::trace",
            "plan",
            "resolve::model",
            "source",
            "validate",
        ],
    ),
    ("plan", &["diag", "resolve", "source", "units", "yaml"]),
    (
        "render",
        &["diag", "emit", "system::output", "system::path", "yaml"],
    ),
    ("resolve", &["diag", "source", "spec", "system", "units"]),
    ("source", &[]),
    (
        "spec",
        &["diag", "source", "syntax", "system::Date", "units"],
    ),
    ("syntax", &["diag", "source"]),
    ("system", &[]),
    // A date is a value with a form; the trait that says which one is today is not.
    ("units", &["system::Date"]),
    (
        "why",
        &[
            "emit::Body",
            "emit::Object",
            "emit::trace",
            "render::File",
            "resolve::origin",
            "source",
            "syntax",
            "yaml",
        ],
    ),
    // Judges any serializable object; knows nothing of specs.
    ("validate", &[]),
    ("yaml", &[]),
];

/// Crates that only some may name.
const CRATES: &[(&str, &[&str])] = &[
    ("clap", &["cli"]),
    ("kube", &["cluster"]),
    ("tokio", &["cluster"]),
    ("k8s_openapi", &["check", "emit"]),
    ("miette", &["diag"]),
    ("mlspec_contract", &["emit", "plan"]),
    ("lsp_types", &["lsp"]),
];

/// Files that name every module because that is their duty.
const ROOTS: [&str; 2] = ["src/lib.rs", "src/main.rs"];

/// The sentences of all breaches in one file.
fn breaches(file: &File) -> Vec<String> {
    let inner = file.path.trim_start_matches("src/").trim_end_matches(".rs");
    let parts: Vec<&str> = inner.split('/').filter(|part| *part != "mod").collect();
    // Modules that are compiled for tests alone.
    let is_test = parts
        .iter()
        .any(|part| matches!(*part, "tests" | "testing" | "pages"));
    if is_test || ROOTS.contains(&file.path.as_str()) {
        return Vec::new();
    }
    let own = parts[0];
    let Some((_, may)) = MODULES.iter().find(|(name, _)| *name == own) else {
        return vec![format!("{}: `{own}` has no line in the table", file.path)];
    };
    let tokens = tokens(&file.text);
    let mut found = Vec::new();
    for path in crate_paths(&tokens, parts.len()) {
        let known = MODULES.iter().any(|(name, _)| *name == path[0]);
        let allowed = may.iter().any(|may| {
            let wanted: Vec<&str> = may.split("::").collect();
            wanted.iter().zip(&path).all(|(a, b)| a == b) && wanted.len() <= path.len()
        });
        if known && path[0] != own && !allowed {
            found.push(format!(
                "{}: `{own}` must not use `{}`",
                file.path,
                path.join("::")
            ));
        }
    }
    for name in outer_names(&tokens) {
        let limited = CRATES.iter().find(|(krate, _)| *krate == name);
        if limited.is_some_and(|(_, folders)| !folders.contains(&own)) {
            found.push(format!(
                "{}: `{own}` must not use the crate `{name}`",
                file.path
            ));
        }
    }
    found
}

/// No stage reaches into a later one, or past its neighbor.
#[test]
fn folders_use_only_what_they_may() {
    let files = files("src", &[".rs"]);
    assert!(files.len() > 50, "the walk found {} files", files.len());
    let found: Vec<String> = files.iter().flat_map(breaches).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The law notices each way to break it.
#[test]
fn wrong_lines_are_noticed() {
    let wrong = |path: &str, text: &str| {
        breaches(&File {
            path: path.to_owned(),
            text: text.to_owned(),
        })
        .len()
    };
    assert_eq!(
        wrong("src/emit/kinds/service.rs", "use crate::diag::Diagnostic;"),
        1
    );
    assert_eq!(
        wrong(
            "src/emit/kinds/service.rs",
            "use crate::{plan::Plan, spec};"
        ),
        1
    );
    assert_eq!(
        wrong(
            "src/emit/kinds/service.rs",
            "use super::super::super::check::Rule;"
        ),
        1
    );
    assert_eq!(
        wrong("src/plan/mod.rs", "fn f() { crate::emit::emit() }"),
        1
    );
    assert_eq!(wrong("src/check/mod.rs", "use crate::emit::kinds;"), 1);
    assert_eq!(wrong("src/units/bytes.rs", "use crate::system::System;"), 1);
    assert_eq!(wrong("src/check/mod.rs", "use miette::Report;"), 1);
    assert_eq!(wrong("src/new/mod.rs", ""), 1);
    assert_eq!(
        wrong(
            "src/check/mod.rs",
            "use crate::{emit::Object, plan}; use super::x;"
        ),
        0
    );
    assert_eq!(
        wrong(
            "src/emit/mod.rs",
            "//! Like crate::diag.\nuse crate::emit::kinds;"
        ),
        0
    );
}
