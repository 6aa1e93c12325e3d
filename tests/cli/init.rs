//! `init`.

use super::Folder;

/// What `init` makes compiles, without a warning.
#[test]
fn makes_a_workspace_that_compiles() {
    let folder = Folder::new();
    let run = folder
        .mlspec(&["init", "a/b"])
        .exits(0)
        .says("next: mlspec compile a/b");
    assert_eq!(
        run.stdout,
        "a/b/mlspec.kdl\na/b/clusters/dev.kdl\na/b/models/hello.kdl\n"
    );
    let run = folder.mlspec(&["check", "a/b"]).exits(0).prints_nothing();
    assert_eq!(run.stderr, "checked: 5 files would be written, all valid\n");
    folder
        .mlspec(&["compile", "a/b"])
        .exits(0)
        .says("created 5, changed 0, deleted 0");
}

/// The next command can be copied as it stands, whatever the folder is called.
#[test]
fn quotes_the_folder() {
    for (name, shown) in [
        ("my ml", "'my ml'"),
        ("it's", r"'it'\''s'"),
        ("a$b", "'a$b'"),
        ("a-b_c.d", "a-b_c.d"),
    ] {
        let folder = Folder::new();
        let run = folder.mlspec(&["init", name]).exits(0);
        assert_eq!(run.stderr, format!("next: mlspec compile {shown}\n"));
    }
}

/// Without an argument the current folder becomes the workspace.
#[test]
fn here() {
    let folder = Folder::new();
    folder.mlspec(&["init"]).exits(0).prints("mlspec.kdl\n");
    folder
        .mlspec(&["compile"])
        .exits(0)
        .prints("+ deploy/dev/dev/hello/service-hello.yaml\n");
}

/// What is there already stays as it is.
#[test]
fn writes_over_nothing() {
    let folder = Folder::new();
    folder.write("ws/models/hello.kdl", "mine");
    folder
        .mlspec(&["init", "ws"])
        .exits(1)
        .says("models/hello.kdl is there already")
        .prints_nothing();
    folder.write("ws/mlspec.kdl", "mine");
    folder
        .mlspec(&["init", "ws"])
        .exits(1)
        .says("mlspec.kdl, models/hello.kdl are there already; nothing was written");
    assert_eq!(folder.tree("ws").len(), 2);
    assert_eq!(folder.read("ws/models/hello.kdl"), "mine");
}

/// A file where a folder should be is the surroundings' fault.
#[test]
fn a_file_in_the_way() {
    let folder = Folder::new();
    folder.write("ws", "mine");
    folder
        .mlspec(&["init", "ws"])
        .exits(2)
        .says("cannot write `ws/mlspec.kdl`")
        .prints_nothing();
    assert_eq!(folder.read("ws"), "mine");
}
