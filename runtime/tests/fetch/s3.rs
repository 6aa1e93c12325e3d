//! `s3://` against a real S3 server, which `runtime/tests/s3/run` starts and fills.
//!
//! The environment says where it is: `S3_ENDPOINT` (with TLS by the authority in `S3_CA`), `S3_DATA` (the folder whose content
//! the bucket `models` has), `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::process::{Fetch, wait_until};
use super::{names, sha256};

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run runtime/tests/s3/run"))
}

fn fetch(uri: &str, to: &Path) -> Fetch {
    with_key(uri, to, &variable("AWS_SECRET_ACCESS_KEY"))
}

fn with_key(uri: &str, to: &Path, secret: &str) -> Fetch {
    Fetch::new(uri, to)
        .arg("--endpoint", variable("S3_ENDPOINT"))
        .env("AWS_CA_BUNDLE", variable("S3_CA"))
        .env("AWS_ACCESS_KEY_ID", variable("AWS_ACCESS_KEY_ID"))
        .env("AWS_SECRET_ACCESS_KEY", secret)
}

fn data(path: &str) -> PathBuf {
    Path::new(&variable("S3_DATA")).join(path)
}

/// Returns the digest of each file below `folder`, but for names that begin with a dot at its top.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    fn walk(folder: &Path, below: &str, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{below}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                walk(&entry.path(), &format!("{path}/"), found);
            } else if !path.starts_with('.') {
                found.insert(path, sha256(&fs::read(entry.path()).unwrap()));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, "", &mut found);
    found
}

#[test]
#[ignore = "needs the server that runtime/tests/s3/run starts"]
fn a_prefix_arrives_as_it_was_uploaded() {
    let dir = tempfile::tempdir().unwrap();
    let first = fetch("s3://models/bert/2.1/", dir.path())
        .flag("--print-sha256")
        .run()
        .ok();
    let files = tree(dir.path());
    assert_eq!(files, tree(&data("bert/2.1")));
    assert!(files.len() >= 6, "{files:?}");
    let digest = first.out.trim();
    let again = fetch("s3://models/bert/2.1/", dir.path()).run().ok();
    assert!(again.err.contains("up to date"), "{}", again.err);
    fetch("s3://models/bert/2.1/", &dir.path().join("other"))
        .arg("--sha256", digest)
        .run()
        .ok();
}

#[test]
#[ignore = "needs the server that runtime/tests/s3/run starts"]
fn a_signature_with_another_key_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    for uri in ["s3://models/bert/2.1/config.json", "s3://models/bert/2.1/"] {
        with_key(uri, dir.path(), "wrong")
            .run()
            .fails(1, &[uri, "denied", "403"]);
    }
    Fetch::new("s3://models/bert/2.1/", dir.path())
        .arg("--endpoint", variable("S3_ENDPOINT"))
        .env("AWS_CA_BUNDLE", variable("S3_CA"))
        .env("AWS_SKIP_SIGNATURE", "true")
        .run()
        .fails(1, &["denied", "403"]);
    assert_eq!(names(dir.path()), [""; 0]);
}

#[test]
#[ignore = "needs the server that runtime/tests/s3/run starts"]
fn what_is_not_there_is_named() {
    let dir = tempfile::tempdir().unwrap();
    for uri in [
        "s3://models/bert/2.1/missing",
        "s3://no-such-bucket/x",
        "s3://no-such-bucket/x/",
    ] {
        fetch(uri, dir.path()).run().fails(1, &[uri]);
    }
    fetch("s3://models/nothing/here/", dir.path())
        .run()
        .fails(1, &["no object below"]);
    fetch("s3://models/bert/2.1", dir.path())
        .run()
        .fails(1, &["a folder's URI ends in `/`"]);
}

#[test]
#[ignore = "needs the server that runtime/tests/s3/run starts"]
fn a_gibibyte_takes_little_memory() {
    let dir = tempfile::tempdir().unwrap();
    let expected = fs::read_to_string(data("large.sha256")).unwrap();
    let running = fetch("s3://models/large", dir.path())
        .arg("--sha256", expected.trim())
        .start();
    let status = format!("/proc/{}/status", running.id());
    let mut peak = 0;
    // The last reading before the end is within one part of the end.
    wait_until("the end", || {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        match line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok()) {
            Some(now) => {
                peak = now;
                false
            }
            None => true,
        }
    });
    let outcome = running.wait().ok();
    println!(
        "peak of {} MiB resident; {}",
        peak / 1024,
        outcome.err.lines().last().unwrap_or_default()
    );
    assert!(peak > 1024 && peak < 64 * 1024, "{peak} kB");
}

#[test]
#[ignore = "needs the server that runtime/tests/s3/run starts"]
fn a_killed_download_is_gone_on_with() {
    let dir = tempfile::tempdir().unwrap();
    let expected = fs::read_to_string(data("large.sha256")).unwrap();
    let start = || fetch("s3://models/large", dir.path()).arg("--sha256", expected.trim());
    let running = start().start();
    let partial = || {
        names(dir.path())
            .into_iter()
            .find(|name| name.starts_with(".partial-"))
    };
    let journal = || {
        let parts = dir.path().join(partial()?).join("parts");
        let file = fs::read_dir(parts).ok()?.next()?.ok()?;
        Some(fs::read_to_string(file.path()).ok()?.lines().count())
    };
    wait_until("a tenth", || journal().is_some_and(|lines| lines > 12));
    running.kill();
    let outcome = start().run().ok();
    let fetched = outcome.err.lines().last().unwrap_or_default();
    assert!(
        fetched.contains("holds 1 file, 1.00 GiB") && !fetched.contains("; 1.00 GiB fetched"),
        "{fetched}"
    );
}
