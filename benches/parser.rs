//! Reading specs: our parser, with recovery on, against the `kdl` crate in the same run.
//!
//! `cargo bench --bench parser` prints megabytes a second and the ratio. Each figure is the
//! median of many runs over the same text; only the ratio is comparable between machines.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock; nothing it prints is an output"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use mlspec::source::FileId;
use mlspec::syntax;

/// Runs of each measurement.
const RUNS: usize = 31;

fn main() {
    // `cargo test --benches` runs benchmarks once, to see that they work.
    let runs = if std::env::args().any(|arg| arg == "--bench") {
        RUNS
    } else {
        1
    };
    println!(
        "{:<10} {:>9} {:>12} {:>12} {:>8}",
        "corpus", "size", "mlspec", "kdl", "ratio"
    );
    for (name, text) in [("spec", corpus(1)), ("workspace", corpus(200))] {
        let repeat = (1 << 20) / text.len() + 1;
        let ours = rate(&text, runs, repeat, |text| {
            black_box(syntax::parse(FileId(0), text).document.nodes.len())
        });
        let theirs = rate(&text, runs.min(5), repeat / 16 + 1, |text| {
            black_box(
                kdl::KdlDocument::parse_v2(text)
                    .expect("valid KDL")
                    .nodes()
                    .len(),
            )
        });
        let size = format!("{} kB", text.len() / 1000);
        let ratio = ours / theirs;
        println!("{name:<10} {size:>9} {ours:>7.1} MB/s {theirs:>7.2} MB/s {ratio:>7.0}x");
    }
    let text = broken(&corpus(200));
    let ours = rate(&text, runs, 1, |text| {
        black_box(syntax::parse(FileId(0), text).diagnostics.len())
    });
    println!(
        "{:<10} {:>9} {ours:>7.1} MB/s",
        "broken",
        format!("{} kB", text.len() / 1000)
    );
}

/// Median rate of `work` over `text`, in megabytes a second.
fn rate(text: &str, runs: usize, repeat: usize, work: impl Fn(&str) -> usize) -> f64 {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..repeat {
                work(black_box(text));
            }
            start.elapsed()
        })
        .collect();
    times.sort();
    (text.len() * repeat) as f64 / times[runs / 2].as_secs_f64() / 1e6
}

/// Specs of `models` models as people write them.
fn corpus(models: usize) -> String {
    (0..models).map(model).collect()
}

fn model(number: usize) -> String {
    format!(
        r##"// Sentiment of product reviews; owned by the NLP team.
model "bert-sentiment-{number}" {{
    version "2.{number}"
    artifact "s3://models/bert-base-uncased/2.{number}/" sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" size="438Mi"
    gpu mig="1g.5gb"
    resources cpu="2" memory="4Gi" memory-limit="8Gi"
    batch max-size=32 max-delay="5ms"
    timeout "2s"
    slo p95="500ms" errors="1%"
    load expected="200/s"
    scale min=2 max=20 {{
        on "kafka" servers="kafka.default.svc:9092" topic="text-to-analyze" group="sentiment-consumers" lag=100
        on "latency" p95="400ms"
        /-on "cron" start="0 8 * * *" end="0 20 * * *" timezone="Europe/Berlin" replicas=10
    }}
    runtime "container" image="registry.acme.io/ml/bert:v{number}" port=8080 {{
        metrics "/metrics" port=9090 errors=#"code=~"5..""#
        env-var "MODEL_PATH" "/models/bert-base-uncased"
    }}
    expose gateway="public" host="nlp.acme.io" path="/sentiment/{number}"
    in "staging" {{ gpu share="time-slicing" memory="2Gi"; scale 1 }}
}}

"##
    )
}

/// The text with a mistake in every model.
fn broken(text: &str) -> String {
    text.replace("cpu=\"2\"", "cpu: 2Gi")
        .replace("p95=\"400ms\"", "p95=400ms")
}
