//! `gpu`.

use smol_str::SmolStr;

use crate::diag::Diagnostic;
use crate::resolve::merge::Merged;
use crate::resolve::model::{Gpu, GpuWant};

use super::{Cx, count, find};

/// Decodes `gpu`.
pub(crate) fn gpu(nodes: &[Merged<'_>], cx: &mut Cx<'_>) -> Option<Gpu> {
    let node = find(nodes, "gpu")?;
    let pool: Option<crate::resolve::Traced<crate::units::DnsLabel>> = node.get("pool");
    let cluster = cx.cluster;
    if let Some(pool) = &pool
        && !cluster.pools.iter().any(|p| p.name.value == pool.value)
    {
        let what = format!("pool on cluster \"{}\" called", cluster.name.value);
        let names = cluster.pools.iter().map(|p| p.name.as_str());
        cx.unknown(pool.span(), &what, pool.as_str(), names);
    }
    let want = if let Some(share) = node.get::<SmolStr>("share") {
        let Some(memory) = node.get("memory") else {
            cx.diagnostics.push(
                Diagnostic::error("LNG-05", node.name, "`gpu share=` needs `memory=`")
                    .note("a shared GPU does not isolate memory: the engine's cap comes from here")
                    .help("add `memory=`: an amount such as \"2Gi\""),
            );
            return None;
        };
        GpuWant::Share {
            time_slicing: share.map(|s| s == "time-slicing"),
            memory,
        }
    } else if let Some(mig) = node.get("mig") {
        GpuWant::Mig(mig)
    } else if let Some(count) = count(node, "count") {
        GpuWant::Count(count)
    } else if let Some(memory) = node.get("memory") {
        GpuWant::Memory(memory)
    } else {
        cx.diagnostics.push(
            Diagnostic::error("LNG-05", node.name, "`gpu` does not say what is needed")
                .help("write `count=1`, `mig=\"1g.5gb\"`, `memory=\"4Gi\"` or `share=\"time-slicing\" memory=\"2Gi\"`"),
        );
        return None;
    };
    Some(Gpu {
        want,
        pool,
        span: node.name,
    })
}
