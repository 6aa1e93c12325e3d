//! `cluster`.

use smol_str::SmolStr;

use crate::diag::{Diagnostic, number};
use crate::resolve::cluster::{
    Api, Cluster, ClusterClaim, Dns, Gateway, GatewayKind, GpuMode, Layout, Pool, PoolGpu,
    Provides, Quota, StorageClass, Store,
};
use crate::resolve::merge::{Merged, require};
use crate::resolve::origin::Traced;
use crate::spec::Written;
use crate::units::{DnsLabel, Duration, Port};

use super::artifact::access;
use super::{count, pairs};

/// Decodes a `cluster` node.
pub(crate) fn cluster(node: &Written, diagnostics: &mut Vec<Diagnostic>) -> Option<Cluster> {
    let node = Merged::alone(node, diagnostics);
    require(&node, diagnostics);
    Some(Cluster {
        name: node.arg(0)?,
        kubernetes: node.child("kubernetes").and_then(|n| n.arg(0)),
        provides: node
            .all("provides")
            .filter_map(|n| provides(n, diagnostics))
            .collect(),
        dns: dns(&node)?,
        gateways: node.all("gateway").filter_map(gateway).collect(),
        storage_classes: node
            .all("storage-class")
            .filter_map(|n| {
                let modes = n
                    .child("access")
                    .map(|m| m.args_from(0))
                    .unwrap_or_default();
                Some(StorageClass {
                    name: n.arg(0)?,
                    access: modes.iter().filter_map(access).collect(),
                })
            })
            .collect(),
        claims: node.all("claim").filter_map(claim).collect(),
        priority_classes: node
            .all("priority-class")
            .filter_map(|n| n.arg(0))
            .collect(),
        stores: node
            .all("store")
            .filter_map(|n| {
                Some(Store {
                    prefix: n.arg(0)?,
                    endpoint: n.get("endpoint"),
                    secret: n.get("secret"),
                    bandwidth: n.get("bandwidth"),
                })
            })
            .collect(),
        quotas: node.all("quota").filter_map(quota).collect(),
        pools: node
            .all("pool")
            .filter_map(|n| pool(n, diagnostics))
            .collect(),
        span: node.name,
    })
}

fn claim(node: &Merged<'_>) -> Option<ClusterClaim> {
    Some(ClusterClaim {
        name: node.arg(0)?,
        namespace: node.get("namespace")?,
        size: node.get("size")?,
        access: access(&node.get("access")?)?,
    })
}

fn dns(node: &Merged<'_>) -> Option<Dns> {
    let given = node.child("dns");
    let namespace = given.and_then(|n| n.get::<DnsLabel>("namespace"));
    Some(Dns {
        addresses: given.map(|n| n.args_from(0)).unwrap_or_default(),
        namespace: namespace
            .map(|n| n.map(|n| n.as_str().into()))
            .unwrap_or_else(|| Traced::default("kube-system".into(), "dns namespace")),
        port: match given.and_then(|n| n.get("port")) {
            Some(port) => port,
            None => Traced::default(Port::new(53)?, "dns port"),
        },
    })
}

/// Properties of `provides` that say something of one API alone.
const OF_ONE: [(&str, Api); 4] = [
    ("cni", Api::Istio),
    ("native-sidecars", Api::Istio),
    ("scrape", Api::PrometheusOperator),
    ("url", Api::PrometheusOperator),
];

fn provides(node: &Merged<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Provides> {
    let word: Traced<SmolStr> = node.arg(0)?;
    let (api, _, home) = Api::ALL
        .into_iter()
        .find(|(_, name, _)| *name == word.as_str())?;
    for (index, given) in &node.props {
        let name = node.kind.props[*index].name;
        if let Some((_, of)) = OF_ONE.iter().find(|(n, of)| *n == name && *of != api) {
            let message = format!("`{name}` has no effect on \"{word}\"", word = word.value);
            diagnostics.push(
                Diagnostic::error("LNG-16", given.span, message).help(format!(
                    "drop it; it belongs to `provides \"{}\"`",
                    of.name()
                )),
            );
        }
    }
    Some(Provides {
        api,
        version: node.get("version")?,
        namespace: node
            .get::<DnsLabel>("namespace")
            .map(|n| n.map(|n| n.as_str().into()))
            .unwrap_or_else(|| Traced::default(home.into(), "provides namespace")),
        url: node.get("url"),
        scrape: node
            .get("scrape")
            .unwrap_or_else(|| Traced::default(Duration::from_millis(30_000), "provides scrape")),
        cni: node
            .get("cni")
            .unwrap_or_else(|| Traced::default(false, "provides cni")),
        native_sidecars: node.get("native-sidecars"),
        select: pairs(&node.children, "select"),
        span: node.name,
    })
}

fn gateway(node: &Merged<'_>) -> Option<Gateway> {
    let kind: Traced<SmolStr> = node.get("kind")?;
    let namespace: Traced<DnsLabel> = node.get("namespace")?;
    Some(Gateway {
        name: node.arg(0)?,
        kind: kind.map(|k| match k.as_str() {
            "istio" => GatewayKind::Istio,
            _ => GatewayKind::GatewayApi,
        }),
        pods: node.get("pods").unwrap_or_else(|| namespace.clone()),
        namespace,
        hosts: node
            .child("hosts")
            .map(|h| h.args_from(0))
            .unwrap_or_default(),
    })
}

fn quota(node: &Merged<'_>) -> Option<Quota> {
    let number = |n: &Merged<'_>, position| {
        n.arg::<i64>(position)
            .map(|c| c.map(|c| u64::try_from(*c).unwrap_or_default()))
    };
    Some(Quota {
        namespace: node.arg(0)?,
        gpu: node.child("gpu").and_then(|n| number(n, 0)),
        mig: node
            .all("mig")
            .filter_map(|n| Some((n.arg(0)?, number(n, 1)?)))
            .collect(),
        cpu: node.child("cpu").and_then(|n| n.arg(0)),
        memory: node.child("memory").and_then(|n| n.arg(0)),
    })
}

fn pool(node: &Merged<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Pool> {
    let nodes = count(node, "nodes")?;
    if let Some(most) = count(node, "max-nodes")
        && most.value < nodes.value
        && let Some(span) = most.span()
    {
        diagnostics.push(
            Diagnostic::error(
                "LNG-07",
                span,
                format!(
                    "`max-nodes` is {}, but the pool has {}",
                    most.value,
                    number(nodes.value, "node")
                ),
            )
            .help("state the most that the autoscaler may go to, or drop it"),
        );
    }
    Some(Pool {
        name: node.arg(0)?,
        gpu: pool_gpu(node, diagnostics),
        max_nodes: count(node, "max-nodes").unwrap_or_else(|| nodes.clone()),
        nodes,
        cpu: node.get("cpu"),
        memory: node.get("memory"),
        spot: node
            .get("spot")
            .unwrap_or_else(|| Traced::default(false, "pool spot")),
        taints: node.all("taint").filter_map(|t| t.arg(0)).collect(),
        labels: pairs(&node.children, "label"),
        zones: node
            .child("zone")
            .map(|z| z.args_from(0))
            .unwrap_or_default(),
        price: node.child("price").and_then(|p| p.arg(0)),
        span: node.name,
    })
}

fn pool_gpu(node: &Merged<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<PoolGpu> {
    let product = node.get("gpu");
    let per_node = count(node, "gpus-per-node");
    let (product, per_node) = match (product, per_node) {
        (Some(product), Some(per_node)) => (product, per_node),
        (None, None) if node.child("mig").is_none() && node.child("share").is_none() => {
            return None;
        }
        _ if node.faulty() => return None,
        (product, _) => {
            let missing = if product.is_none() {
                "gpu"
            } else {
                "gpus-per-node"
            };
            diagnostics.push(
                Diagnostic::error(
                    "LNG-05",
                    node.name,
                    format!("{} needs `{missing}`", node.title()),
                )
                .help("a pool with GPUs says which product and how many on each node"),
            );
            return None;
        }
    };
    let mode = if let Some(mig) = node.child("mig") {
        mig_mode(mig, &per_node, diagnostics)?
    } else if let Some(share) = node.child("share") {
        GpuMode::Shared {
            time_slicing: share.arg::<SmolStr>(0)?.map(|w| w == "time-slicing"),
            replicas: count(share, "replicas")?,
            rename: share
                .get("rename")
                .unwrap_or_else(|| Traced::default(false, "share rename")),
        }
    } else {
        GpuMode::Whole
    };
    Some(PoolGpu {
        product,
        per_node,
        reserved: count(node, "reserved-gpus")
            .unwrap_or_else(|| Traced::default(0, "pool reserved-gpus")),
        mode,
    })
}

fn mig_mode(
    mig: &Merged<'_>,
    per_node: &Traced<u64>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<GpuMode> {
    let strategy: Traced<SmolStr> = mig.get("strategy")?;
    let layouts: Vec<_> = mig
        .all("layout")
        .filter_map(|l| {
            Some(Layout {
                name: l.arg(0)?,
                gpus_per_node: count(l, "gpus-per-node")?,
                slices: l
                    .all("slice")
                    .filter_map(|s| Some((s.arg(0)?, count(s, "count")?)))
                    .collect(),
            })
        })
        .collect();
    let cut: u64 = layouts.iter().map(|l| l.gpus_per_node.value).sum();
    if cut > per_node.value
        && let Some(last) = layouts.last()
    {
        let mut diagnostic = Diagnostic::error(
            "LNG-07",
            last.gpus_per_node.span().unwrap_or(mig.name),
            format!(
                "the layouts cut {} of each node, which has {}",
                number(cut, "GPU"),
                per_node.value
            ),
        )
        .help("the GPUs of all layouts add up to `gpus-per-node` of the pool at most");
        if let Some(span) = per_node.span() {
            diagnostic = diagnostic.also(span, "what each node has");
        }
        diagnostics.push(diagnostic);
    }
    let profiles = layouts.iter().flat_map(|l| &l.slices);
    let mixed = profiles
        .clone()
        .any(|(p, _)| Some(p.value) != profiles.clone().next().map(|(p, _)| p.value));
    if strategy.value == "single"
        && (mixed || cut < per_node.value)
        && let Some(span) = strategy.span()
    {
        diagnostics.push(
            Diagnostic::error(
                "LNG-07",
                span,
                "with strategy \"single\" every GPU of a node is cut into slices of one profile",
            )
            .note("the device plugin calls them all `nvidia.com/gpu`, and refuses a node that mixes them")
            .help("write `strategy=\"mixed\"`, or one layout of one profile for all GPUs"),
        );
    }
    Some(GpuMode::Mig {
        single: strategy.map(|s| s == "single"),
        layouts,
    })
}
