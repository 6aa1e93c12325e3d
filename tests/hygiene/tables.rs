//! Tables and the files they list agree: rules, codes, emitters.

use std::collections::BTreeSet;

use mlspec::check::{self, Rule, Run, rules};
use mlspec::emit::kinds::EMITTERS;
use mlspec::{render, spec, syntax};

use super::files::{File, files};
use super::rust::{Piece, pieces};

/// The names in a folder's `.rs` files, without `mod.rs`: `gpu/gpu_02`.
fn modules(folder: &str) -> BTreeSet<String> {
    let name = |file: File| {
        let name = file
            .path
            .strip_prefix(folder)?
            .strip_prefix('/')?
            .strip_suffix(".rs")?
            .to_owned();
        (!name.ends_with("mod")).then_some(name)
    };
    files(folder, &[".rs"])
        .into_iter()
        .filter_map(name)
        .collect()
}

/// `GPU-02` lies in `gpu/gpu_02.rs`, every such file is in the table, and codes are sorted.
#[test]
fn rules_are_where_their_codes_say() {
    let codes: Vec<&str> = rules::RULES.iter().map(|rule| rule.code).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    let expected: BTreeSet<String> = codes
        .iter()
        .map(|code| {
            let module = code.to_lowercase().replace('-', "_");
            format!("{}/{module}", &module[..3])
        })
        .collect();
    let is_rule = |name: &String| name.ends_with(|c: char| c.is_ascii_digit());
    let found: BTreeSet<String> = modules("src/check/rules")
        .into_iter()
        .filter(is_rule)
        .collect();
    assert_eq!(found, expected);
    for (file, rule) in expected.iter().zip(rules::RULES) {
        let text = &files(
            &format!("src/check/rules/{}", &file[..3]),
            &[&format!("{}.rs", &file[4..])],
        )[0]
        .text;
        assert!(
            text.contains(&format!("code: \"{}\"", rule.code)),
            "{file}.rs is not {}",
            rule.code
        );
    }
}

/// Whether the language can say what a rule refuses; else its page shows the object.
fn can_be_written(rule: &Rule) -> bool {
    let example = rule
        .page
        .split_once("## Example\n")
        .map_or("", |(_, rest)| rest);
    let example = example.split("\n## ").next().unwrap_or_default();
    !(matches!(rule.run, Run::Object(_))
        && example.contains("```yaml")
        && !example.contains("```kdl"))
}

/// Every rule is raised by an annotated spec named after it. One against what the language cannot
/// say has a test beside its code.
#[test]
fn every_rule_has_a_spec() {
    let specs = files("tests/ui", &[".kdl"]);
    let mut wanting = Vec::new();
    for rule in rules::RULES {
        let begin = format!("{}-", rule.code);
        let is_its = |file: &&File| file.path.split('/').any(|part| part.starts_with(&begin));
        let raised = |file: &&File| {
            file.text
                .lines()
                .any(|l| l.contains("//~") && l.contains(rule.code))
        };
        if specs.iter().filter(is_its).any(|file| raised(&file)) {
            continue;
        }
        let module = rule.code.to_lowercase().replace('-', "_");
        let path = format!("src/check/rules/{}/{module}.rs", &module[..3]);
        let tested = files("src/check/rules", &[".rs"])
            .iter()
            .any(|file| file.path == path && file.text.contains("#[cfg(test)]"));
        if can_be_written(rule) || !tested {
            wanting.push(rule.code);
        }
    }
    assert!(
        wanting.is_empty(),
        "no tests/ui/<CODE>-*.kdl raises {wanting:?}"
    );
}

/// Codes in the string literals of the sources: `"GPU-02"`.
fn literal_codes(folder: &str, except: &str) -> BTreeSet<String> {
    let files = files(folder, &[".rs"])
        .into_iter()
        .filter(|file| file.path != except);
    let mut found = BTreeSet::new();
    for file in files {
        for piece in pieces(&file.text) {
            if let Piece::Literal(text) = piece
                && is_code(text)
            {
                found.insert(text.to_owned());
            }
        }
    }
    found
}

fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 6
        && bytes[..3].iter().all(u8::is_ascii_uppercase)
        && bytes[3] == b'-'
        && bytes[4..].iter().all(u8::is_ascii_digit)
}

fn known() -> BTreeSet<&'static str> {
    let pages = spec::codes::CODES
        .iter()
        .chain(render::codes::CODES)
        .chain(check::codes::CODES);
    let pages = pages.map(|page| page.code);
    let syntax = syntax::codes::CODES.iter().map(|code| code.id);
    pages
        .chain(syntax)
        .chain(rules::RULES.iter().map(|rule| rule.code))
        .collect()
}

/// Every code that is reported has a page.
#[test]
fn every_code_has_a_page() {
    let used = literal_codes("src", "");
    assert!(used.len() > 100, "only {} codes", used.len());
    let known = known();
    // Tests of the renderers report what is not there.
    let unknown: Vec<_> = used
        .iter()
        .filter(|code| !known.contains(code.as_str()) && !code.ends_with("-99"))
        .collect();
    assert!(unknown.is_empty(), "no page: {unknown:?}");
}

/// Every page of the language is reported somewhere, and so is every constant of the other tables.
#[test]
fn every_page_is_of_a_code_in_use() {
    let language = literal_codes("src", "src/spec/codes.rs");
    let mut unused: Vec<String> = spec::codes::CODES
        .iter()
        .filter(|page| !language.contains(page.code))
        .map(|page| page.code.to_owned())
        .collect();
    let commands = files("src/cli", &[".rs"]);
    for (folder, table) in [
        ("src/render", "src/render/codes.rs"),
        ("src/syntax", "src/syntax/codes.rs"),
    ] {
        let all = files(folder, &[".rs"]);
        let (tables, rest): (Vec<_>, Vec<_>) = all.iter().partition(|file| file.path == table);
        let constants: Vec<&str> = tables[0].text.lines().filter_map(constant).collect();
        assert!(constants.len() > 10, "{table}: {constants:?}");
        // In the table's own functions too, but more than where it is declared.
        let count = |name: &str, file: &File| {
            super::rust::tokens(&file.text)
                .iter()
                .filter(|t| **t == name)
                .count()
        };
        for name in constants {
            let others = rest.iter().copied().chain(&commands);
            let outside: usize = others.map(|file| count(name, file)).sum();
            if outside == 0 && count(name, tables[0]) < 2 {
                unused.push(format!("{table}: {name}"));
            }
        }
    }
    assert!(unused.is_empty(), "never reported: {unused:?}");
}

/// The constant that a line of a table of codes declares.
fn constant(line: &str) -> Option<&str> {
    let (name, rest) = line.trim().split_once(' ')?;
    let code = rest.trim_start_matches("= ").strip_prefix('"')?.get(..6)?;
    (is_code(code)
        && name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
    .then_some(name)
}

/// Codes that documents name are there.
#[test]
fn documents_name_codes_that_exist() {
    let known = known();
    let mut wrong = Vec::new();
    for file in files("", &[".md"])
        .iter()
        .filter(|file| !file.path.starts_with("tests/") && !file.path.starts_with("runtime/"))
    {
        let words = file
            .text
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        wrong.extend(
            words
                .filter(|word| is_code(word) && !known.contains(word))
                .map(|word| format!("{}: {word}", file.path)),
        );
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// `HTTPRoute` is `http_route`.
pub(super) fn snake(kind: &str) -> String {
    let chars: Vec<char> = kind.chars().collect();
    let mut snake = String::new();
    for (i, c) in chars.iter().enumerate() {
        let next_is_lower = chars.get(i + 1).is_some_and(char::is_ascii_lowercase);
        if i > 0 && c.is_uppercase() && (chars[i - 1].is_lowercase() || next_is_lower) {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// Every emitter lies in its kind's file and writes the version that its body has; every body has
/// an emitter.
#[test]
fn emitters_are_where_their_kinds_say() {
    let mut kinds: Vec<&str> = EMITTERS.iter().map(|emitter| emitter.kind).collect();
    let modules = modules("src/emit/kinds");
    let files_of_emit = files("src/emit", &[".rs"]);
    let bodies = &files_of_emit
        .iter()
        .find(|file| file.path == "src/emit/object.rs")
        .unwrap()
        .text;
    for emitter in EMITTERS {
        let name = snake(emitter.kind);
        let is_folder = !files(&format!("src/emit/kinds/{name}"), &["mod.rs"]).is_empty();
        assert!(
            is_folder || modules.contains(&name),
            "no src/emit/kinds/{name}.rs"
        );
        let line = format!("    {}(", emitter.kind);
        let body = bodies
            .lines()
            .find(|l| l.starts_with(&line))
            .unwrap_or_default();
        assert!(
            body.ends_with(&format!("= \"{}\";", emitter.api_version)),
            "{}: {body}",
            emitter.kind
        );
    }
    let count = bodies
        .lines()
        .filter(|line| line.starts_with("    ") && line.contains(") = \"") && line.ends_with("\";"))
        .count();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), EMITTERS.len(), "a kind has two emitters");
    assert_eq!(kinds.len(), count, "a body has no emitter");
}

#[test]
fn spells_kinds_as_files() {
    for (kind, file) in [
        ("HTTPRoute", "http_route"),
        ("Service", "service"),
        ("PodDisruptionBudget", "pod_disruption_budget"),
    ] {
        assert_eq!(snake(kind), file);
    }
}
