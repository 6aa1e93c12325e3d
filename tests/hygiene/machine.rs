//! Nothing of the machine that a file was written on.

use super::files::{File, files};

/// Folders of people's machines, in two halves so that this file does not name them.
const FOLDERS: [(&str, &str); 4] = [
    ("/wo", "rk/"),
    ("/Use", "rs/"),
    ("/root/.", "cargo"),
    ("/tmp/ba", "sh_jobs"),
];

fn machine_paths(file: &File) -> Vec<String> {
    let lines = file.text.lines().enumerate();
    let named = |line: &str| {
        FOLDERS
            .iter()
            .any(|(a, b)| line.contains(&[*a, *b].concat()))
    };
    lines
        .filter(|(_, line)| named(line))
        .map(|(i, line)| format!("{}:{}: {}", file.path, i + 1, line.trim()))
        .collect()
}

/// No source, document, example or script holds a path of the author's machine.
#[test]
fn no_machine_paths() {
    let endings = [
        ".rs",
        ".md",
        ".toml",
        ".kdl",
        ".yaml",
        ".json",
        ".sh",
        ".stderr",
        "run",
        "Containerfile",
    ];
    let files = files("", &endings);
    assert!(files.iter().any(|file| file.path == "Cargo.toml"));
    let found: Vec<String> = files.iter().flat_map(machine_paths).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The law notices one.
#[test]
fn a_machine_path_is_noticed() {
    let text = format!("cd {}mlspec", FOLDERS[0].0.to_owned() + FOLDERS[0].1);
    assert_eq!(
        machine_paths(&File {
            path: "a.md".into(),
            text
        })
        .len(),
        1
    );
}
