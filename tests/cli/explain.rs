//! `explain`, `schema`, `completions`, `man`, `--help`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Folder;

/// Every command.
const COMMANDS: [&str; 9] = [
    "init",
    "check",
    "compile",
    "fmt",
    "explain",
    "why",
    "schema",
    "completions",
    "man",
];

/// A rule, a code of each stage, a node by name and by path; case does not count in codes.
#[test]
fn pages() {
    let folder = Folder::new();
    let explain = |what: &str| folder.mlspec(&["explain", what]).exits(0);
    explain("GPU-02")
        .prints("# GPU-02: ")
        .prints("## Why it breaks");
    explain("gpu-02").prints("# GPU-02: ");
    explain("KDL-07").prints("# KDL-07: ").prints("## Instead");
    explain("OUT-02").prints("# OUT-02: ");
    explain("model/scale")
        .prints("# `scale`\n")
        .prints("| `min=` |");
    let nodes = |what: &str| explain(what).stdout.matches("Stands in").count();
    assert_eq!(nodes("on"), 9, "the node, and one for each trigger");
    assert_eq!(nodes("on \"kafka\""), 1);
    assert_eq!(
        (nodes("label"), nodes("pool/label"), nodes("model/label")),
        (2, 1, 1)
    );
    explain("pool/label").prints("# `pool/label`\n");
    explain("on \"kafka\"").prints("# `on \"kafka\"`\n");
    explain("slo").prints("# `slo`\n").prints("```kdl\n");
    // By the argument that chooses the node; what bears the very name comes first.
    explain("kafka").prints("# `on \"kafka\"`\n");
    assert_eq!((nodes("on/kafka"), nodes("memory")), (1, 2));
    folder.mlspec(&["explain", "runtime/kafka"]).exits(1);
    assert!(explain("cluster").stdout.starts_with("# `cluster`\n"));
    // The kinds of a node stand wherever it does.
    for kind in ["container", "rolling", "recreate"] {
        explain(kind).prints("Stands in `defaults`, `variant`, `in`, `preset`, `model`.");
    }
}

/// No sentence of the program names a code that has no page.
#[test]
fn codes_that_are_named() {
    let folder = Folder::new();
    let list = folder.mlspec(&["explain"]).exits(0).stdout;
    let known: BTreeSet<&str> = list.split_whitespace().collect();
    let mut named = 0;
    let mut sources = BTreeMap::new();
    super::collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        "",
        &mut sources,
    );
    let is_test = |path: &str| path.ends_with("tests.rs") || path.ends_with("testing.rs");
    for (path, text) in &sources {
        if !path.ends_with(".rs") || is_test(path) {
            continue;
        }
        let text = String::from_utf8_lossy(text);
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let lines = text.lines().filter(|l| !l.trim_start().starts_with("//"));
        for code in lines
            .flat_map(|l| l.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')))
            .filter(|word| is_code(word))
        {
            // Of Gateway API's enhancements, and an encoding.
            if !matches!(&code[..3], "GEP" | "UTF") {
                named += 1;
                assert!(known.contains(code), "{path}: {code} has no page");
            }
        }
    }
    assert!(named > 200, "only {named} codes found");
}

/// `ABC-01`.
fn is_code(word: &str) -> bool {
    matches!(word.as_bytes(), [a, b, c, b'-', d, e]
        if [a, b, c].iter().all(|l| l.is_ascii_uppercase()) && d.is_ascii_digit() && e.is_ascii_digit())
}

/// Without an argument all are listed, and each that is listed is explained.
#[test]
fn all_that_is_listed() {
    let folder = Folder::new();
    let list = folder.mlspec(&["explain"]).exits(0).stdout;
    let names: Vec<&str> = list
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .map(|line| line.split("  ").next().unwrap().trim())
        .collect();
    assert!(names.len() > 150, "only {} names", names.len());
    // Every tenth, and the ends: starting the program two hundred times proves nothing more.
    for name in names.iter().step_by(10).chain([names.last().unwrap()]) {
        let name = name
            .split(' ')
            .next()
            .filter(|word| word.contains('-') && word.len() == 6)
            .unwrap_or(name);
        folder.mlspec(&["explain", name]).exits(0).prints("# ");
    }
}

/// What is not there is told with what may have been meant.
#[test]
fn unknown() {
    let folder = Folder::new();
    let explain = |what: &str| folder.mlspec(&["explain", what]).exits(1).prints_nothing();
    explain("GPU-2")
        .says("there is no code or node `GPU-2`")
        .says("did you mean `GPU-02`?");
    explain("scal").says("did you mean `scale`?");
    explain("xyzzy-plugh").says("`mlspec explain` lists all");
}

/// Scripts for the common shells, each naming every command.
#[test]
fn completions() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = folder.mlspec(&["completions", shell]).exits(0).stdout;
        for command in COMMANDS {
            assert!(script.contains(command), "{shell}: no {command}");
        }
    }
    folder
        .mlspec(&["completions", "cmd"])
        .exits(2)
        .prints_nothing();
}

/// The manual page names every command and the exit codes.
#[test]
fn man() {
    let page = Folder::new().mlspec(&["man"]).exits(0).stdout;
    assert!(page.contains(".TH mlspec 1"));
    for command in COMMANDS {
        assert!(
            page.contains(&format!("mlspec\\-{command}(1)")),
            "no {command} in {page}"
        );
    }
    assert!(page.contains("Exit codes: 0 fine"));
}

/// Every command has help, on stdout, and the list of commands is this one.
#[test]
fn help() {
    let folder = Folder::new();
    let help = folder.mlspec(&["--help"]).exits(0).stdout;
    let listed: Vec<&str> = help
        .split_once("Commands:\n")
        .unwrap()
        .1
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            line.strip_prefix("  ")
                .filter(|line| !line.starts_with(' '))
        })
        .map(|line| line.split_whitespace().next().unwrap())
        .filter(|command| *command != "help")
        .collect();
    for command in COMMANDS {
        assert!(listed.contains(&command), "no {command} in {listed:?}");
    }
    for command in listed {
        let run = folder
            .mlspec(&[command, "--help"])
            .exits(0)
            .prints(&format!("Usage: mlspec {command}"));
        assert_eq!(run.stderr, "");
    }
    folder.mlspec(&["--version"]).exits(0).prints("mlspec ");
    folder.mlspec(&[]).exits(2).says("Usage:").prints_nothing();
    folder
        .mlspec(&["complie"])
        .exits(2)
        .says("compile")
        .prints_nothing();
}
