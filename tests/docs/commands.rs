//! Commands that documents show exist.

use std::process::Command;

use super::{DOCUMENTS, blocks, read};

/// The words behind the program's name, of every line that starts it.
fn commands(document: &str) -> Vec<String> {
    let text = read(document);
    let shown = ["sh", "text"]
        .iter()
        .flat_map(|language| blocks(&text, language));
    let lines: Vec<String> = shown
        .flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let started = |line: &String| -> Option<String> {
        let line = line.trim().trim_start_matches("$ ").split(" #").next()?;
        ["mlspec ", "cargo run --release -- "]
            .iter()
            .find_map(|name| line.strip_prefix(name))
            .map(str::to_owned)
    };
    lines.iter().filter_map(started).collect()
}

/// Each command has help, and each flag that is shown is in it.
#[test]
fn commands_exist() {
    let mut count = 0;
    for document in DOCUMENTS {
        for command in commands(document) {
            let mut words = command.split_whitespace();
            let name = words.next().unwrap();
            let output = Command::new(env!("CARGO_BIN_EXE_mlspec"))
                .args([name, "--help"])
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{document}: there is no `mlspec {command}`"
            );
            let help = String::from_utf8(output.stdout).unwrap();
            for flag in words.filter(|word| word.starts_with("--")) {
                let flag = flag.split('=').next().unwrap();
                assert!(
                    help.contains(flag),
                    "{document}: `mlspec {name}` has no {flag}"
                );
            }
            count += 1;
        }
    }
    assert!(count >= 5, "only {count} commands");
}

/// The table of commands in the README is the program's.
#[test]
fn the_readme_lists_every_command() {
    let readme = read("README.md");
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let listed = help
        .split_once("Commands:\n")
        .unwrap()
        .1
        .lines()
        .take_while(|line| !line.is_empty());
    // A description of several lines goes on further to the right.
    let names = listed
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '));
    let names: Vec<&str> = names
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    assert!(names.contains(&"compile"), "{names:?}");
    for command in names.into_iter().filter(|name| *name != "help") {
        let row = readme
            .lines()
            .find(|line| line.starts_with("| `") && line.contains(&format!("`{command}`")));
        assert!(row.is_some(), "README.md has no row for `{command}`");
    }
}
