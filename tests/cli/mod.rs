//! The real program, started in temporary folders: exit codes, stdout against stderr, and what it
//! leaves on disk.
#![expect(
    clippy::disallowed_methods,
    reason = "starts the program, and looks at the disk"
)]

mod examples;
mod explain;
mod flow;
mod fmt;
mod forms;
mod init;
mod kill;
mod surroundings;
mod why;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a run of the program gave.
#[derive(Debug)]
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    /// Asserts the exit code; the rest is shown where it is another.
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    #[track_caller]
    fn says(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "no `{words}` in {self:#?}");
        self
    }

    #[track_caller]
    fn prints(self, words: &str) -> Self {
        assert!(self.stdout.contains(words), "no `{words}` in {self:#?}");
        self
    }

    #[track_caller]
    fn prints_nothing(self) -> Self {
        assert_eq!(self.stdout, "", "{self:#?}");
        self
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The program, to be started in a folder, with nothing of the tester's environment that it reads.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec"));
    command
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS");
    command
}

/// A folder of its own, gone at the end.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::Builder::new().prefix("mlspec").tempdir().unwrap())
    }

    /// One with the workspace that `init` makes, in `ws`.
    fn initialized() -> Self {
        let folder = Self::new();
        folder.mlspec(&["init", "ws"]).exits(0);
        folder
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Runs the program on so wide a screen that no message breaks.
    fn mlspec(&self, args: &[&str]) -> Run {
        program(self.0.path())
            .args(args)
            .env("COLUMNS", "1000")
            .output()
            .unwrap()
            .into()
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces words of a file that must be there.
    #[track_caller]
    fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "no `{old}` in {path}:\n{text}");
        self.write(path, &text.replacen(old, new, 1));
    }

    /// Every file below a folder, with its bytes.
    fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(&self.path(folder), "", &mut found);
        found
    }

    /// A workspace with two environments on one cluster, in `ws`.
    fn two_environments(&self) {
        self.write("ws/mlspec.kdl", TWO_ENVIRONMENTS);
        self.write(
            "ws/models/a.kdl",
            "model \"a\" { artifact \"s3://models/a/\" size=\"8Ki\"; resources cpu=\"500m\" }\n",
        );
    }
}

const TWO_ENVIRONMENTS: &str = r#"workspace "two" edition=1 {
    use "models/*.kdl"
    image "mlserve" "registry.example.com/ml/mlserve:0.1.0"
    env "prod" namespace="ml" { cluster "c" }
    env "staging" namespace="ml-staging" { cluster "c" }
}
cluster "c" {
    kubernetes "1.36"
    store "s3://models/" endpoint="http://minio.minio.svc:9000" secret="models-s3" bandwidth="100Mi/s"
    pool "cpu" nodes=2 cpu="8" memory="32Gi"
}
"#;

fn collect(folder: &Path, below: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), found);
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
}
