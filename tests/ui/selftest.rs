//! The harness itself, on cases in a scratch folder with a checker that knows three words.
#![expect(
    clippy::disallowed_methods,
    reason = "the cases of this test are written by it"
)]

use std::fs;
use std::path::{Path, PathBuf};

use mlspec::diag::Diagnostic;
use mlspec::source::{Source, Sources, Span};

use super::case::{Text, join, split};
use super::runner::run;

/// Reports `bad` (with a fix by `good`), `odd` (a warning), and a workspace without `cluster`.
fn fake(files: &[Text]) -> (Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let mut found = Vec::new();
    for Text { path, text } in files {
        let file = sources.add(Source::new(path.as_str(), text.as_str()));
        for (at, word) in text.match_indices("bad") {
            let span = Span::new(file, at, at + word.len());
            let error = Diagnostic::error("TST-01", span, "`bad` is not good");
            found.push(error.fix("write `good`", span, "good"));
        }
        for (at, word) in text.match_indices("odd") {
            let span = Span::new(file, at, at + word.len());
            found.push(Diagnostic::warning("TST-02", span, "`odd` is strange"));
        }
        for (at, word) in text.match_indices("worse") {
            let span = Span::new(file, at, at + word.len());
            let error = Diagnostic::error("TST-03", span, "`worse` is not good");
            found.push(error.fix("write `odd`", span, "odd"));
        }
    }
    if !files.iter().any(|file| file.path.starts_with("clusters/")) {
        let severity = mlspec::diag::Severity::Error;
        found.push(Diagnostic::new("TST-04", severity, "there is no cluster"));
    }
    (found, sources)
}

/// A fresh folder of cases with a prelude.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("ui-selftest")
        .join(name);
    let _ = fs::remove_dir_all(&root);
    let prelude = [
        ("_prelude/mlspec.kdl", "workspace\n"),
        ("_prelude/clusters/a.kdl", "cluster\n"),
    ];
    for (path, text) in prelude.iter().chain(files) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

/// Problems of one case that was blessed as it is.
fn problems(name: &str, path: &str, text: &str) -> Vec<String> {
    let root = folder(name, &[(path, text)]);
    run(&root, &fake, true)
}

/// What is blessed holds until one side changes.
#[test]
fn blessing_and_comparing() {
    let case = "a bad //~ TST-01\nb odd\n//~^ TST-02\n";
    let root = folder("bless", &[("x/one.kdl", case), ("pass/two.kdl", "fine\n")]);
    let missing = run(&root, &fake, false);
    assert_eq!(missing.len(), 2, "{missing:#?}");
    assert!(
        missing[0].contains(".stderr differs; blessed: none"),
        "{missing:#?}"
    );
    assert_eq!(run(&root, &fake, true), Vec::<String>::new());
    assert_eq!(run(&root, &fake, false), Vec::<String>::new());
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    assert_eq!(
        read("x/one.fixed.kdl"),
        "a good //~ TST-01\nb odd\n//~^ TST-02\n"
    );
    let stderr = read("x/one.stderr");
    assert!(stderr.contains("╭─[models/one.kdl:1:3]"), "{stderr}");
    assert!(
        stderr.ends_with("\n1 error, 1 warning\nexit code 1\n"),
        "{stderr}"
    );
    assert!(!root.join("pass/two.stderr").exists());
    fs::write(root.join("x/one.stderr"), stderr.replace("strange", "odd")).unwrap();
    assert_eq!(run(&root, &fake, false).len(), 1);
    fs::rename(root.join("x/one.kdl"), root.join("x/three.kdl")).unwrap();
    // Two strays, and the renamed case has no products.
    assert_eq!(run(&root, &fake, false).len(), 4);
    run(&root, &fake, true);
    assert_eq!(run(&root, &fake, false), Vec::<String>::new());
    assert!(!root.join("x/one.stderr").exists());
}

/// Findings and announcements are compared by code, line and number.
#[test]
fn announcements_are_compared() {
    let cases = [
        ("a bad\n", 2, "came 1 times and is announced 0"),
        (
            "a bad //~ TST-02\n",
            2,
            "TST-02 is announced 1 times and came 0",
        ),
        (
            "a bad bad //~ TST-01\n",
            1,
            "came 2 times and is announced 1",
        ),
        ("a bad\nb //~ TST-01\n", 2, "models/case.kdl:1: TST-01 came"),
        ("a //~ TST-01\n", 1, "is announced 1 times and came 0"),
        ("a bad //~\n", 1, "without code"),
        ("a bad //~^ TST-01\n", 1, "without code or line"),
        (
            "a //~? TST-04\n",
            1,
            "no line of the case: TST-04 is announced",
        ),
    ];
    for (i, (text, count, words)) in cases.iter().enumerate() {
        let found = problems(&format!("compare-{i}"), "case.kdl", text);
        assert_eq!(found.len(), *count, "{text}: {found:#?}");
        assert!(
            found.iter().any(|problem| problem.contains(words)),
            "{text}: {found:#?}"
        );
    }
    assert!(
        problems(
            "fine",
            "case.kdl",
            "a bad odd bad //~ TST-01 TST-02 TST-01\n"
        )
        .is_empty()
    );
}

/// Cases in `pass/` announce nothing, and others something.
#[test]
fn pass_is_for_what_passes() {
    assert_eq!(problems("pass-1", "case.kdl", "fine\n").len(), 1);
    assert_eq!(
        problems("pass-2", "pass/case.kdl", "odd //~ TST-02\n").len(),
        1
    );
    assert_eq!(problems("pass-3", "pass/case.kdl", "odd\n").len(), 1);
    assert_eq!(problems("pass-4", "pass/case.kdl", "fine\n").len(), 0);
}

/// A fix may not bring what was not there.
#[test]
fn fixes_bring_nothing_new() {
    let found = problems("fix", "case.kdl", "a worse //~ TST-03\n");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("the fixes bring TST-02"), "{found:#?}");
}

/// Own files replace the prelude's, an own `mlspec.kdl` the whole prelude; a folder is a case too.
#[test]
fn workspaces_of_several_files() {
    let replaced = "bad //~ TST-01\n//# clusters/a.kdl\ncluster odd //~ TST-02\n";
    assert_eq!(
        problems("several", "case.kdl", replaced),
        Vec::<String>::new()
    );
    let whole = "//# mlspec.kdl\nworkspace //~? TST-04\n";
    assert_eq!(problems("whole", "case.kdl", whole), Vec::<String>::new());
    let root = folder(
        "folder",
        &[
            ("x/mlspec.kdl", "workspace\n"),
            ("x/clusters/b.kdl", "bad //~ TST-01\n"),
        ],
    );
    assert_eq!(run(&root, &fake, true), Vec::<String>::new());
    let fixed = fs::read_to_string(root.join("x.fixed.kdl")).unwrap();
    assert_eq!(
        fixed,
        "//# clusters/b.kdl\ngood //~ TST-01\n//# mlspec.kdl\nworkspace\n"
    );
}

/// Splitting and joining are opposites.
#[test]
fn split_and_join() {
    let text = "a\n//# b.kdl\nb\n//# c.kdl\n";
    let texts = split(text, "models/x.kdl");
    let paths: Vec<_> = texts.iter().map(|text| text.path.as_str()).collect();
    assert_eq!(paths, ["models/x.kdl", "b.kdl", "c.kdl"]);
    assert_eq!(join(&texts, "models/x.kdl"), text);
    assert_eq!(split("// about\n\n//# b.kdl\nb", "models/x.kdl").len(), 1);
}
