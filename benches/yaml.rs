//! `cargo bench --bench yaml`: writing a typical Deployment, as MB/s and as a ratio to `serde_yaml`
//! measured in the same run. Targets: at least 400 MB/s and 6 x.

use std::hint::black_box;
use std::time::{Duration, Instant};

use k8s_openapi::api::apps::v1::Deployment;
use mlspec::yaml;

const ROUNDS: usize = 300;
const WRITES: u32 = 20;

fn main() {
    let deployment: Deployment =
        serde_json::from_str(include_str!("data/deployment.json")).expect("a valid Deployment");
    let mut out = Vec::new();
    yaml::write(&deployment, &mut out).expect("objects can be written");
    let bytes = out.len();

    let mut ours = Vec::new();
    let mut lines = Vec::new();
    let mut theirs = Vec::new();
    let mut buffer = Vec::with_capacity(2 * bytes);
    for _ in 0..ROUNDS {
        ours.push(time(|| {
            buffer.clear();
            yaml::write(black_box(&deployment), &mut buffer).is_ok()
        }));
        lines.push(time(|| {
            buffer.clear();
            yaml::write_lines(black_box(&deployment), &mut buffer).is_ok()
        }));
        theirs.push(time(|| {
            buffer.clear();
            serde_yaml::to_writer(&mut buffer, black_box(&deployment)).is_ok()
        }));
    }
    let (ours, lines, theirs) = (best(ours), best(lines), best(theirs));
    let rate = |time: Duration| bytes as f64 / time.as_secs_f64() / 1e6;
    println!("Deployment of {bytes} bytes, best of {ROUNDS} rounds");
    println!(
        "yaml::write        {:>8.2} us  {:>6.0} MB/s  {:>5.1} x serde_yaml",
        us(ours),
        rate(ours),
        us(theirs) / us(ours)
    );
    println!(
        "yaml::write_lines  {:>8.2} us  {:>6.0} MB/s  {:>5.1} x serde_yaml",
        us(lines),
        rate(lines),
        us(theirs) / us(lines)
    );
    println!(
        "serde_yaml         {:>8.2} us  {:>6.0} MB/s",
        us(theirs),
        rate(theirs)
    );
}

/// Time of one of many calls.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn time(mut call: impl FnMut() -> bool) -> Duration {
    let start = Instant::now();
    for _ in 0..WRITES {
        assert!(black_box(call()));
    }
    start.elapsed() / WRITES
}

/// The fastest round: whatever else the machine does only adds time.
fn best(times: Vec<Duration>) -> Duration {
    times.into_iter().min().unwrap_or_default()
}

fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
