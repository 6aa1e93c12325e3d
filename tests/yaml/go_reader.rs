//! Kubernetes' and Flux's own readers, which are Go programs: `tests/yaml11/run` runs this.

use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::meant::{Meant, NASTY, meant};
use super::read_back::written;

const RANDOM_CASES: usize = 20_000;

/// What `sigs.k8s.io/yaml` and `go.yaml.in/yaml/v3` read equals what was meant.
#[test]
#[ignore = "needs Go: run by tests/yaml11/run"]
fn go_reads_back() {
    let values = cases();
    let mut reader = Command::new("go")
        .args(["run", "."])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/yaml11"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the Go toolchain is needed");
    let mut input = reader.stdin.take().unwrap();
    let texts: Vec<String> = values.iter().map(written).collect();
    let lines: String = texts
        .iter()
        .map(|text| json!(text).to_string() + "\n")
        .collect();
    let sender = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = reader.wait_with_output().unwrap();
    sender.join().unwrap().unwrap();
    assert!(output.status.success());
    let answers = String::from_utf8(output.stdout).unwrap();
    assert_eq!(answers.lines().count(), values.len());
    let mut misread = Vec::new();
    for ((value, text), answer) in values.iter().zip(&texts).zip(answers.lines()) {
        let want = serde_json::to_value(value.without_null_entries()).unwrap();
        let answer: Value = serde_json::from_str(answer).unwrap();
        for reader in ["kubernetes", "flux"] {
            if !same(&answer[reader], &want) {
                misread.push(format!("{reader} reads {} from {text:?}", answer[reader]));
            }
        }
    }
    misread.sort_by_key(String::len);
    assert!(
        misread.is_empty(),
        "{} misread, such as {:#?}",
        misread.len(),
        &misread[..misread.len().min(5)]
    );
}

fn cases() -> Vec<Meant> {
    let nasty = NASTY.iter().map(|text| Meant::Str((*text).to_owned()));
    let keys = NASTY
        .iter()
        .map(|text| Meant::Map(vec![((*text).to_owned(), Meant::Int(1))]));
    let mut runner = TestRunner::deterministic();
    let strategy = meant();
    let random = (0..RANDOM_CASES).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    nasty
        .chain(keys)
        .chain(every_short_string())
        .chain(random)
        .filter(|value| *value != Meant::Null)
        .collect()
}

/// Every string of up to four characters of those that make numbers, bools, nulls and markers, in
/// lists of a thousand.
fn every_short_string() -> Vec<Meant> {
    const CHARACTERS: &str = "017+-_.:,exobainf~yN<=# ";
    let mut all = vec![String::new()];
    let mut longest = all.clone();
    for _ in 0..4 {
        longest = longest
            .iter()
            .flat_map(|start| CHARACTERS.chars().map(move |c| format!("{start}{c}")))
            .collect();
        all.extend_from_slice(&longest);
    }
    let lists = all.chunks(1000);
    lists
        .map(|list| Meant::List(list.iter().cloned().map(Meant::Str).collect()))
        .collect()
}

/// Equality that allows for JSON's one kind of number, and for the last bit of a float, which
/// `serde_json` may read one too high or low.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) if !(a.fract() == 0.0 && b.fract() == 0.0 && a.abs() < 1e19) => {
                (a - b).abs() <= a.abs() * 1e-15
            }
            _ => a == b || a.as_f64() == b.as_f64(),
        },
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}
