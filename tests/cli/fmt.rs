//! `fmt`.

use super::Folder;

const UGLY: &str = "// The model.\nmodel   \"hello\" {\n  version \"1.0\" // now\n\n\n  artifact \"s3://models/hello/1.0/\"  size=\"8Ki\"\n  /-gpu count=1\n  resources   cpu=\"500m\"; timeout \"1s\"\n}\n";

/// What `init` writes is formatted; an unformatted file is named by `--check`, which changes nothing.
#[test]
fn formats_a_workspace() {
    let folder = Folder::initialized();
    folder
        .mlspec(&["fmt", "--check", "ws"])
        .exits(0)
        .prints_nothing();
    folder.write("ws/models/hello.kdl", UGLY);
    let run = folder.mlspec(&["fmt", "--check", "ws"]).exits(1);
    assert_eq!(run.stdout, "ws/models/hello.kdl\n");
    assert_eq!(run.stderr, "1 file is not formatted: run `mlspec fmt`\n");
    assert_eq!(folder.read("ws/models/hello.kdl"), UGLY);
    folder.mlspec(&["compile", "ws"]).exits(0);
    let run = folder.mlspec(&["fmt", "ws"]).exits(0);
    assert_eq!(run.stdout, "ws/models/hello.kdl\n");
    let text = folder.read("ws/models/hello.kdl");
    for kept in [
        "// The model.\n",
        " // now\n",
        "\n\n    artifact",
        "/-gpu count=1\n",
    ] {
        assert!(text.contains(kept), "no {kept:?} in:\n{text}");
    }
    folder.mlspec(&["fmt", "ws"]).exits(0).prints_nothing();
    // It means the same.
    folder.mlspec(&["compile", "--check", "ws"]).exits(0);
}

/// Files may be named one by one, from inside too.
#[test]
fn formats_files() {
    let folder = Folder::initialized();
    folder.write("ws/models/hello.kdl", UGLY);
    folder.write("ws/models/other.kdl", UGLY);
    let run = folder.mlspec(&["fmt", "ws/models/hello.kdl"]).exits(0);
    assert_eq!(run.stdout, "ws/models/hello.kdl\n");
    assert_eq!(folder.read("ws/models/other.kdl"), UGLY);
    let inside = super::program(&folder.path("ws/models"))
        .args(["fmt", "other.kdl"])
        .output()
        .unwrap();
    assert_eq!(super::Run::from(inside).exits(0).stdout, "other.kdl\n");
}

/// What is not there is named as it was given.
#[test]
fn nothing_to_format() {
    let folder = Folder::initialized();
    for (path, shown) in [
        ("nowhere.kdl", "nowhere.kdl"),
        ("ws/models", "ws/models/mlspec.kdl"),
    ] {
        folder
            .mlspec(&["fmt", path])
            .exits(2)
            .says(&format!("cannot read `{shown}`"))
            .says("files of one");
    }
}

/// A file that cannot be read as KDL stays as it is; the others are formatted all the same.
#[test]
fn a_broken_file_stays() {
    let folder = Folder::initialized();
    folder.write("ws/models/broken.kdl", "model  \"m\" {\n");
    folder.write("ws/models/hello.kdl", UGLY);
    folder
        .mlspec(&["fmt", "ws"])
        .exits(1)
        .says("ws/models/broken.kdl:1")
        .prints("ws/models/hello.kdl\n");
    assert_eq!(folder.read("ws/models/broken.kdl"), "model  \"m\" {\n");
    folder
        .mlspec(&["fmt", "--check", "ws"])
        .exits(1)
        .prints_nothing();
    folder
        .mlspec(&["fmt", "nowhere"])
        .exits(2)
        .says("cannot read")
        .prints_nothing();
    folder
        .mlspec(&["fmt", "ws/models/none.kdl"])
        .exits(2)
        .says("none.kdl")
        .prints_nothing();
}

/// Forms for programs are one document, however many files are broken.
#[test]
fn one_document() {
    let folder = Folder::initialized();
    folder.write("ws/models/broken.kdl", "model  \"m\" {\n");
    folder.write("ws/models/broken-too.kdl", "model  \"n\" {\n");
    folder.write("ws/models/hello.kdl", UGLY);
    let run = folder.mlspec(&["fmt", "ws", "--format", "json"]).exits(1);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let files: Vec<_> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["file"].clone())
        .collect();
    assert_eq!(files, ["ws/models/broken-too.kdl", "ws/models/broken.kdl"]);
}
