//! Manifests are typed structs, never text.

use super::files::{File, files};
use super::rust::{Piece, pieces};

/// Literals in a file that write YAML or JSON of an object.
fn manifests_in_text(file: &File) -> Vec<String> {
    // Tests of a writer name the text they expect.
    let code = file
        .text
        .split("#[cfg(test)]\nmod tests")
        .next()
        .unwrap_or_default();
    let literals = pieces(code).into_iter().filter_map(|piece| match piece {
        Piece::Literal(text) => Some(text),
        _ => None,
    });
    let wrong = |text: &&str| {
        text.starts_with("apiVersion:")
            || text.contains("apiVersion:")
            || text.contains("\"apiVersion")
    };
    literals
        .filter(wrong)
        .map(|text| format!("{}: \"{text}\"", file.path))
        .collect()
}

/// No emitter and no writer builds an object from text.
#[test]
fn no_yaml_by_format() {
    let found: Vec<String> = ["src/emit", "src/render", "src/yaml"]
        .iter()
        .flat_map(|folder| files(folder, &[".rs"]))
        .filter(|file| !file.path.contains("/tests"))
        .flat_map(|file| manifests_in_text(&file))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The law notices a manifest in a literal, and not the name of the field elsewhere.
#[test]
fn a_manifest_in_text_is_noticed() {
    let count = |text: &str| {
        manifests_in_text(&File {
            path: "src/emit/x.rs".into(),
            text: text.into(),
        })
        .len()
    };
    assert_eq!(count(r#"format!("apiVersion: v1\nkind: {kind}")"#), 1);
    assert_eq!(count(r##"json(r#"{"apiVersion":"v1"}"#)"##), 1);
    assert_eq!(count("// apiVersion: v1\nlet path = \"/apiVersion\";"), 0);
}
