//! Every series that `/metrics` exposes, in one table; each exists from the first scrape on, at zero traffic.
//!
//! Triton's names are kept beside our own so that existing dashboards and `perf_analyzer` work unchanged
//! (names: Triton Inference Server documentation, "Metrics", checked 2026-11).

/// How a series behaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Only grows; the name ends in `_total` except for Triton's.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Cumulative buckets with the given upper bounds; `+Inf` is implied. In the metric's unit.
    Histogram(&'static [f64]),
}

/// One metric: what it is called and what it means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// Full name in the exposition.
    pub name: &'static str,
    /// Counter, gauge or histogram.
    pub kind: Kind,
    /// Unit of the value: `seconds`, `microseconds`, `rows`, `requests`, `bytes`, `connections` or `1`.
    pub unit: &'static str,
    /// Label names, in order.
    pub labels: &'static [&'static str],
    /// One sentence for `# HELP`.
    pub help: &'static str,
}

/// Bounds for times, in seconds: 100 µs to 30 s.
pub const SECONDS: &[f64] = &[
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
    5.0, 10.0, 30.0,
];

/// Bounds for batch sizes, in rows.
pub const ROWS: &[f64] = &[
    1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0,
];

/// Labels of a model's series.
pub const MODEL: &[&str] = &["model", "version"];

/// Labels of a model's series by outcome.
pub const MODEL_CODE: &[&str] = &["model", "version", "code"];

/// Labels of a model's series by why a request was not served.
pub const MODEL_REASON: &[&str] = &["model", "version", "reason"];

/// Values of `code` in [`REQUESTS`]: HTTP status classes that gRPC's codes are mapped to.
pub const CODES: &[&str] = &["2xx", "4xx", "429", "5xx", "503", "504", "499"];

/// Values of `reason` in [`TRITON_FAILURE`].
pub const REASONS: &[&str] = &["REJECTED", "CANCELED", "BACKEND", "OTHER"];

/// Requests by outcome; the base of error rates.
pub const REQUESTS: Metric = Metric {
    name: "mlserve_requests_total",
    kind: Kind::Counter,
    unit: "requests",
    labels: MODEL_CODE,
    help: "Inference requests answered, by status; 499 is a client that went away.",
};

/// Whole time of a request; the base of latency objectives.
pub const REQUEST_SECONDS: Metric = Metric {
    name: "mlserve_request_duration_seconds",
    kind: Kind::Histogram(SECONDS),
    unit: "seconds",
    labels: MODEL,
    help: "Time from the request's last byte to its answer being ready, of requests answered with a result.",
};

/// Time spent waiting for the engine.
pub const QUEUE_SECONDS: Metric = Metric {
    name: "mlserve_queue_duration_seconds",
    kind: Kind::Histogram(SECONDS),
    unit: "seconds",
    labels: MODEL,
    help: "Time a request waited before its batch started.",
};

/// Time the engine computed.
pub const COMPUTE_SECONDS: Metric = Metric {
    name: "mlserve_compute_duration_seconds",
    kind: Kind::Histogram(SECONDS),
    unit: "seconds",
    labels: MODEL,
    help: "Time the engine took for the batch a request was in.",
};

/// Rows per engine run.
pub const BATCH_ROWS: Metric = Metric {
    name: "mlserve_batch_rows",
    kind: Kind::Histogram(ROWS),
    unit: "rows",
    labels: MODEL,
    help: "Rows in each engine run.",
};

/// Rows waiting; what `on "concurrency"` scales on together with [`RUNNING_ROWS`].
pub const QUEUE_ROWS: Metric = Metric {
    name: "mlserve_queue_rows",
    kind: Kind::Gauge,
    unit: "rows",
    labels: MODEL,
    help: "Rows waiting for the engine now.",
};

/// Requests admitted and not yet answered; what `on "concurrency"` scales on.
pub const INFLIGHT: Metric = Metric {
    name: "mlserve_inflight_requests",
    kind: Kind::Gauge,
    unit: "requests",
    labels: MODEL,
    help: "Requests admitted and not yet answered.",
};

/// Rows in the engine now.
pub const RUNNING_ROWS: Metric = Metric {
    name: "mlserve_running_rows",
    kind: Kind::Gauge,
    unit: "rows",
    labels: MODEL,
    help: "Rows in the engine now.",
};

/// Bytes of tensors waiting.
pub const QUEUE_BYTES: Metric = Metric {
    name: "mlserve_queue_bytes",
    kind: Kind::Gauge,
    unit: "bytes",
    labels: MODEL,
    help: "Bytes of input tensors waiting for the engine now.",
};

/// Rows of padding computed for nothing.
pub const PADDED: Metric = Metric {
    name: "mlserve_padded_elements_total",
    kind: Kind::Counter,
    unit: "1",
    labels: MODEL,
    help: "Elements added to inputs of unequal length so that they share a batch.",
};

/// Readiness per model.
pub const MODEL_READY: Metric = Metric {
    name: "mlserve_model_ready",
    kind: Kind::Gauge,
    unit: "1",
    labels: MODEL,
    help: "1 when the model is loaded and warmed up, else 0.",
};

/// Time from start to ready.
pub const LOAD_SECONDS: Metric = Metric {
    name: "mlserve_model_load_seconds",
    kind: Kind::Gauge,
    unit: "seconds",
    labels: MODEL,
    help: "Time the model took to load and warm up.",
};

/// Open connections of all listeners.
pub const CONNECTIONS: Metric = Metric {
    name: "mlserve_connections",
    kind: Kind::Gauge,
    unit: "connections",
    labels: &[],
    help: "Open connections of the HTTP and gRPC listeners.",
};

/// Triton: successful requests.
pub const TRITON_SUCCESS: Metric = triton(
    "nv_inference_request_success",
    Kind::Counter,
    "requests",
    MODEL,
    "Successful requests.",
);
/// Triton: failed requests by reason.
pub const TRITON_FAILURE: Metric = triton(
    "nv_inference_request_failure",
    Kind::Counter,
    "requests",
    MODEL_REASON,
    "Failed requests by reason.",
);
/// Triton: rows inferred.
pub const TRITON_COUNT: Metric = triton(
    "nv_inference_count",
    Kind::Counter,
    "rows",
    MODEL,
    "Rows inferred.",
);
/// Triton: engine runs.
pub const TRITON_EXEC_COUNT: Metric = triton(
    "nv_inference_exec_count",
    Kind::Counter,
    "1",
    MODEL,
    "Engine runs.",
);
/// Triton: requests waiting.
pub const TRITON_PENDING: Metric = triton(
    "nv_inference_pending_request_count",
    Kind::Gauge,
    "requests",
    MODEL,
    "Requests waiting for the engine.",
);
/// Triton: summed whole time.
pub const TRITON_REQUEST_US: Metric = triton(
    "nv_inference_request_duration_us",
    Kind::Counter,
    "microseconds",
    MODEL,
    "Summed time of successful requests.",
);
/// Triton: summed queue time.
pub const TRITON_QUEUE_US: Metric = triton(
    "nv_inference_queue_duration_us",
    Kind::Counter,
    "microseconds",
    MODEL,
    "Summed time requests waited.",
);
/// Triton: summed time of gathering inputs.
pub const TRITON_INPUT_US: Metric = triton(
    "nv_inference_compute_input_duration_us",
    Kind::Counter,
    "microseconds",
    MODEL,
    "Summed time of gathering requests' inputs into batches.",
);
/// Triton: summed compute time.
pub const TRITON_INFER_US: Metric = triton(
    "nv_inference_compute_infer_duration_us",
    Kind::Counter,
    "microseconds",
    MODEL,
    "Summed time of the engine, counted for every request of a batch.",
);
/// Triton: summed time of handing out outputs.
pub const TRITON_OUTPUT_US: Metric = triton(
    "nv_inference_compute_output_duration_us",
    Kind::Counter,
    "microseconds",
    MODEL,
    "Summed time of splitting batches' outputs for their requests.",
);

const fn triton(
    name: &'static str,
    kind: Kind,
    unit: &'static str,
    labels: &'static [&'static str],
    help: &'static str,
) -> Metric {
    Metric {
        name,
        kind,
        unit,
        labels,
        help,
    }
}

/// Every metric, in the order of the exposition.
pub const ALL: &[Metric] = &[
    REQUESTS,
    REQUEST_SECONDS,
    QUEUE_SECONDS,
    COMPUTE_SECONDS,
    BATCH_ROWS,
    QUEUE_ROWS,
    QUEUE_BYTES,
    INFLIGHT,
    RUNNING_ROWS,
    PADDED,
    MODEL_READY,
    LOAD_SECONDS,
    CONNECTIONS,
    TRITON_SUCCESS,
    TRITON_FAILURE,
    TRITON_COUNT,
    TRITON_EXEC_COUNT,
    TRITON_PENDING,
    TRITON_REQUEST_US,
    TRITON_QUEUE_US,
    TRITON_INPUT_US,
    TRITON_INFER_US,
    TRITON_OUTPUT_US,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_well_formed() {
        let names: BTreeSet<_> = ALL.iter().map(|m| m.name).collect();
        assert_eq!(names.len(), ALL.len());
        for metric in ALL {
            assert!(
                metric
                    .name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'_'),
                "{}",
                metric.name
            );
            if matches!(metric.kind, Kind::Counter) && !metric.name.starts_with("nv_") {
                assert!(metric.name.ends_with("_total"), "{}", metric.name);
            }
        }
    }

    #[test]
    fn bounds_grow() {
        for bounds in [SECONDS, ROWS] {
            assert!(bounds.windows(2).all(|w| w[0] < w[1]));
        }
    }
}
