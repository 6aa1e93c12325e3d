//! What the README shows is what the program answers, and what is committed.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{blocks, read};

const EXAMPLE: &str = "examples/seed-article";

/// The repository's example in a folder of its own, at the same path.
fn copied() -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let from = entry.unwrap().path();
            let to = to.join(from.file_name().unwrap());
            if from.is_dir() {
                copy(&from, &to);
            } else {
                std::fs::copy(&from, &to).unwrap();
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    copy(&root.join(EXAMPLE), &folder.path().join(EXAMPLE));
    folder
}

/// What the program writes to stdout and to stderr.
fn answer(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("COLUMNS")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

/// The text blocks of the README, in order: what the first command answers, `why`, and the message.
fn shown() -> [String; 3] {
    let all = blocks(&read("README.md"), "text");
    all.try_into().unwrap()
}

/// The spec is the example's, but for its comments.
#[test]
fn the_spec() {
    let shown = blocks(&read("README.md"), "kdl").remove(0);
    let example = read(&format!("{EXAMPLE}/models/bert.kdl"));
    let without_comments = |text: &str| -> Vec<String> {
        let lines = text
            .lines()
            .map(|line| line.split(" // ").next().unwrap().trim_end());
        let kept = lines.filter(|line| !line.trim_start().starts_with("//"));
        kept.map(str::to_owned).collect()
    };
    assert_eq!(without_comments(&shown), without_comments(&example));
}

/// The piece of a manifest stands in the one it is said to be of.
#[test]
fn the_manifest() {
    let shown = blocks(&read("README.md"), "yaml").remove(0);
    let name = "bert-sentiment-analyzer";
    let path = format!("{EXAMPLE}/deploy/mig/a100-mig/{name}/deployment-{name}.yaml");
    assert!(
        read(&path).contains(&shown),
        "{path} does not hold:\n{shown}"
    );
}

#[test]
fn the_first_command() {
    let folder = copied();
    let (_, told) = answer(folder.path(), &["compile", EXAMPLE]);
    assert!(told.ends_with(&shown()[0]), "{told}");
}

#[test]
fn why() {
    let folder = copied();
    let [_, shown, _] = shown();
    let (command, expected) = shown.split_once('\n').unwrap();
    let arguments: Vec<&str> = command
        .strip_prefix("$ mlspec ")
        .unwrap()
        .split(' ')
        .collect();
    assert_eq!(answer(folder.path(), &arguments).0, expected);
}

/// The message about the spec, broken as the README says.
#[test]
fn the_message() {
    let folder = copied();
    let spec = folder.path().join(EXAMPLE).join("models/bert.kdl");
    let text = std::fs::read_to_string(&spec).unwrap();
    assert!(text.contains("max=50"));
    std::fs::write(&spec, text.replace("max=50", "max=60")).unwrap();
    let (_, told) = answer(folder.path(), &["check", EXAMPLE]);
    assert!(told.contains(&shown()[2]), "{told}");
}
