//! One model's decisions.

use smol_str::SmolStr;

use crate::diag::Diagnostic;
use crate::resolve::cluster::{Api, Cluster, GatewayKind};
use crate::resolve::model::{Disruption, Model, RouteVia, Runtime, Workload};
use crate::resolve::origin::{Origin, Traced};
use crate::resolve::workspace::{Target, Workspace};
use crate::units::Bytes;

use super::types::{ClusterCapacity, DisruptionPlan, Entry, ModelPlan, Placement, WorkloadPlan};
use super::{
    capacity, disk, names, network, nfs, observe, placement, ports, probes, rollout, scaling,
    serve, startup, termination, traffic,
};

/// The user of the server's image: not root, numeric, so that `runAsNonRoot` can be verified.
const MLSERVE_USER: i64 = 65_532;

/// Plans a model for a target. `None` where something it cannot be without is missing and
/// reported.
#[must_use]
pub fn plan<'w>(
    workspace: &'w Workspace,
    target: &'w Target,
    model: &'w Model,
    capacity: &[ClusterCapacity<'_>],
) -> (Option<ModelPlan<'w>>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mesh = mesh(target, model);
    let meshed = mesh.as_ref().is_some_and(|m| m.value);
    let cx = Cx {
        workspace,
        target,
        model,
        capacity,
    };
    let mut workloads = Vec::with_capacity(model.workloads.len());
    for workload in &model.workloads {
        let placement = placement::place(&target.cluster, workload);
        workloads.extend(cx.workload(workload, placement, &mut diagnostics));
    }
    if workloads.len() < model.workloads.len() {
        return (None, diagnostics);
    }
    let labels = names::model_labels(workspace, model);
    let routes = traffic::routes(&target.cluster, model, &workloads, &mut diagnostics);
    let services = traffic::services(&target.cluster, model, &labels, &workloads, meshed);
    diagnostics.extend(ports::taken_twice(model.span, &workloads, &services));
    let plan = ModelPlan {
        model,
        target,
        services,
        mesh_split: traffic::mesh_split(model, &workloads, meshed, &mut diagnostics),
        network: network::network(workspace, target, model, &workloads, meshed),
        scrape: observe::scrape(target, model, meshed),
        alerts: observe::alerts(target, model, &mut diagnostics),
        labels,
        routes,
        mesh,
        workloads,
    };
    (Some(plan), diagnostics)
}

/// Whether the pods are in the Istio mesh: a route of an Istio gateway leads to them, or they
/// have no series of their own and the mesh's serve. `None` where the cluster has no Istio.
fn mesh(target: &Target, model: &Model) -> Option<Traced<bool>> {
    let inside = |span| {
        Some(Traced {
            value: true,
            from: Origin::Written(span),
        })
    };
    let istio = target.cluster.provides(Api::Istio)?;
    let routed = model.routes.iter().find(|r| match &r.via {
        RouteVia::Gateway { index, .. } => target
            .cluster
            .gateways
            .get(*index)
            .is_some_and(|g| *g.kind == GatewayKind::Istio),
        RouteVia::Ingress(_) => false,
    });
    if let Some(route) = routed {
        return inside(route.span);
    }
    let silent = model.workloads.iter().any(|w| match &w.runtime {
        Runtime::Mlserve(_) => false,
        Runtime::Container(c) => c.metrics.is_none(),
    });
    if silent {
        return inside(istio.span);
    }
    Some(Traced::fixed(
        false,
        "no gateway of Istio leads here and the pods have metrics of their own: a sidecar, which a \
         label of the namespace may ask for, would be cut off by the NetworkPolicy",
    ))
}

struct Cx<'c, 'w> {
    workspace: &'w Workspace,
    target: &'w Target,
    model: &'w Model,
    capacity: &'c [ClusterCapacity<'c>],
}

impl<'w> Cx<'_, 'w> {
    fn workload(
        &self,
        workload: &'w Workload,
        placement: Placement<'w>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<WorkloadPlan<'w>> {
        let Cx {
            workspace,
            target,
            model,
            capacity,
        } = *self;
        let cluster = &target.cluster;
        let name = names::workload(model, workload);
        let selector = names::selector(model, workload, &name);
        let window = startup::window(model, workload, diagnostics);
        let memory = startup::memory(model, workload, diagnostics);
        let fetch = startup::fetch(cluster, workload, diagnostics);
        let fetcher = serve::fetcher(workspace, workload, diagnostics);
        let user = user(workload, diagnostics);
        diagnostics.extend(gpu_operator(cluster, workload));
        let (window, memory) = (window?, memory?);
        diagnostics.extend(below_request(workload, &memory));
        let Some(probes) = probes::probes(workload, &window) else {
            diagnostics.push(
                Diagnostic::error(
                    "LNG-05",
                    workload.runtime.container().map_or(model.span, |c| c.span),
                    format!("the container of \"{}\" states no probe", model.name.value),
                )
                .note("without one, traffic is sent before the model is loaded (PRB-04)")
                .help("add `readiness \"/ready\"` or `liveness \"/health\"` to the runtime"),
            );
            return None;
        };
        let offer = capacity::offer(capacity, cluster.name.as_str(), &placement);
        let rollout = rollout::rollout(
            workload,
            &placement,
            &memory,
            offer,
            capacity::quota(capacity, target),
        );
        let deadline = rollout::deadline(workload, &fetch, &window);
        let grace = termination::grace(model, workload);
        let pre_stop = termination::pre_stop();
        let scaling = scaling::scaling(
            &scaling::Cx {
                cluster,
                env: &target.env,
                model,
                workload,
                name: &name,
                fetch: &fetch,
                startup: &window,
            },
            diagnostics,
        );
        let config = match workload.runtime.mlserve() {
            None => None,
            Some(server) => {
                let cx = serve::Cx {
                    model,
                    workload,
                    name: &name,
                    placement: &placement,
                    grace: &grace,
                    pre_stop: &pre_stop,
                };
                Some(serve::config(&cx, server, diagnostics)?)
            }
        };
        Some(WorkloadPlan {
            labels: names::labels(workspace, model, workload, &name, &selector, diagnostics),
            annotations: names::annotations(workload, diagnostics),
            ports: traffic::ports(workload)?,
            memory_limit: workload
                .resources
                .memory_limit
                .clone()
                .unwrap_or_else(|| memory.clone()),
            memory,
            disk: disk::disk(workload, fetcher.as_ref()),
            user,
            probes,
            rollout_time: rollout::whole(workload, &rollout, &deadline),
            deadline,
            rollout,
            disruption: disruption(workload),
            spread: spread(workload, &placement),
            scaling: scaling?,
            startup: window,
            fetch,
            fetcher,
            config,
            nfs: nfs::nfs(target, workload, &name),
            grace,
            pre_stop,
            placement,
            selector,
            workload,
            name,
        })
    }
}

/// Reports a memory limit below the memory that is requested.
fn below_request(workload: &Workload, memory: &Traced<Bytes>) -> Option<Diagnostic> {
    let limit = workload.resources.memory_limit.as_ref()?;
    if limit.value >= memory.value {
        return None;
    }
    let message = format!(
        "the limit {} is below the {} that are requested",
        limit.value, memory.value
    );
    let finding = Diagnostic::error("LNG-07", limit.span()?, message)
        .help("raise `memory-limit`, or request less with `memory`");
    Some(match memory.from {
        Origin::Written(span) => finding.also(span, "the request"),
        _ => finding.note("`memory` is not written: it is derived from the artifact's size"),
    })
}

/// Reports a GPU on a cluster without what makes GPUs a resource.
fn gpu_operator(cluster: &Cluster, workload: &Workload) -> Option<Diagnostic> {
    let gpu = workload.gpu.as_ref()?;
    if cluster.provides(Api::GpuOperator).is_some() {
        return None;
    }
    let message = format!(
        "`gpu` needs the GPU operator, which cluster \"{}\" does not provide",
        cluster.name.value
    );
    Some(
        Diagnostic::error("LNG-22", gpu.span, message)
            .note("without its device plugin no node offers the resource: pods stay Pending")
            .help("add to the cluster: provides \"gpu-operator\" version=\"26.3\""),
    )
}

/// The user the container runs as. An image whose user is not stated is reported: restricted
/// pod security refuses it where the image names root or no number.
fn user(workload: &Workload, diagnostics: &mut Vec<Diagnostic>) -> Option<Traced<i64>> {
    match &workload.runtime {
        Runtime::Mlserve(_) => Some(Traced::fixed(
            MLSERVE_USER,
            "the user of the server's image",
        )),
        Runtime::Container(c) => {
            if c.user.is_none() {
                diagnostics.push(
                    Diagnostic::warning("LNG-21", c.span, format!("the user that {} runs as is not stated", c.image.value))
                        .note("where the image names root, or a user without a number, the pod is refused")
                        .help("add `user 10001` to the runtime"),
                );
            }
            c.user.clone()
        }
    }
}

/// The disruption budget: one pod may be away, where two or more are there at least.
fn disruption(workload: &Workload) -> Option<DisruptionPlan> {
    match &workload.disruption {
        Some(Disruption::MaxUnavailable(n)) => Some(DisruptionPlan::MaxUnavailable(n.clone())),
        Some(Disruption::MinAvailable(n)) => Some(DisruptionPlan::MinAvailable(n.clone())),
        None => {
            let min = workload.scale.min();
            (**min >= 2).then(|| {
                DisruptionPlan::MaxUnavailable(Traced::derived(
                    1,
                    "disruption budget",
                    "one pod may be away, where there are two or more",
                    vec![min.input("least replicas")],
                ))
            })
        }
    }
}

/// What replicas spread over: nodes, and zones where the pool has several.
fn spread(workload: &Workload, placement: &Placement<'_>) -> Vec<Traced<SmolStr>> {
    let max = workload.scale.max();
    if **max < 2 {
        return Vec::new();
    }
    let key = |key: &str, inputs| {
        Traced::derived(
            SmolStr::new(key),
            "spread",
            "over zones where the pool has several, over nodes where there can be several replicas",
            inputs,
        )
    };
    let mut keys = Vec::new();
    if let Some(pool) = placement.pool.filter(|p| p.zones.len() > 1) {
        keys.push(key(
            "topology.kubernetes.io/zone",
            vec![pool.zones[0].input("zone")],
        ));
    }
    keys.push(key(
        "kubernetes.io/hostname",
        vec![max.input("most replicas")],
    ));
    keys
}

/// The value of a label in a sorted list.
#[must_use]
pub fn label<'e>(entries: &'e [Entry], key: &str) -> Option<&'e Traced<SmolStr>> {
    entries.iter().find(|(k, _)| k == key).map(|(_, v)| v)
}
