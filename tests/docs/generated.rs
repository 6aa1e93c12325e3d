//! Generated files of `schema/` are what the node table says today. `MLSPEC_BLESS=1` rewrites them.

use std::path::Path;

use mlspec::spec::{json_schema, reference};

fn compare(path: &str, fresh: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("MLSPEC_BLESS").is_some() {
        std::fs::write(&file, fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == fresh,
        "{path} is out of date: MLSPEC_BLESS=1 cargo test --test tests docs"
    );
}

#[test]
fn reference_manual() {
    compare("schema/reference.md", &reference::manual());
}

#[test]
fn json_schema() {
    compare(
        "schema/mlspec.schema.json",
        &format!("{:#}\n", json_schema::schema()),
    );
}
