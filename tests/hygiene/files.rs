//! The files of the repository.

use std::path::Path;

/// Folders that hold no source of ours, wherever they lie.
const SKIPPED: [&str; 4] = ["target", ".cache", ".git", "proptest-regressions"];

/// A file: its path from the repository's root, with `/`, and its text.
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
}

/// All text files below a folder of the repository whose names end in one of `endings`, sorted by
/// path. A folder that does not exist yet has none.
pub(super) fn files(folder: &str, endings: &[&str]) -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join(folder), root, endings, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

#[expect(
    clippy::disallowed_methods,
    reason = "the tests read the repository itself"
)]
fn walk(folder: &Path, root: &Path, endings: &[&str], found: &mut Vec<File>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if SKIPPED.contains(&name) {
            continue;
        }
        if path.is_dir() {
            walk(&path, root, endings, found);
        } else if endings.iter().any(|ending| name.ends_with(ending))
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            let path = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            found.push(File { path, text });
        }
    }
}
