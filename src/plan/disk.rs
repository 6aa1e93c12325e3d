//! How much disk of its node a pod may use.

use crate::resolve::model::Workload;
use crate::resolve::origin::{Input, Origin, Traced};
use crate::units::Bytes;

use super::types::Fetcher;

/// Logs of the server, the fetcher and a sidecar: the kubelet keeps 5 files of 10 MiB for each
/// container. Source: kubelet configuration, `containerLogMaxSize` and `containerLogMaxFiles`,
/// 2026-11.
const LOGS: Bytes = Bytes::mebibytes(150);

/// What the pod's `ephemeral-storage` is limited to, where the spec gives `resources disk`: disk +
/// artifact volume + writable folders + logs. The kubelet counts every volume on the node's disk,
/// the model's files among them, and evicts the pod that goes beyond the limits of its containers
/// (STO-01). Without `disk` there is no limit but that of each volume.
pub(super) fn disk(workload: &Workload, fetcher: Option<&Fetcher>) -> Option<Traced<Bytes>> {
    let scratch = workload.resources.disk.as_ref()?;
    let mut inputs = vec![scratch.input("disk")];
    let mut total = scratch.value;
    let mut add = |name, size: Bytes, from: Origin| {
        total = total.checked_add(size).unwrap_or(Bytes::new(u64::MAX));
        inputs.push(Input::new(name, size, from));
    };
    if let Some(files) = fetcher.and_then(|f| f.volume_limit.as_ref()) {
        add("artifact volume", files.value, files.from.clone());
    }
    let container = workload.runtime.container();
    for (_, size) in container.into_iter().flat_map(|c| &c.writable) {
        add("writable", size.value, size.from.clone());
    }
    add(
        "logs",
        LOGS,
        Origin::Fixed("5 files of 10Mi that the kubelet keeps of each of three containers"),
    );
    Some(Traced::derived(
        total,
        "disk of the pod",
        "disk + artifact volume + writable folders + 150Mi of logs",
        inputs,
    ))
}
