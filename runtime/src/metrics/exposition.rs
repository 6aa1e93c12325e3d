//! The Prometheus text format (version 0.0.4).

use std::fmt::Write;
use std::sync::atomic::Ordering::Relaxed;

use mlspec_contract::metrics::{self as contract, CODES, Kind, Metric, REASONS};

use super::Histogram;
use crate::server::{Served, Server};

/// Every metric of the contract, in its order.
pub fn render(server: &Server) -> String {
    let mut out = String::with_capacity(16 << 10);
    for metric in contract::ALL {
        let kind = match metric.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram(_) => "histogram",
        };
        let _ = writeln!(
            out,
            "# HELP {} {}\n# TYPE {} {kind}",
            metric.name, metric.help, metric.name
        );
        if *metric == contract::CONNECTIONS {
            let _ = writeln!(out, "{} {}", metric.name, server.connections.load(Relaxed));
            continue;
        }
        for served in server.repository.all() {
            write_model(&mut out, metric, served);
        }
    }
    out
}

fn write_model(out: &mut String, metric: &Metric, served: &Served) {
    let stats = &served.stats;
    let labels = format!(
        "model=\"{}\",version=\"{}\"",
        escape(&served.name),
        escape(&served.version)
    );
    if let Some(histogram) = histogram(metric, served) {
        return write_histogram(out, metric.name, &labels, histogram);
    }
    let more: &[(&str, &[std::sync::atomic::AtomicU64])] =
        &[("code", &stats.codes), ("reason", &stats.reasons)];
    for (label, values) in more {
        if metric.labels.last() == Some(label) {
            let names = if *label == "code" { CODES } else { REASONS };
            for (name, value) in names.iter().zip(values.iter()) {
                let _ = writeln!(
                    out,
                    "{}{{{labels},{label}=\"{name}\"}} {}",
                    metric.name,
                    value.load(Relaxed)
                );
            }
            return;
        }
    }
    let _ = writeln!(out, "{}{{{labels}}} {}", metric.name, value(metric, served));
}

fn histogram<'a>(metric: &Metric, served: &'a Served) -> Option<&'a Histogram> {
    Some(match metric.name {
        name if name == contract::REQUEST_SECONDS.name => &served.stats.request_seconds,
        name if name == contract::QUEUE_SECONDS.name => &served.stats.queue_seconds,
        name if name == contract::COMPUTE_SECONDS.name => &served.stats.compute_seconds,
        name if name == contract::BATCH_ROWS.name => &served.stats.batch_rows,
        _ => return None,
    })
}

fn value(metric: &Metric, served: &Served) -> f64 {
    let stats = &served.stats;
    let load = served
        .active()
        .map(|active| active.queue.load())
        .unwrap_or_default();
    let micros = |nanos: u64| nanos / 1000;
    let whole = match metric.name {
        name if name == contract::QUEUE_ROWS.name => load.rows,
        name if name == contract::QUEUE_BYTES.name => load.bytes,
        name if name == contract::RUNNING_ROWS.name => load.running_rows,
        name if name == contract::TRITON_PENDING.name => load.requests,
        name if name == contract::INFLIGHT.name => stats.inflight.load(Relaxed),
        name if name == contract::PADDED.name => stats.padded.load(Relaxed),
        name if name == contract::MODEL_READY.name => u64::from(served.is_ready()),
        name if name == contract::LOAD_SECONDS.name => {
            return stats.load_us.load(Relaxed) as f64 / 1e6;
        }
        name if name == contract::TRITON_SUCCESS.name => stats.success.load(Relaxed),
        name if name == contract::TRITON_COUNT.name => stats.rows.load(Relaxed),
        name if name == contract::TRITON_EXEC_COUNT.name => stats.runs.load(Relaxed),
        name if name == contract::TRITON_REQUEST_US.name => micros(stats.success_ns.load(Relaxed)),
        name if name == contract::TRITON_QUEUE_US.name => micros(stats.queue_ns.load(Relaxed)),
        name if name == contract::TRITON_INPUT_US.name => micros(stats.gather_ns.load(Relaxed)),
        name if name == contract::TRITON_INFER_US.name => micros(stats.compute_ns.load(Relaxed)),
        name if name == contract::TRITON_OUTPUT_US.name => micros(stats.split_ns.load(Relaxed)),
        // A metric that is added to the contract and not here shows as NaN, which the tests refuse.
        _ => return f64::NAN,
    };
    whole as f64
}

fn write_histogram(out: &mut String, name: &str, labels: &str, histogram: &Histogram) {
    let mut count = 0;
    for (bound, total) in histogram.cumulative() {
        let bound = if bound.is_finite() {
            bound.to_string()
        } else {
            "+Inf".to_owned()
        };
        let _ = writeln!(out, "{name}_bucket{{{labels},le=\"{bound}\"}} {total}");
        count = total;
    }
    let _ = writeln!(
        out,
        "{name}_sum{{{labels}}} {}\n{name}_count{{{labels}}} {count}",
        histogram.sum()
    );
}

fn escape(label: &str) -> String {
    label
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
