//! A real process, killed while it writes, many times.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "starts and kills processes, and looks at the disk"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use mlspec::render::{Apply, End, Entry, LEDGER, Ledger, Scope, State};
use mlspec::system::OsOutput;

use super::{Files, apply, check, messages};

/// Names the folder for the child; its value is `FOLDER|VERSION`.
const CHILD: &str = "MLSPEC_TEST_KILLED_CHILD";
const FILES: usize = 1500;
const KILLS: usize = 20;

/// Every file differs between versions; some exist in one of them only.
fn version(version: usize) -> Files {
    let files = (0..FILES)
        .filter(|n| n % 10 != 9 || n % 3 == version % 3)
        .map(|n| {
            let path = format!(
                "env-{}/cluster-{}/app-{}/file-{n}.yaml",
                n % 2,
                n % 3,
                n / 5
            );
            // Most are small, some are many pages long.
            let lines = if n % 100 == 0 { 400 } else { 2 + n % 10 };
            let body = format!("version: {version}\nfile: {n}\n").repeat(lines);
            (path.into(), body.into_bytes())
        });
    files.collect()
}

/// No test by itself: what [`killed_many_times`] starts and kills.
#[test]
#[ignore = "the child process of killed_many_times"]
fn child() {
    let Ok(job) = std::env::var(CHILD) else {
        return;
    };
    let (folder, number) = job.split_once('|').unwrap();
    let outcome = apply(
        &OsOutput::new(Path::new(folder)),
        &version(number.parse().unwrap()),
        &Apply::default(),
    );
    assert_eq!(messages(&outcome), [""; 0]);
}

/// After every kill: the folder is whole or says that it is not; it never holds a file that is
/// neither old, new, nor listed as pending; and the next run completes it.
#[test]
fn killed_many_times() {
    let temporary = tempfile::Builder::new().prefix("mlspec").tempdir().unwrap();
    let root = temporary.path().join("deploy");
    let out = OsOutput::new(&root);
    let started = Instant::now();
    assert_eq!(apply(&out, &version(0), &Apply::default()).end(), End::Done);
    let whole = started.elapsed();
    fs::write(root.join("foreign.yaml"), "mine").unwrap();
    let mut interrupted = 0;
    for kill in 0..KILLS {
        let (old, new) = (version(kill), version(kill + 1));
        run_and_kill(&root, kill, whole);
        let bytes = fs::read(root.join(LEDGER)).unwrap();
        let ledger = Ledger::parse(&bytes).expect("the ledger is whole at any moment");
        let pending = ledger.pending().count();
        interrupted += usize::from(pending > 0);
        let out = OsOutput::new(&root);
        if pending > 0 {
            assert_eq!(
                check(&out, &new, &Scope::Everything).diagnostics[0].code,
                "OUT-03"
            );
        } else {
            let fits = |files| check(&out, files, &Scope::Everything).end() == End::Done;
            assert!(
                fits(&old) || fits(&new),
                "kill {kill}: neither old nor new, and nothing pending"
            );
        }
        for (path, bytes) in &new {
            let is_pending = |entry: &Entry| entry.state == State::Pending;
            if ledger.0.get(path).is_some_and(is_pending) {
                continue;
            }
            if let Ok(found) = fs::read(root.join(path)) {
                assert!(
                    found == *bytes || Some(&found) == old.get(path),
                    "kill {kill}: {path} is torn"
                );
            }
        }
        let next = apply(&OsOutput::new(&root), &new, &Apply::default());
        assert_eq!(messages(&next), [""; 0], "kill {kill}");
        assert_eq!(
            check(&out, &new, &Scope::Everything).end(),
            End::Done,
            "kill {kill}"
        );
        assert_eq!(fs::read(root.join("foreign.yaml")).unwrap(), b"mine");
    }
    assert!(interrupted > 0, "no kill hit a run while it wrote");
}

/// Kills every fifth child at some moment from its start on, the others at some moment after it
/// has listed its files as pending.
fn run_and_kill(root: &Path, kill: usize, whole: Duration) {
    let before = fs::read(root.join(LEDGER)).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "render::kill::child"])
        .env(CHILD, format!("{}|{}", root.display(), kill + 1))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let turn = (kill % 5) as u32;
    let begun = || fs::read(root.join(LEDGER)).unwrap() != before;
    let mut waiting = turn > 0;
    let mut since = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if waiting && begun() {
            (waiting, since) = (false, Instant::now());
        }
        if !waiting && since.elapsed() >= (whole / 8) * turn.saturating_sub(1) {
            break;
        }
        std::thread::sleep(Duration::from_micros(100));
    }
    // SIGKILL; a child that is done already is fine too.
    child.kill().unwrap();
    child.wait().unwrap();
}
