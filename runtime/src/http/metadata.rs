//! What clients may ask about server and models.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::metrics::ModelStats;
use crate::model::TensorSpec;
use crate::server::{Served, Server};

/// Protocol extensions that are offered.
pub(crate) const EXTENSIONS: [&str; 5] = [
    "binary_tensor_data",
    "model_repository",
    "parameters",
    "schedule_policy",
    "statistics",
];

/// Metadata of the server.
pub(super) fn server() -> String {
    json!({"name": "mlserve", "version": env!("CARGO_PKG_VERSION"), "extensions": EXTENSIONS})
        .to_string()
}

/// Metadata of one model.
pub(super) fn model(server: &Server, served: &Served) -> Result<String, Failure> {
    let active = served.require()?;
    let versions: Vec<&str> = server
        .repository
        .versions(&served.name)
        .map(|v| v.version.as_str())
        .collect();
    let tensors = |specs: &[TensorSpec]| -> Vec<Value> {
        specs
            .iter()
            .map(|spec| {
                let shape: Vec<i64> = spec.dims.iter().map(crate::model::Dim::metadata).collect();
                json!({"name": spec.name, "datatype": spec.dtype.name(), "shape": shape})
            })
            .collect()
    };
    Ok(json!({
        "name": served.name,
        "versions": versions,
        "platform": active.platform,
        "inputs": tensors(&active.signature.inputs),
        "outputs": tensors(&active.signature.outputs),
    })
    .to_string())
}

/// The configuration in Triton's form, as far as its clients read it.
pub(super) fn config(served: &Served) -> Result<String, Failure> {
    let active = served.require()?;
    let batch = usize::from(active.layout.is_leading());
    let tensors = |specs: &[TensorSpec]| -> Vec<Value> {
        specs
            .iter()
            .map(|spec| {
                let dims: Vec<i64> = spec
                    .dims
                    .iter()
                    .skip(batch)
                    .map(crate::model::Dim::metadata)
                    .collect();
                let datatype = match spec.dtype.name() {
                    "BYTES" => "TYPE_STRING".to_owned(),
                    name => format!("TYPE_{name}"),
                };
                json!({"name": spec.name, "data_type": datatype, "dims": dims})
            })
            .collect()
    };
    let max_batch_size = if active.layout.is_leading() {
        active.queue.max_rows()
    } else {
        0
    };
    let mut config = json!({
        "name": served.name,
        "platform": "onnxruntime_onnx",
        "backend": "onnxruntime",
        "max_batch_size": max_batch_size,
        "input": tensors(&active.signature.inputs),
        "output": tensors(&active.signature.outputs),
        "instance_group": [{"name": served.name, "count": served.config.instances}],
    });
    if active.layout.is_leading() {
        config["dynamic_batching"] =
            json!({"max_queue_delay_microseconds": served.config.batch.max_delay_ms * 1000});
    }
    Ok(config.to_string())
}

/// The repository's index, or the part of it that is ready.
pub(super) fn index(server: &Server, ready: bool) -> String {
    let entries: Vec<Value> = server
        .repository
        .all()
        .iter()
        .filter(|served| !ready || served.is_ready())
        .map(|served| {
            let (state, reason) = state(served);
            json!({"name": served.name, "version": served.version, "state": state, "reason": reason})
        })
        .collect();
    Value::Array(entries).to_string()
}

/// A model's state in the repository extension's words, and why.
pub(crate) fn state(served: &Served) -> (&'static str, &'static str) {
    match (served.is_ready(), served.is_broken()) {
        (true, _) => ("READY", ""),
        (false, true) => ("UNAVAILABLE", "the engine is broken"),
        (false, false) => ("LOADING", ""),
    }
}

/// Statistics of models.
pub(super) fn stats<'a>(models: impl Iterator<Item = &'a Arc<Served>>) -> String {
    json!({"model_stats": models.map(|served| model_stats(served)).collect::<Vec<_>>()}).to_string()
}

fn model_stats(served: &Served) -> Value {
    let stats: &ModelStats = &served.stats;
    let success = stats.success.load(Relaxed);
    let duration = |count: u64, ns: u64| json!({"count": count, "ns": ns});
    let nanos = |duration: Duration| u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    let batches: Vec<Value> = stats
        .by_size()
        .iter()
        .map(|(size, runs)| {
            json!({
                "batch_size": size,
                "compute_input": duration(runs.count, nanos(runs.gather)),
                "compute_infer": duration(runs.count, nanos(runs.compute)),
                "compute_output": duration(runs.count, nanos(runs.split)),
            })
        })
        .collect();
    json!({
        "name": served.name,
        "version": served.version,
        "last_inference": stats.last_ms.load(Relaxed),
        "inference_count": stats.rows.load(Relaxed),
        "execution_count": stats.runs.load(Relaxed),
        "inference_stats": {
            "success": duration(success, stats.success_ns.load(Relaxed)),
            "fail": duration(stats.fail.load(Relaxed), stats.fail_ns.load(Relaxed)),
            "queue": duration(success, stats.queue_ns.load(Relaxed)),
            "compute_input": duration(success, stats.gather_ns.load(Relaxed)),
            "compute_infer": duration(success, stats.compute_ns.load(Relaxed)),
            "compute_output": duration(success, stats.split_ns.load(Relaxed)),
            "cache_hit": duration(0, 0),
            "cache_miss": duration(0, 0),
        },
        "batch_stats": batches,
    })
}
