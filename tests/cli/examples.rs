//! The examples as they are committed.
#![expect(clippy::disallowed_methods, reason = "copies the examples")]

use std::fs;
use std::path::Path;

use super::{Folder, collect};

/// Every example is what a compile of it writes, its ledger among it.
#[test]
fn are_up_to_date() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let folder = Folder::new();
    let mut found = std::collections::BTreeMap::new();
    collect(&examples, "", &mut found);
    for (path, bytes) in found {
        let to = folder.path(&path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, bytes).unwrap();
    }
    let mut count = 0;
    for example in fs::read_dir(&examples).unwrap() {
        let name = example.unwrap().file_name();
        folder
            .mlspec(&["compile", "--check", name.to_str().unwrap()])
            .exits(0);
        count += 1;
    }
    assert!(count >= 5, "{count}");
    folder.edit("minimal/deploy/mlspec.ledger", "service", "servise");
    folder.mlspec(&["compile", "--check", "minimal"]).exits(1);
}
