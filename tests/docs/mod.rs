//! What documents show is true: every snippet is read, every example raises what it says, every
//! command exists.
#![expect(
    clippy::disallowed_methods,
    reason = "reads the documents, and starts the program"
)]

mod commands;
mod generated;
mod json;
mod nodes;
mod pages;
mod readme;
mod snippets;

use std::path::Path;

/// The documents of the repository that show code.
const DOCUMENTS: [&str; 4] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "schema/reference.md",
];

/// A file of the repository.
fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The text of every block of a language in a Markdown document.
fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let open = format!("```{language}");
    let mut blocks = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if line.trim_end() == open {
            let block: Vec<&str> = lines
                .by_ref()
                .take_while(|line| line.trim_end() != "```")
                .collect();
            blocks.push(block.join("\n") + "\n");
        }
    }
    blocks
}

/// The part of a page under a heading.
fn section<'p>(page: &'p str, heading: &str) -> Option<&'p str> {
    let start = page.find(&format!("## {heading}\n"))?;
    let rest = &page[start + heading.len() + 4..];
    Some(rest.split("\n## ").next().unwrap_or(rest))
}

#[test]
fn finds_blocks_and_sections() {
    let page = "# A\n```kdl\na\nb\n```\n## X\n\nx\n```sh\nc\n```\n## Y\ny\n```kdl\nd\n```\n";
    assert_eq!(blocks(page, "kdl"), ["a\nb\n", "d\n"]);
    assert_eq!(section(page, "X"), Some("\nx\n```sh\nc\n```"));
    assert_eq!(section(page, "Y"), Some("y\n```kdl\nd\n```\n"));
    assert_eq!(section(page, "Z"), None);
}
