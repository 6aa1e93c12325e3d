//! `CONTRIBUTING.md` walks through what it takes to add something; what is there already was added
//! that way.

use std::path::Path;

use mlspec::check::rules;
use mlspec::emit::kinds::EMITTERS;
use mlspec::spec::nodes::triggers::{NAMES, ON};
use mlspec::spec::table::Ty;

use super::files::files;
use super::tables::snake;

fn text(path: &str) -> String {
    let found = files(
        path.rsplit_once('/').map_or("", |(folder, _)| folder),
        &[path.rsplit('/').next().unwrap()],
    );
    found
        .into_iter()
        .find(|file| file.path == path)
        .unwrap_or_else(|| panic!("there is no {path}"))
        .text
}

/// A section of the walk-through, its line breaks made spaces.
fn section(heading: &str) -> String {
    let all = text("CONTRIBUTING.md");
    let (_, rest) = all
        .split_once(&format!("## {heading}\n"))
        .unwrap_or_else(|| panic!("no {heading}"));
    rest.split("\n## ")
        .next()
        .unwrap()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Asserts that the walk-through still gives a step in these words, so that the test and it cannot
/// drift apart.
#[track_caller]
fn says(section: &str, step: &str) {
    assert!(
        section.contains(step),
        "CONTRIBUTING.md no longer says `{step}`"
    );
}

/// Every path without a placeholder that the document names.
#[test]
fn the_paths_exist() {
    let contributing = text("CONTRIBUTING.md");
    let quoted = contributing.split('`').skip(1).step_by(2);
    let is_path = |word: &&str| word.contains('/') && !word.contains(['<', '*', ' ', '~']);
    let mut count = 0;
    for path in quoted.filter(is_path) {
        assert!(
            Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(),
            "CONTRIBUTING.md names {path}"
        );
        count += 1;
    }
    assert!(count >= 8, "only {count} paths");
}

#[test]
fn adding_a_rule() {
    let steps = section("Add a rule");
    says(
        &steps,
        "`src/check/rules/<family>/<code>.rs`, lower case with `_`: a `pub(crate) static RULE: Rule`",
    );
    says(
        &steps,
        "One `mod` line in the family's `mod.rs`, one line in the table `RULES` in `src/check/rules/mod.rs`",
    );
    says(&steps, "`tests/ui/<CODE>-<name>.kdl`, with `//~ CODE`");
    let table = text("src/check/rules/mod.rs");
    for rule in rules::RULES {
        let code = rule.code.to_lowercase().replace('-', "_");
        let family = &code[..3];
        assert!(
            text(&format!("src/check/rules/{family}/{code}.rs"))
                .contains("pub(crate) static RULE: Rule"),
            "{code}"
        );
        let modules = text(&format!("src/check/rules/{family}/mod.rs"));
        assert!(
            modules
                .lines()
                .any(|line| line.ends_with(&format!("mod {code};"))),
            "{code}"
        );
        assert!(
            table.contains(&format!("&{family}::{code}::RULE,")),
            "{code}"
        );
    }
}

/// Files of examples and golden cases: what is compiled, and what comes out.
fn compiled(ending: &str) -> Vec<String> {
    let all = files("examples", &[ending])
        .into_iter()
        .chain(files("tests/golden", &[ending]));
    all.map(|file| file.text).collect()
}

#[test]
fn adding_a_kind() {
    let steps = section("Add a kind");
    says(
        &steps,
        "`src/emit/kinds/<kind>.rs`, snake case: a `pub static EMITTER: Emitter`",
    );
    says(
        &steps,
        "One line in `EMITTERS` in `src/emit/kinds/mod.rs`, one in `bodies!` in `src/emit/object.rs`",
    );
    says(
        &steps,
        "An example or a case in `tests/golden/` that emits it",
    );
    let table = text("src/emit/kinds/mod.rs");
    let emitted = compiled(".yaml");
    let mut never = Vec::new();
    for emitter in EMITTERS {
        let name = snake(emitter.kind);
        let file = if table.contains(&format!("mod {name};"))
            && Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(format!("src/emit/kinds/{name}"))
                .is_dir()
        {
            format!("src/emit/kinds/{name}/mod.rs")
        } else {
            format!("src/emit/kinds/{name}.rs")
        };
        assert!(
            text(&file).contains("pub static EMITTER: Emitter"),
            "{file}"
        );
        assert!(table.contains(&format!("&{name}::EMITTER,")), "{name}");
        let kind = format!("kind: {}", emitter.kind);
        if !emitted
            .iter()
            .any(|text| text.lines().any(|line| line == kind))
        {
            never.push(emitter.kind);
        }
    }
    assert!(
        never.is_empty(),
        "no example and no golden case emits {never:?}"
    );
}

#[test]
fn adding_a_trigger() {
    let steps = section("Add a trigger");
    says(
        &steps,
        "`src/spec/nodes/triggers/<name>.rs`: its properties. One line each in `NAMES` and `by_arg` in `mod.rs` beside it",
    );
    says(
        &steps,
        "A variant of `TriggerKind` in `src/resolve/model/scale.rs`, its decoding in `src/resolve/decode/scale.rs`, its metadata in `src/plan/scaling.rs`",
    );
    says(&steps, "A case in `tests/golden/` that uses it");
    let Ty::Word(names) = NAMES else {
        panic!("triggers are words")
    };
    let chosen: Vec<&str> = ON.by_arg.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, chosen);
    let specs = compiled(".kdl");
    let mut unused = Vec::new();
    for name in names {
        assert!(
            text(&format!("src/spec/nodes/triggers/{name}.rs")).contains("NodeKind"),
            "{name}"
        );
        let mut variant = (*name).to_owned();
        variant[..1].make_ascii_uppercase();
        assert!(
            text("src/resolve/model/scale.rs").contains(&format!("    {variant}")),
            "{name}"
        );
        for file in ["src/resolve/decode/scale.rs", "src/plan/scaling.rs"] {
            assert!(
                text(file).contains(&format!("TriggerKind::{variant}")),
                "{file} lacks {name}"
            );
        }
        if !specs
            .iter()
            .any(|text| text.contains(&format!("on \"{name}\"")))
        {
            unused.push(name);
        }
    }
    assert!(
        unused.is_empty(),
        "no example and no golden case uses {unused:?}"
    );
}

/// What every release needs is there.
#[test]
fn documents_exist() {
    for path in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
    ] {
        assert!(text(path).len() > 300, "{path} says nothing");
    }
    assert!(
        text("CHANGELOG.md").contains("\n## "),
        "CHANGELOG.md has no version"
    );
    assert!(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("LICENSE")
            .exists()
    );
}
