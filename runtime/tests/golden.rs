//! What the compiler writes, the server reads: every ConfigMap of the examples and golden trees, with the server's own parser.

use std::path::{Path, PathBuf};

use mlspec_contract::paths::CONFIG_KEY;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            found.push(path);
        }
    }
}

#[test]
fn every_configuration_that_the_compiler_writes_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for folder in ["examples", "tests/golden"] {
        files(&root.join(folder), &mut found);
    }
    let mut read = 0;
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        if !text.contains("kind: ConfigMap") || !text.contains(CONFIG_KEY) {
            continue;
        }
        let object: serde_norway::Value = serde_norway::from_str(&text).unwrap();
        let Some(config) = object["data"][CONFIG_KEY].as_str() else {
            continue;
        };
        if let Err(problems) = mlspec_runtime::config::parse(config) {
            panic!("{}: {problems:?}", path.display());
        }
        read += 1;
    }
    assert!(read >= 5, "only {read} configurations were found");
}
