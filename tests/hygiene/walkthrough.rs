//! `CONTRIBUTING.md` walks through what it takes to add something; what is there already was added
//! that way.

use std::path::Path;

use mlspec::check::rules;
use mlspec::emit::kinds::EMITTERS;
use mlspec::spec::nodes::triggers::{NAMES, ON};
use mlspec::spec::table::Ty;

use super::files::files;
use super::rust::{Piece, pieces, tokens};
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

/// The text of a section.
fn section(heading: &str) -> String {
    let all = text("CONTRIBUTING.md");
    let (_, rest) = all
        .split_once(&format!("## {heading}\n"))
        .unwrap_or_else(|| panic!("no {heading}"));
    rest.split("\n## ").next().unwrap().to_owned()
}

/// Paths of files that a text names: in backticks, with an ending.
fn named(markdown: &str) -> Vec<&str> {
    let quoted = markdown.split('`').skip(1).step_by(2);
    quoted
        .filter(|word| word.contains('/') && !word.contains(['<', '*', ' ', '~', '\n']))
        .collect()
}

/// The snippets of a section: the file that was named last before each, and its lines without the
/// list's indent.
fn snippets(section: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut before = String::new();
    let mut lines = section.lines();
    while let Some(line) = lines.next() {
        if !line.trim_start().starts_with("```") {
            before.push_str(line);
            before.push('\n');
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let block = lines.by_ref().take_while(|line| line.trim() != "```");
        let block = block.map(|line| line.get(indent..).unwrap_or_default().to_owned());
        let path = *named(&before).last().expect("a file before the snippet");
        found.push((path.to_owned(), block.collect()));
    }
    found
}

/// Asserts that every snippet of a section stands in its file: what lies between lines of `…` as it
/// is, one after the other. Returns how many there are.
fn snippets_are_the_code(section: &str) -> usize {
    let all = snippets(section);
    for (path, lines) in &all {
        let code = text(path);
        let mut rest = code.as_str();
        for part in lines.split(|line| line.trim() == "// …") {
            let part = part.join("\n");
            assert!(!part.trim().is_empty(), "nothing is shown of {path}");
            let Some((_, after)) = rest.split_once(&part) else {
                panic!("CONTRIBUTING.md shows what is not in {path}, in this order:\n{part}");
            };
            rest = after;
        }
    }
    all.len()
}

/// Asserts that the files below `src` in whose code one of the words stands are those that a section
/// names: no step is missing.
fn no_step_is_missing(section: &str, words: &[&str]) {
    let named = named(section);
    let has = |code: &str| {
        let literal = |piece| matches!(piece, Piece::Literal(text) if words.contains(&text));
        tokens(code).iter().any(|token| words.contains(token))
            || pieces(code).into_iter().any(literal)
    };
    let mut found = 0;
    for file in files("src", &[".rs"]) {
        if has(&file.text) {
            found += 1;
            assert!(
                named.contains(&file.path.as_str()),
                "CONTRIBUTING.md does not name {}, where {words:?} stand",
                file.path
            );
        }
    }
    assert!(found > 1, "no file has {words:?}");
}

/// Every path without a placeholder that the document names.
#[test]
fn the_paths_exist() {
    let contributing = text("CONTRIBUTING.md");
    let mut count = 0;
    for path in named(&contributing) {
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
    assert_eq!(snippets_are_the_code(&steps), 4);
    no_step_is_missing(&steps, &["scl_21", "SCL-21"]);
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
    assert_eq!(snippets_are_the_code(&steps), 4);
    no_step_is_missing(&steps, &["pod_disruption_budget", "PodDisruptionBudget"]);
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
    assert_eq!(snippets_are_the_code(&steps), 5);
    no_step_is_missing(&steps, &["rabbitmq", "Rabbitmq", "RABBITMQ"]);
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
