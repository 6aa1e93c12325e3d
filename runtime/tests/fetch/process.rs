//! Runs `mlserve fetch` with a clean environment and a limit in time.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

/// Longest run of one fetch; reached only where it hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// What a run left behind.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl Outcome {
    /// Fails the test unless the run succeeded.
    #[track_caller]
    pub(super) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.err);
        self
    }

    /// Fails the test unless the run failed with `code` and a last line that holds all of `words`.
    #[track_caller]
    pub(super) fn fails(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.err);
        let last = self.err.lines().last().unwrap_or_default();
        assert!(last.starts_with("error: "), "{}", self.err);
        for word in words {
            assert!(last.contains(word), "`{word}` is missing: {}", self.err);
        }
        self
    }
}

/// A run to be started.
pub(super) struct Fetch {
    command: Command,
}

impl Fetch {
    pub(super) fn new(uri: &str, to: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlserve"));
        command
            .env_clear()
            .arg("fetch")
            .arg(uri)
            .arg("--to")
            .arg(to);
        Self { command }
    }

    pub(super) fn arg(mut self, flag: &str, value: impl ToString) -> Self {
        self.command.arg(flag).arg(value.to_string());
        self
    }

    pub(super) fn flag(mut self, flag: &str) -> Self {
        self.command.arg(flag);
        self
    }

    pub(super) fn env(mut self, name: &str, value: impl ToString) -> Self {
        self.command.env(name, value.to_string());
        self
    }

    pub(super) fn ca(self, file: &Path) -> Self {
        self.arg("--ca-file", file.display())
    }

    /// Replaces the program by a shell that runs `script` and then the program.
    pub(super) fn inside(mut self, shell: &[&str], script: &str) -> Self {
        let mut command = Command::new(shell[0]);
        command
            .args(&shell[1..])
            .arg(format!("{script} && exec \"$@\""))
            .arg("sh");
        command
            .arg(self.command.get_program())
            .args(self.command.get_args());
        command
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        self.command = command;
        self
    }

    pub(super) fn start(mut self) -> Running {
        let child = self
            .command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Running { child }
    }

    pub(super) fn run(self) -> Outcome {
        self.start().wait()
    }
}

/// A run under way.
pub(super) struct Running {
    child: Child,
}

impl Running {
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as `kill -9` does.
    pub(super) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(super) fn wait(mut self) -> Outcome {
        let mut out = self.child.stdout.take().unwrap();
        let mut err = self.child.stderr.take().unwrap();
        let out = thread::spawn(move || {
            let mut text = String::new();
            out.read_to_string(&mut text).map(|_| text).unwrap()
        });
        let err = thread::spawn(move || {
            let mut text = String::new();
            err.read_to_string(&mut text).map(|_| text).unwrap()
        });
        let end = Instant::now() + LIMIT;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > end {
                self.child.kill().unwrap();
            }
            sleep(Duration::from_millis(10));
        };
        Outcome {
            code: status.code(),
            out: out.join().unwrap(),
            err: err.join().unwrap(),
        }
    }
}

/// Waits until `reached` says so; fails the test where it never does.
#[track_caller]
pub(super) fn wait_until(what: &str, mut reached: impl FnMut() -> bool) {
    let end = Instant::now() + LIMIT;
    while !reached() {
        assert!(Instant::now() < end, "{what} never happened");
        sleep(Duration::from_millis(10));
    }
}
