//! The real program, killed while it compiles three hundred models, many times.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "kills the program by the clock, and looks at the disk"
)]

use std::fmt::Write as _;
use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use mlspec::render::Ledger;

use super::{Folder, TWO_ENVIRONMENTS, program};

const MODELS: usize = 300;
const KILLS: u32 = 40;

/// The workspace in one of two versions, whose every Deployment differs; some models are in one
/// of them only.
fn write(folder: &Folder, version: u32) {
    let mut models = String::new();
    for n in (0..MODELS).filter(|n| n % 10 != 9 || (n / 10) as u32 % 2 == version % 2) {
        let _ = writeln!(
            models,
            "model \"m{n}\" {{ version \"{version}.{n}\"; artifact \"s3://models/m{n}/\" size=\"8Ki\"; resources cpu=\"20m\" memory=\"64Mi\"; only \"prod\" }}"
        );
    }
    folder.write("ws/models/all.kdl", &models);
}

fn new() -> Folder {
    let folder = Folder::new();
    folder.write("ws/mlspec.kdl", TWO_ENVIRONMENTS);
    folder
}

/// After a kill at any moment the tree is whole, or its ledger says that it is not; `--check`
/// refuses it then; the next compile leaves what an uninterrupted one leaves, byte for byte; and a
/// foreign file stays. Three of four kills hit what the one before left.
#[test]
fn killed_at_any_moment() {
    let folder = new();
    let mut whole = Duration::ZERO;
    let expected = [0, 1].map(|version| {
        write(&folder, version);
        let started = Instant::now();
        folder.mlspec(&["compile", "ws"]).exits(0);
        whole = started.elapsed();
        folder.write("ws/deploy/prod/c/m0/mine.yaml", "mine");
        folder.tree("ws/deploy")
    });

    let (mut writing, mut between) = (0, 0);
    for kill in 0..KILLS {
        let version = kill % 2;
        write(&folder, version);
        if kill % 3 == 0 {
            kill_after(&folder, whole * (kill * 7 % KILLS) / KILLS);
        } else {
            kill_while_writing(
                &folder,
                Duration::from_millis(u64::from(kill * 7 % 12)),
                whole * 4,
            );
        }
        let tree = folder.tree("ws/deploy");
        let is_unfinished = pending(&tree["mlspec.ledger"]);
        if is_unfinished {
            writing += 1;
        } else {
            between += 1;
            assert!(
                expected.contains(&tree),
                "kill {kill}: neither old nor new, and nothing says so"
            );
        }
        if kill % 4 != 3 {
            continue;
        }
        let check = folder.mlspec(&["compile", "--check", "ws"]);
        let is_new = tree == expected[version as usize];
        assert_eq!(
            check.code,
            Some(i32::from(!is_new)),
            "kill {kill}: {check:?}"
        );
        assert_eq!(
            check.stderr.contains("OUT-03"),
            is_unfinished,
            "kill {kill}: {check:?}"
        );
        folder.mlspec(&["compile", "ws"]).exits(0);
        assert!(
            folder.tree("ws/deploy") == expected[version as usize],
            "kill {kill}"
        );
    }
    assert!(
        writing >= 8,
        "only {writing} kills hit the writing, {between} came before or after it"
    );
    println!("killed while writing: {writing}, before or after it: {between}");
}

/// Whether a ledger lists files that were about to change.
fn pending(ledger: &[u8]) -> bool {
    Ledger::parse(ledger)
        .expect("the ledger is whole at any moment")
        .pending()
        .next()
        .is_some()
}

fn kill_after(folder: &Folder, delay: Duration) {
    let mut child = start(folder);
    let started = Instant::now();
    while started.elapsed() < delay && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_micros(200));
    }
    // SIGKILL; a child that is done already is fine too.
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Lets it begin to write, which the ledger tells, and then `delay` pass. Writing is a small part
/// of a run, so that kills spread over the whole run seldom hit it.
fn kill_while_writing(folder: &Folder, delay: Duration, longest: Duration) {
    let ledger = folder.path("ws/deploy/mlspec.ledger");
    let before = fs::read(&ledger).unwrap();
    let mut child = start(folder);
    let started = Instant::now();
    while started.elapsed() < longest
        && child.try_wait().unwrap().is_none()
        && fs::read(&ledger).unwrap() == before
    {
        std::thread::sleep(Duration::from_micros(200));
    }
    std::thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
}

fn start(folder: &Folder) -> Child {
    program(&folder.path(""))
        .args(["compile", "ws"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The very first compile, killed: the next one completes it, and takes nothing for foreign.
#[test]
fn the_first_compile_killed() {
    let whole = new();
    write(&whole, 0);
    let started = Instant::now();
    whole.mlspec(&["compile", "ws"]).exits(0);
    let time = started.elapsed();
    for quarter in 1..=4 {
        let folder = new();
        write(&folder, 0);
        kill_after(&folder, time * quarter / 4);
        folder.mlspec(&["compile", "ws"]).exits(0);
        assert!(folder.tree("ws") == whole.tree("ws"));
        fs::remove_dir_all(folder.path("ws")).unwrap();
    }
}
