//! The workspace as the compiler reads it, on disk and in memory.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "looks at the disk beside the code under test"
)]

use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;

use mlspec::compile::{Options, compile, files};
use mlspec::render::Count;
use mlspec::system::{Date, DirEntry, MemorySystem, OsSystem, System};

fn entry(name: &str, is_dir: bool) -> DirEntry {
    DirEntry {
        name: name.to_owned(),
        is_dir,
    }
}

/// A workspace with every kind of entry, and a secret beside it.
fn workspace() -> tempfile::TempDir {
    let temporary = tempfile::Builder::new().prefix("mlspec").tempdir().unwrap();
    let root = temporary.path().join("workspace");
    fs::create_dir_all(root.join("models/nlp")).unwrap();
    fs::write(temporary.path().join("secret"), "secret").unwrap();
    fs::write(root.join("mlspec.kdl"), "workspace").unwrap();
    fs::write(root.join("models/nlp/bert.kdl"), "bert").unwrap();
    fs::write(root.join("latin1.kdl"), b"\xe9").unwrap();
    symlink("models/nlp/bert.kdl", root.join("inside.kdl")).unwrap();
    symlink("models/nlp", root.join("linked")).unwrap();
    symlink("..", root.join("models/up")).unwrap();
    symlink("../secret", root.join("outside.kdl")).unwrap();
    symlink("gone", root.join("dangling.kdl")).unwrap();
    temporary
}

fn open(temporary: &tempfile::TempDir) -> OsSystem {
    OsSystem::new(&temporary.path().join("workspace"))
}

/// Links are followed inside; what leads out is refused.
#[test]
fn reading() {
    let temporary = workspace();
    let system = open(&temporary);
    for path in [
        "models/nlp/bert.kdl",
        "inside.kdl",
        "linked/bert.kdl",
        "models/up/inside.kdl",
    ] {
        assert_eq!(system.read(path).unwrap(), "bert", "{path}");
    }
    for (path, kind) in [
        ("outside.kdl", ErrorKind::PermissionDenied),
        ("models/up/outside.kdl", ErrorKind::PermissionDenied),
        ("../secret", ErrorKind::InvalidInput),
        ("models/../../secret", ErrorKind::InvalidInput),
        ("/etc/hostname", ErrorKind::InvalidInput),
        ("dangling.kdl", ErrorKind::NotFound),
        ("models", ErrorKind::IsADirectory),
        ("latin1.kdl", ErrorKind::InvalidData),
    ] {
        assert_eq!(system.read(path).unwrap_err().kind(), kind, "{path}");
    }
}

/// A pipe is refused, since reading it would wait for ever.
#[test]
fn pipe() {
    let temporary = workspace();
    let pipe = temporary.path().join("workspace/pipe.kdl");
    let made = std::process::Command::new("mkfifo").arg(pipe).status();
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(
            open(&temporary).read("pipe.kdl").unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
    }
}

/// Sorted; a link is never a folder, so that `**` ends; a name that is not UTF-8 cannot be read.
#[test]
fn listing() {
    let temporary = workspace();
    let odd = std::ffi::OsStr::from_bytes(b"odd\xff.kdl");
    fs::write(temporary.path().join("workspace").join(odd), "x").unwrap();
    let system = open(&temporary);
    assert_eq!(
        system.list("").unwrap(),
        [
            entry("dangling.kdl", false),
            entry("inside.kdl", false),
            entry("latin1.kdl", false),
            entry("linked", false),
            entry("mlspec.kdl", false),
            entry("models", true),
            entry("odd\u{fffd}.kdl", false),
            entry("outside.kdl", false),
        ]
    );
    assert_eq!(
        system.read("odd\u{fffd}.kdl").unwrap_err().kind(),
        ErrorKind::NotFound
    );
    assert_eq!(
        system.list("models").unwrap(),
        [entry("nlp", true), entry("up", false)]
    );
    assert_eq!(system.list("linked").unwrap(), [entry("bert.kdl", false)]);
    assert_eq!(
        system.list("..").unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert_eq!(system.list("none").unwrap_err().kind(), ErrorKind::NotFound);
}

/// A workspace that is not there fails when it is used.
#[test]
fn no_workspace() {
    let system = OsSystem::new(std::path::Path::new("/nowhere/at/all"));
    assert_eq!(
        system.read("mlspec.kdl").unwrap_err().kind(),
        ErrorKind::NotFound
    );
    assert!(system.today().year >= 2026);
}

/// The one in memory answers alike.
#[test]
fn in_memory() {
    let today = Date {
        year: 2026,
        month: 3,
        day: 1,
    };
    let system = MemorySystem::default()
        .file("mlspec.kdl", "workspace")
        .file("models/nlp/bert.kdl", "bert")
        .file("models/a.kdl", "a")
        .file("models-old/b.kdl", "b")
        .unreadable("models/denied.kdl", ErrorKind::PermissionDenied)
        .on(today);
    assert_eq!(system.today(), today);
    assert_eq!(system.read("models/nlp/bert.kdl").unwrap(), "bert");
    assert_eq!(
        system.list("").unwrap(),
        [
            entry("mlspec.kdl", false),
            entry("models", true),
            entry("models-old", true)
        ]
    );
    assert_eq!(
        system.list("models").unwrap(),
        [
            entry("a.kdl", false),
            entry("denied.kdl", false),
            entry("nlp", true)
        ]
    );
    for (path, kind) in [
        ("models/denied.kdl", ErrorKind::PermissionDenied),
        ("models", ErrorKind::IsADirectory),
        ("none.kdl", ErrorKind::NotFound),
        ("../mlspec.kdl", ErrorKind::InvalidInput),
    ] {
        assert_eq!(system.read(path).unwrap_err().kind(), kind, "{path}");
    }
    assert_eq!(
        system.list("mlspec.kdl").unwrap_err().kind(),
        ErrorKind::NotADirectory
    );
    assert_eq!(system.list("none").unwrap_err().kind(), ErrorKind::NotFound);
}

/// A workspace with a folder that is there and cannot be listed.
struct Hidden(MemorySystem);

impl System for Hidden {
    fn read(&self, path: &str) -> std::io::Result<String> {
        self.0.read(path)
    }

    fn list(&self, path: &str) -> std::io::Result<Vec<DirEntry>> {
        match path {
            "models/private" => Err(ErrorKind::PermissionDenied.into()),
            _ => self.0.list(path),
        }
    }

    fn today(&self) -> Date {
        self.0.today()
    }
}

/// What lies in a folder that cannot be listed is not taken for deleted: that is an error of the
/// surroundings, said once for each pattern and instead of "no file matches".
#[test]
fn a_folder_that_cannot_be_listed() {
    let use_ = "workspace \"w\" edition=1 { use \"models/**/*.kdl\" \"models/private/*.kdl\" }";
    let memory = MemorySystem::default()
        .file("mlspec.kdl", use_)
        .file("models/bert.kdl", "")
        .file("models/private/t5.kdl", "");
    assert_eq!(
        files(&memory).unwrap(),
        ["mlspec.kdl", "models/bert.kdl", "models/private/t5.kdl"]
    );
    let hidden = Hidden(memory);
    assert_eq!(
        files(&hidden).unwrap_err().kind(),
        ErrorKind::PermissionDenied
    );
    let compilation = compile(&hidden, &Options::default(), &Count::default());
    assert!(compilation.failed() && compilation.surroundings);
    let told = |code| {
        let found = compilation
            .diagnostics
            .iter()
            .filter(move |d| d.code == code);
        found.map(|d| d.message.clone()).collect::<Vec<_>>()
    };
    let listed = "cannot list `models/private`: permission denied";
    assert_eq!(told("LNG-23"), [listed, listed]);
    assert_eq!(told("LNG-13"), Vec::<String>::new());
}
