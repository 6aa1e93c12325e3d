//! When the disk does not play along: exit code 2, a clear word, and nothing lost.
#![expect(clippy::disallowed_methods, reason = "puts obstacles on the disk")]

use std::fs;
use std::process::Command;

use super::{Folder, Run};

/// No workspace, a file of it that is no text, and one that cannot be a file.
#[test]
fn nothing_to_read() {
    let folder = Folder::new();
    for command in ["compile", "check"] {
        folder
            .mlspec(&[command, "nowhere"])
            .exits(2)
            .says("cannot read `mlspec.kdl`")
            .says("mlspec init")
            .prints_nothing();
    }
    folder.mlspec(&["init", "ws"]).exits(0);
    folder
        .mlspec(&["check", "ws/models/hello.kdl"])
        .exits(2)
        .says("that is a file: name the folder that `mlspec.kdl` lies in")
        .prints_nothing();
}

/// A file that is no text, and a link to nothing, are mistakes of the spec, in every form at the
/// file.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read() {
    let folder = Folder::new();
    folder.mlspec(&["init", "ws"]).exits(0);
    fs::write(folder.path("ws/models/bytes.kdl"), [0xff, 0xfe, 0x00]).unwrap();
    std::os::unix::fs::symlink("nothing", folder.path("ws/models/link.kdl")).unwrap();
    folder
        .mlspec(&["compile", "ws"])
        .exits(1)
        .says("cannot read `models/bytes.kdl`")
        .says("cannot read `models/link.kdl`")
        .says("ws/models/link.kdl:1:1")
        .prints_nothing();
    let run = folder.mlspec(&["check", "ws", "--format", "json"]).exits(1);
    run.prints("\"ws/models/bytes.kdl\"");
    let run = folder
        .mlspec(&["check", "ws", "--format", "sarif"])
        .exits(1);
    run.prints("models/link.kdl");
}

/// A file where a folder has to be: for the output folder itself, and below it.
#[test]
fn a_file_for_a_folder() {
    let folder = Folder::initialized();
    folder.write("ws/deploy", "mine");
    folder
        .mlspec(&["compile", "ws"])
        .exits(2)
        .says("`ws/deploy` should be a folder, but a file stands there")
        .prints_nothing();
    assert_eq!(folder.read("ws/deploy"), "mine");
    fs::remove_file(folder.path("ws/deploy")).unwrap();
    folder.write("ws/deploy/dev", "mine");
    folder
        .mlspec(&["compile", "ws"])
        .exits(2)
        .says("`ws/deploy/dev` should be a folder, but a file stands there")
        .says("and 4 more\n")
        .prints_nothing();
    let left: Vec<String> = folder.tree("ws/deploy").into_keys().collect();
    assert_eq!(left, ["dev"]);
}

/// A folder where a file has to be.
#[test]
fn a_folder_for_a_file() {
    let folder = Folder::initialized();
    let path = "ws/deploy/dev/dev/hello/service-hello.yaml";
    folder.write(&format!("{path}/inside"), "mine");
    folder
        .mlspec(&["compile", "ws"])
        .exits(2)
        .says(&format!(
            "`{path}` should be a file, but a folder stands there"
        ))
        .prints_nothing();
    assert_eq!(folder.tree("ws/deploy").len(), 1);
}

/// A symbolic link that leads out of the output folder is never written through.
#[cfg(unix)]
#[test]
fn a_link_that_leads_out() {
    let folder = Folder::initialized();
    fs::create_dir_all(folder.path("outside")).unwrap();
    fs::create_dir_all(folder.path("ws/deploy")).unwrap();
    std::os::unix::fs::symlink(folder.path("outside"), folder.path("ws/deploy/dev")).unwrap();
    folder
        .mlspec(&["compile", "ws"])
        .exits(2)
        .says("`ws/deploy/dev` should be a folder, but a symbolic link stands there")
        .prints_nothing();
    assert_eq!(folder.tree("outside").len(), 0);

    fs::remove_file(folder.path("ws/deploy/dev")).unwrap();
    folder.write("outside/file", "mine");
    let file = folder.path("ws/deploy/dev/dev/hello/service-hello.yaml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(folder.path("outside/file"), &file).unwrap();
    folder
        .mlspec(&["compile", "--adopt", "--overwrite", "ws"])
        .exits(2)
        .says("a symbolic link stands there");
    assert_eq!(folder.read("outside/file"), "mine");
}

/// A write that stops in the middle, as on a full disk: the kernel takes no file above a size. The
/// tree says that it is unfinished, `--check` refuses it, and the next compile completes it.
#[cfg(unix)]
#[test]
fn the_disk_takes_no_more() {
    let folder = Folder::initialized();
    let limited = |blocks: u32| -> Run {
        // SIGXFSZ would end the program before it can tell; ignored, the write fails instead.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" compile ws");
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &script, env!("CARGO_BIN_EXE_mlspec")])
            .current_dir(folder.path(""));
        shell.output().unwrap().into()
    };
    // The ledger (below 1024 bytes) fits, the Deployment does not. A block is 512 or 1024 bytes.
    limited(2)
        .exits(2)
        .says("OUT-12")
        .says("cannot write")
        .says("compile again")
        .prints_nothing();
    folder
        .mlspec(&["compile", "--check", "ws"])
        .exits(1)
        .says("OUT-03");
    folder.mlspec(&["compile", "ws"]).exits(0);
    folder.mlspec(&["compile", "--check", "ws"]).exits(0);

    let whole = Folder::initialized();
    whole.mlspec(&["compile", "ws"]).exits(0);
    assert!(whole.tree("ws") == folder.tree("ws"));
}

/// A folder that may not be written to. The administrator may write anywhere, so for that user
/// the folder is made immutable, where the file system can.
#[cfg(unix)]
#[test]
fn a_read_only_folder() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::initialized();
    folder.mlspec(&["compile", "ws"]).exits(0);
    let before = folder.tree("ws/deploy");
    folder.edit("ws/models/hello.kdl", "500m", "750m");
    let output = folder.path("ws/deploy");
    let immutable = |flag: &str| Command::new("chattr").arg(flag).arg(&output).output();
    fs::set_permissions(&output, fs::Permissions::from_mode(0o555)).unwrap();
    let is_open = fs::write(output.join("probe"), "").is_ok();
    if is_open {
        fs::remove_file(output.join("probe")).unwrap();
        _ = immutable("+i");
        if fs::write(output.join("probe"), "").is_ok() {
            eprintln!(
                "not tested: this user may write to any folder, and none can be made immutable"
            );
            return;
        }
    }
    let run = folder.mlspec(&["compile", "ws"]);
    if is_open {
        _ = immutable("-i");
    }
    fs::set_permissions(&output, fs::Permissions::from_mode(0o755)).unwrap();
    run.exits(2)
        .says("OUT-12")
        .says("ws/deploy")
        .prints_nothing();
    assert!(before == folder.tree("ws/deploy"));
    folder.mlspec(&["compile", "ws"]).exits(0);
}

/// Two at once: the second is told, and waits for nobody.
#[cfg(unix)]
#[test]
fn in_use() {
    let folder = Folder::initialized();
    folder.mlspec(&["compile", "ws"]).exits(0);
    let held = fs::File::open(folder.path("ws/deploy")).unwrap();
    held.lock().unwrap();
    folder.edit("ws/models/hello.kdl", "500m", "750m");
    folder
        .mlspec(&["compile", "ws"])
        .exits(2)
        .says("another mlspec is writing to `ws/deploy`");
    drop(held);
    folder.mlspec(&["compile", "ws"]).exits(0);
}

/// A reader that closes the pipe early is no failure.
#[cfg(unix)]
#[test]
fn a_closed_pipe() {
    let folder = Folder::new();
    let script = "(\"$0\" schema; echo \"$?\" >&2) | head -c 1";
    let run: Run = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_mlspec")])
        .current_dir(folder.path(""))
        .output()
        .unwrap()
        .into();
    let run = run.exits(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("{", "0\n"));
}

/// A result that cannot be written is a failure, whatever the command.
#[cfg(target_os = "linux")]
#[test]
fn a_lost_result() {
    let folder = Folder::new();
    folder.mlspec(&["init", "ws"]).exits(0);
    for command in [
        "schema",
        "explain GPU-02",
        "explain --format json",
        "check ws --format json",
        "check ws --format sarif",
        "completions bash",
    ] {
        let run: Run = Command::new("sh")
            .args([
                "-c",
                &format!("\"$0\" {command} > /dev/full"),
                env!("CARGO_BIN_EXE_mlspec"),
            ])
            .current_dir(folder.path(""))
            .output()
            .unwrap()
            .into();
        run.exits(2).says("cannot write to stdout");
    }
}

/// A build without what speaks with clusters says so, and how to get the other one.
#[test]
#[cfg(not(feature = "cluster"))]
fn no_clusters_in_this_build() {
    let folder = Folder::initialized();
    folder
        .mlspec(&["compile", "ws", "--server-dry-run"])
        .exits(2)
        .says("was built without what speaks with clusters")
        .says("--features cluster")
        .prints_nothing();
    assert!(!folder.path("ws/deploy").exists());
    folder
        .mlspec(&[
            "compile",
            "ws",
            "--server-dry-run",
            "--context",
            "dve=kind-kind",
        ])
        .exits(2)
        .says("there is no cluster \"dve\"")
        .says("did you mean \"dev\"?");
    // Machine forms are one document, whatever stands between mlspec and the server.
    for (context, message) in [
        ("dve=kind-kind", "`--context`: there is no cluster \"dve\""),
        (
            "dev=kind-kind",
            "this mlspec was built without what speaks with clusters",
        ),
    ] {
        let args = [
            "--format",
            "json",
            "compile",
            "ws",
            "--server-dry-run",
            "--context",
            context,
        ];
        let run = folder.mlspec(&args).exits(2);
        assert_eq!(run.stderr, "");
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(report["errors"], 1, "{report}");
        let finding = &report["diagnostics"][0];
        assert_eq!(finding["code"], "API-02");
        assert_eq!(finding["message"], message);
    }
}

/// A file that is no text is refused at the first byte that is none, by each command, and that is
/// the spec's fault.
#[test]
fn not_utf8() {
    let folder = Folder::initialized();
    let bytes = b"model \"x\" {\n  // \xc3\xa9t\xe9\n}\n";
    std::fs::write(folder.path("ws/models/x.kdl"), bytes).unwrap();
    for command in ["check", "compile", "fmt"] {
        folder
            .mlspec(&[command, "ws", "--format", "concise"])
            .exits(1)
            .says("ws/models/x.kdl:2:8: error[LNG-23]: cannot read")
            .says("byte 0xe9 is not UTF-8; help: save the file as UTF-8");
    }
    std::fs::write(folder.path("ws/mlspec.kdl"), b"\xff\xfew\0").unwrap();
    for command in ["check", "fmt"] {
        folder
            .mlspec(&[command, "ws", "--format", "concise"])
            .exits(1)
            .says("ws/mlspec.kdl:1:1: error[LNG-23]")
            .says("begins as UTF-16 does");
    }
}

/// `--context` says what is known and what is meant.
#[test]
fn unknown_context() {
    let folder = Folder::new();
    folder.two_environments();
    folder.edit(
        "ws/mlspec.kdl",
        "env \"staging\" namespace=\"ml-staging\" { cluster \"c\" }",
        "env \"staging\" namespace=\"ml-staging\" { cluster \"d\" }",
    );
    let text = folder.read("ws/mlspec.kdl");
    let (_, cluster) = text.split_once("cluster \"c\" {\n").unwrap();
    folder.write("ws/models/d.kdl", &format!("cluster \"d\" {{\n{cluster}"));
    for (context, message, note) in [
        (
            "gke-eu=x",
            "there is no cluster \"gke-eu\"",
            "environment \"prod\" runs on \"c\"",
        ),
        (
            "d=x",
            "environment \"prod\" does not run on cluster \"d\"",
            "environment \"prod\" runs on \"c\"",
        ),
    ] {
        folder
            .mlspec(&[
                "compile",
                "ws",
                "--server-dry-run",
                "--env",
                "prod",
                "--context",
                context,
            ])
            .exits(2)
            .says(message)
            .says(note)
            .says("--context");
    }
}
