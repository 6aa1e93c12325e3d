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

use mlspec::render::{Apply, End, LEDGER, Ledger, Scope, apply, check};
use mlspec::system::OsOutput;

use super::{Files, messages};

/// Names the folder for the child; its value is `FOLDER|VERSION`.
const CHILD: &str = "MLSPEC_TEST_KILLED_CHILD";
const FILES: usize = 1500;
const KILLS: usize = 40;

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
            let body = format!("version: {version}\nfile: {n}\n").repeat(20 + n % 60);
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
        run_and_kill(&root, kill + 1, delay(whole, kill));
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
            let is_pending = ledger.pending().any(|p| p == path);
            if let (false, Ok(found)) = (is_pending, fs::read(root.join(path))) {
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
    assert!(
        interrupted >= 3,
        "only {interrupted} of {KILLS} kills hit a run while it wrote"
    );
}

/// Spread over the whole run and a little beyond.
fn delay(whole: Duration, kill: usize) -> Duration {
    let spread = (kill * 7 % KILLS) as u32;
    whole * spread / (KILLS as u32 * 2 / 3)
}

fn run_and_kill(root: &Path, number: usize, delay: Duration) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "render::kill::child"])
        .env(CHILD, format!("{}|{number}", root.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while started.elapsed() < delay && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_micros(200));
    }
    // SIGKILL; a child that is done already is fine too.
    child.kill().unwrap();
    child.wait().unwrap();
}
