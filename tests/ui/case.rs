//! Cases on disk: where they are, and the files of their workspace.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests read and bless files of the repository"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// A line that starts another file.
const SEPARATOR: &str = "//# ";

/// A file of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    /// Path from the workspace's root.
    pub(super) path: String,
    pub(super) text: String,
}

/// A case.
#[derive(Debug)]
pub(super) struct Case {
    /// Path without `.kdl`, from the folder of all cases: `gpu/GPU-02-unknown-profile`.
    pub(super) name: String,
    /// Its own files, in which annotations count.
    pub(super) own: Vec<Text>,
    /// The prelude's files that it uses.
    pub(super) prelude: Vec<Text>,
}

impl Case {
    /// Whether it must raise nothing.
    pub(super) fn must_pass(&self) -> bool {
        self.name.starts_with("pass/")
    }

    /// All files of the workspace.
    pub(super) fn files(&self, own: &[Text]) -> Vec<Text> {
        own.iter().chain(&self.prelude).cloned().collect()
    }
}

/// All cases below `root`, sorted by name, and the files that belong to none.
pub(super) fn cases(root: &Path) -> (Vec<Case>, Vec<PathBuf>) {
    let prelude = folder_texts(&root.join("_prelude"));
    let mut cases = Vec::new();
    let mut products = Vec::new();
    walk(root, root, &prelude, &mut cases, &mut products);
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    let owned = |product: &PathBuf| {
        let relative = below(root, product);
        let name = relative
            .strip_suffix(".stderr")
            .or(relative.strip_suffix(".fixed.kdl"));
        cases.iter().any(|case| Some(case.name.as_str()) == name)
    };
    products.retain(|product| !owned(product));
    (cases, products)
}

fn walk(
    folder: &Path,
    root: &Path,
    prelude: &[Text],
    cases: &mut Vec<Case>,
    products: &mut Vec<PathBuf>,
) {
    for path in listed(folder) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let own = if name == "_prelude" {
            continue;
        } else if path.is_dir() && path.join("mlspec.kdl").exists() {
            folder_texts(&path)
        } else if path.is_dir() {
            walk(&path, root, prelude, cases, products);
            continue;
        } else if name.ends_with(".stderr") || name.ends_with(".fixed.kdl") {
            products.push(path);
            continue;
        } else if name.ends_with(".kdl") {
            split(
                &fs::read_to_string(&path).unwrap(),
                &format!("models/{name}"),
            )
        } else {
            continue;
        };
        let relative = below(root, &path);
        let name = relative
            .strip_suffix(".kdl")
            .unwrap_or(&relative)
            .to_owned();
        let is_own = |path: &str| own.iter().any(|text| text.path == path);
        let wanted = |text: &&Text| !is_own("mlspec.kdl") && !is_own(&text.path);
        let prelude = prelude.iter().filter(wanted).cloned().collect();
        cases.push(Case { name, own, prelude });
    }
}

/// A path from a folder above it, with `/`.
fn below(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap().to_str().unwrap();
    relative.replace('\\', "/")
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Every `.kdl` file below a folder, by its path from there.
fn folder_texts(folder: &Path) -> Vec<Text> {
    fn collect(at: &Path, root: &Path, texts: &mut Vec<Text>) {
        for path in listed(at) {
            if path.is_dir() {
                collect(&path, root, texts);
            } else if path.extension().is_some_and(|ending| ending == "kdl") {
                let relative = below(root, &path);
                texts.push(Text {
                    path: relative,
                    text: fs::read_to_string(&path).unwrap(),
                });
            }
        }
    }
    let mut texts = Vec::new();
    collect(folder, folder, &mut texts);
    texts
}

/// Splits a case's file at its separators.
pub(super) fn split(text: &str, default_path: &str) -> Vec<Text> {
    let mut texts = vec![Text {
        path: default_path.to_owned(),
        text: String::new(),
    }];
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix(SEPARATOR) {
            texts.push(Text {
                path: path.trim().to_owned(),
                text: String::new(),
            });
        } else if let Some(last) = texts.last_mut() {
            last.text.push_str(line);
        }
    }
    // A case that begins with a separator has nothing before it but perhaps a comment on the case.
    let comment = |line: &str| line.trim().is_empty() || line.trim_start().starts_with("// ");
    if texts.len() > 1 && texts[0].text.lines().all(comment) {
        texts.remove(0);
    }
    texts
}

/// The opposite of [`split`]: what a `.fixed.kdl` holds.
pub(super) fn join(texts: &[Text], default_path: &str) -> String {
    let mut out = String::new();
    for text in texts {
        if text.path != default_path {
            out.push_str(&format!("{SEPARATOR}{}\n", text.path));
        }
        out.push_str(&text.text);
    }
    out
}

/// A file beside the case; `None` where there is none.
pub(super) fn product(root: &Path, case: &Case, ending: &str) -> Option<String> {
    fs::read_to_string(root.join(format!("{}{ending}", case.name))).ok()
}

/// Writes or deletes a file beside the case.
pub(super) fn bless(root: &Path, case: &Case, ending: &str, text: Option<&str>) {
    let path = root.join(format!("{}{ending}", case.name));
    match text {
        Some(text) => fs::write(path, text).unwrap(),
        None if path.exists() => fs::remove_file(path).unwrap(),
        None => {}
    }
}

/// Deletes a file.
pub(super) fn delete(path: &Path) {
    fs::remove_file(path).unwrap();
}
