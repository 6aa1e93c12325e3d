//! How long a model takes to be there.

use crate::diag::Diagnostic;
use crate::resolve::cluster::Cluster;
use crate::resolve::model::{Artifact, Delivery, Model, Workload};
use crate::resolve::origin::{Input, Origin, Traced};
use crate::units::{Bytes, Duration};

use super::serve;

/// Bytes a second at which a model is read into memory and its graph is built: half of what a
/// network disk gives.
const LOAD_RATE: u64 = 100 << 20;
/// Session, first allocations and warm-up of every batch size on processors.
const WARM_UP: Duration = Duration::from_secs(10);
/// The same with a GPU, whose driver and kernels are loaded too.
const WARM_UP_GPU: Duration = Duration::from_secs(20);
/// The least a window is.
const LEAST: Duration = Duration::from_secs(30);
/// Bytes a second from a store whose speed nobody stated.
const ASSUMED_BANDWIDTH: u64 = 20 << 20;

/// Startup window: from container start to ready, at worst.
///
/// `2 × (artifact size ÷ 100Mi/s + warm-up)`, at least 30 s; warm-up is 10 s, 20 s with a GPU.
/// Twice, because a node that starts several replicas at once shares its disk. Fetching is not
/// in it: init containers run before. `None`, and reported, where there is no size.
pub(super) fn window(
    model: &Model,
    workload: &Workload,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Traced<Duration>> {
    if let Some(written) = &workload.startup {
        return Some(written.clone());
    }
    let Some(size) = workload.artifact.as_ref().and_then(|a| a.size.as_ref()) else {
        let (span, what, help) = match &workload.artifact {
            Some(artifact) if workload.resources.memory.is_none() => {
                diagnostics.push(no_size(model, artifact));
                return None;
            }
            Some(artifact) => (
                artifact.span,
                "the artifact's size is not stated",
                "add `startup \"60s\"`, or `size=` to the artifact",
            ),
            None if workload.runtime.mlserve().is_some() => {
                diagnostics.push(serve::no_artifact(model));
                return None;
            }
            None => (
                model.span,
                "there is no artifact to derive it from",
                "add `startup \"60s\"`",
            ),
        };
        diagnostics.push(
            Diagnostic::error(
                "LNG-05",
                span,
                format!(
                    "the startup window of \"{}\" is unknown: {what}",
                    model.name.value
                ),
            )
            .note("the startup probe and the rollout deadline rest on it")
            .help(help),
        );
        return None;
    };
    let gpu = match &workload.gpu {
        Some(gpu) => Origin::Written(gpu.span),
        None => Origin::Default("gpu"),
    };
    let warm_up = warm_up(workload);
    let window = reading(size.value)
        .saturating_add(warm_up)
        .saturating_mul(2)
        .max(LEAST);
    let window = Duration::from_secs(window.as_secs_ceil());
    Some(Traced::derived(
        window,
        "startup window",
        "2 × (size ÷ 100Mi/s + warm-up), at least 30s",
        vec![size.input("size"), Input::new("warm-up", warm_up, gpu)],
    ))
}

/// Nothing that rests on the artifact's size is stated either: told once.
fn no_size(model: &Model, artifact: &Artifact) -> Diagnostic {
    let message = format!(
        "the artifact's size is not stated: the memory and the startup window of \"{}\" are unknown",
        model.name.value
    );
    Diagnostic::error("LNG-05", artifact.span, message)
        .note("both are derived from it")
        .help("add `size=\"438Mi\"` with its size to the artifact, or else `resources memory=\"2Gi\"` and `startup \"60s\"`")
}

fn reading(size: Bytes) -> Duration {
    Duration::from_millis(size.get() * 1000 / LOAD_RATE)
}

fn warm_up(workload: &Workload) -> Duration {
    if workload.gpu.is_some() {
        WARM_UP_GPU
    } else {
        WARM_UP
    }
}

/// How long a model takes from container start to ready where nothing is in its way: reading its
/// files (`size ÷ 100Mi/s`, in whole seconds), and warm-up (10 s, 20 s with a GPU). `None` where its size is not stated.
#[must_use]
pub fn load_time(workload: &Workload) -> Option<(Duration, Duration)> {
    let size = workload.artifact.as_ref()?.size.as_ref()?;
    let reading = Duration::from_secs(reading(size.value).as_secs_ceil());
    Some((reading, warm_up(workload)))
}

/// How long fetching takes: `size ÷ bandwidth of the store`. A store whose bandwidth is not
/// stated is taken to give 20 MiB/s, and that is said.
pub(super) fn fetch(
    cluster: &Cluster,
    workload: &Workload,
    diagnostics: &mut Vec<Diagnostic>,
) -> Traced<Duration> {
    let fetched = workload
        .artifact
        .as_ref()
        .filter(|a| *a.delivery == Delivery::Init);
    let Some(Artifact {
        uri,
        size: Some(size),
        ..
    }) = fetched
    else {
        return Traced::fixed(
            Duration::from_millis(0),
            "nothing is fetched, or how much is not known",
        );
    };
    let store = cluster.store(&uri.to_string());
    let bandwidth = store.and_then(|s| s.bandwidth.as_ref());
    let (rate, shown, from) = match bandwidth {
        Some(bandwidth) => (
            bandwidth.per_second().get(),
            bandwidth.to_string(),
            bandwidth.from.clone(),
        ),
        None => {
            let uri = uri.to_string();
            let prefix = store_prefix(&uri);
            // At the cluster and without the model: what is missing is said once.
            diagnostics.push(
                Diagnostic::warning(
                    "LNG-21",
                    cluster.span,
                    format!(
                        "how fast cluster \"{}\" reads {prefix} is not stated: 20Mi/s is assumed",
                        cluster.name.value
                    ),
                )
                .note("the rollout deadline of models that are fetched from there rests on it")
                .help(format!(
                    "add to the cluster: store \"{prefix}\" bandwidth=\"200Mi/s\""
                )),
            );
            (
                ASSUMED_BANDWIDTH,
                "20Mi/s".to_owned(),
                Origin::Default("store bandwidth"),
            )
        }
    };
    let time =
        Duration::from_secs(Duration::from_millis(size.get() * 1000 / rate.max(1)).as_secs_ceil());
    Traced::derived(
        time,
        "fetch time",
        "size ÷ bandwidth of the store",
        vec![size.input("size"), Input::new("bandwidth", shown, from)],
    )
}

/// `s3://bucket/` of `s3://bucket/key`.
fn store_prefix(uri: &str) -> &str {
    let start = uri.find("://").map_or(0, |i| i + 3);
    uri[start..].find('/').map_or(uri, |i| &uri[..=start + i])
}

/// Memory requested: `2 × artifact size + 512Mi`, since runtimes hold the file and the graph
/// made from it while loading. `None`, and reported, where there is no size.
pub(super) fn memory(
    model: &Model,
    workload: &Workload,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Traced<Bytes>> {
    if let Some(written) = &workload.resources.memory {
        return Some(written.clone());
    }
    let Some(size) = workload.artifact.as_ref().and_then(|a| a.size.as_ref()) else {
        let is_told = match &workload.artifact {
            Some(_) => workload.startup.is_none(),
            None => workload.runtime.mlserve().is_some(),
        };
        if is_told {
            return None;
        }
        diagnostics.push(
            Diagnostic::error("LNG-05", model.span, format!("the memory that \"{}\" needs is unknown", model.name.value))
                .note("without a request the pod is the first to be evicted, and autoscalers and quotas cannot count it")
                .help("add `resources memory=\"2Gi\"`, or `size=` to the artifact"),
        );
        return None;
    };
    let mebibytes = (size.get() * 2).div_ceil(1 << 20) + 512;
    Some(Traced::derived(
        Bytes::mebibytes(mebibytes),
        "memory",
        "2 × size + 512Mi",
        vec![size.input("size")],
    ))
}
