//! The example on the page of every code raises that code, and what is written instead does not.

use std::collections::BTreeSet;

use mlspec::check::{Run, rules};
use mlspec::compile::{Options, compile};
use mlspec::diag::Severity;
use mlspec::render::Count;
use mlspec::source::FileId;
use mlspec::spec;
use mlspec::syntax;
use mlspec::system::{Date, MemorySystem};

use super::{blocks, read, section};

/// A workspace file by file: the prelude of the UI tests.
const PRELUDE: [&str; 3] = ["mlspec.kdl", "clusters/gpu.kdl", "clusters/small.kdl"];

/// The codes of errors and warnings that a text raises as a file of the prelude's workspace. Lines
/// such as `//# mlspec.kdl` start another file of it, which replaces the prelude's.
fn codes(text: &str) -> BTreeSet<String> {
    let mut system = MemorySystem::default().on(Date {
        year: 2026,
        month: 12,
        day: 1,
    });
    for path in PRELUDE {
        system = system.file(path, read(&format!("tests/ui/_prelude/{path}")));
    }
    let mut path = "models/example.kdl";
    let mut file = String::new();
    for line in text.lines() {
        if let Some(next) = line.strip_prefix("//# ") {
            system = system.file(path, std::mem::take(&mut file));
            path = next;
        } else {
            file.push_str(line);
            file.push('\n');
        }
    }
    // A workspace stands in its root file alone.
    if path == "models/example.kdl" && file.starts_with("workspace ") {
        path = "mlspec.kdl";
    }
    let system = system.file(path, file);
    let compilation = compile(&system, &Options::default(), &Count::default());
    let worse = compilation
        .diagnostics
        .iter()
        .filter(|d| d.severity != Severity::Note);
    worse.map(|d| d.code.to_owned()).collect()
}

/// What is wrong with the examples of a page.
fn faults(code: &str, page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for example in section(page, "Example")
        .map(|s| blocks(s, "kdl"))
        .unwrap_or_default()
    {
        let raised = codes(&example);
        if raised != BTreeSet::from([code.to_owned()]) {
            faults.push(format!("{code}: the example raises {raised:?}:\n{example}"));
        }
    }
    for instead in section(page, "Instead")
        .map(|s| blocks(s, "kdl"))
        .unwrap_or_default()
    {
        // A part of a model is read by `snippets`; only a whole one can be compiled.
        if instead.starts_with("model ") && codes(&instead).contains(code) {
            faults.push(format!(
                "{code}: what to write instead raises it too:\n{instead}"
            ));
        }
        let text = super::snippets::in_place(&instead);
        let wrong = super::snippets::read_snippet(&text).1;
        if !wrong.is_empty() {
            faults.push(format!(
                "{code}: what to write instead is no KDL of the language: {wrong}\n{instead}"
            ));
        }
    }
    faults
}

/// Rules of the catalogue.
#[test]
fn examples_of_rules() {
    let mut found = Vec::new();
    for rule in rules::RULES {
        let example = section(rule.page, "Example").unwrap();
        let shown = !blocks(example, "kdl").is_empty();
        // What the language cannot say is shown as the object that is refused.
        let emitted = matches!(rule.run, Run::Object(_)) && !blocks(example, "yaml").is_empty();
        assert!(
            shown || emitted,
            "{} shows nothing that is refused",
            rule.code
        );
        found.extend(faults(rule.code, rule.page));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Codes of the language.
#[test]
fn examples_of_the_language() {
    assert!(spec::codes::CODES.is_sorted_by(|a, b| a.code < b.code));
    let mut found = Vec::new();
    for page in spec::codes::CODES {
        found.extend(faults(page.code, page.text));
        // Where files and includes are at fault, it is no text that is mended.
        if ["LNG-10", "LNG-13", "LNG-23"].contains(&page.code) {
            continue;
        }
        let instead = section(page.text, "Instead").unwrap();
        for left in blocks(instead, "kdl") {
            let raised = codes(&left);
            if !raised.is_empty() {
                found.push(format!("{}: {raised:?} is left of:\n{left}", page.code));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Codes of the syntax, held to exactly what a user gets: what fails raises the code alone, what is mended nothing.
#[test]
fn examples_of_the_syntax() {
    let raised = |text: &str| -> BTreeSet<&'static str> {
        syntax::parse(FileId(0), text)
            .diagnostics
            .iter()
            .map(|d| d.code)
            .collect()
    };
    for code in syntax::codes::CODES
        .iter()
        .filter(|code| !code.fails.is_empty())
    {
        assert_eq!(
            raised(code.fails),
            BTreeSet::from([code.id]),
            "{}: {}",
            code.id,
            code.fails
        );
        assert_eq!(
            raised(code.mended),
            BTreeSet::new(),
            "{}: {}",
            code.id,
            code.mended
        );
    }
}
