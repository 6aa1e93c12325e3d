//! Tests of the pages of `LNG` codes; they stand here because they run specs up to the rules.

#![expect(clippy::disallowed_methods, reason = "tests read the sources")]

use std::collections::BTreeSet;
use std::path::Path;

use crate::spec::codes::CODES;

use super::testing::codes;

/// Codes that no short text of one model raises: files and includes are read from outside.
const OUTSIDE: [&str; 3] = ["LNG-10", "LNG-13", "LNG-23"];

fn block<'p>(page: &'p str, heading: &str) -> &'p str {
    let part = page.split_once(&format!("## {heading}\n\n```")).unwrap().1;
    part.split_once('\n')
        .unwrap()
        .1
        .split_once("```")
        .unwrap()
        .0
}

/// The example of every page raises exactly its code, and what stands under "Instead" nothing.
#[test]
fn examples() {
    let mut wrong = Vec::new();
    for page in CODES.iter().filter(|p| !OUTSIDE.contains(&p.code)) {
        let found: Vec<_> = codes(block(page.text, "Example")).into_iter().collect();
        let left: Vec<_> = codes(block(page.text, "Instead")).into_iter().collect();
        if found != [page.code] || !left.is_empty() {
            wrong.push((page.code, found, left));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Codes are sorted and unique; every code in the sources has a page, and every page a code.
#[test]
fn table() {
    assert!(CODES.is_sorted_by(|a, b| a.code < b.code));
    let mut used = BTreeSet::new();
    walk(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut used,
    );
    let pages: BTreeSet<_> = CODES.iter().map(|p| p.code.to_owned()).collect();
    assert_eq!(used, pages);
}

/// Codes that stand as texts in the sources below a folder, but for the table and this file.
fn walk(folder: &Path, used: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, used);
        } else if !path.ends_with("spec/codes.rs") && !path.ends_with("check/pages.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for (at, _) in text.match_indices("\"LNG-") {
                used.extend(
                    text[at + 1..]
                        .split_once('"')
                        .map(|(code, _)| code.to_owned()),
                );
            }
        }
    }
}
