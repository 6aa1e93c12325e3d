//! Services and routes.

use mlspec_contract::ports;
use smol_str::{SmolStr, format_smolstr};

use crate::diag::Diagnostic;
use crate::resolve::cluster::{Api, Cluster, GatewayKind};
use crate::resolve::model::{Model, Route, RouteVia, ServiceType, Share};
use crate::resolve::origin::{Input, Traced};
use crate::units::{Duration, Port};

use super::names;
use super::termination::batch_delay;
use super::types::{
    Backend, Backends, Entry, HeaderBackend, MeshSplit, RoutePlan, RouteViaPlan, ServicePlan,
    WeightedBackend, WorkloadPlan,
};

/// Time that a gateway waits beyond the server's own timeout, so that the server's answer, not
/// the gateway's 504, tells what happened.
const BEYOND: Duration = Duration::from_secs(1);

/// The model's Service; one over all variants for Prometheus and the mesh, or one for metrics
/// beside a LoadBalancer; and one for each variant where routes need them: Gateway API and Ingress
/// know no subsets.
pub(super) fn services(
    cluster: &Cluster,
    model: &Model,
    labels: &[Entry],
    workloads: &[WorkloadPlan<'_>],
    meshed: bool,
) -> Vec<ServicePlan> {
    let primary = &workloads[0];
    let split = model.is_split();
    let scraped = names::scraped_service(model);
    let own = ServicePlan {
        name: model.service.name.map(|n| n.as_str().into()),
        load_balancer: model.service.kind.map(|k| *k == ServiceType::LoadBalancer),
        port: Some(model.service.port.clone()),
        grpc: primary.ports.grpc.clone(),
        admin: primary
            .ports
            .admin
            .clone()
            .filter(|_| scraped.value == model.service.name.as_str()),
        selector: primary.selector.clone(),
        labels: labels.to_vec(),
    };
    let mut services = vec![own];
    if split && (meshed || cluster.provides(Api::PrometheusOperator).is_some()) {
        services.push(over_all(model, labels, primary));
    } else if !split && scraped.value != model.service.name.as_str() {
        services.push(ServicePlan {
            load_balancer: Traced::fixed(false, "only Prometheus calls it"),
            port: None,
            grpc: None,
            admin: primary.ports.admin.clone(),
            selector: services[0].selector.clone(),
            labels: labels.to_vec(),
            name: scraped,
        });
    }
    if split && model.routes.iter().any(|r| !has_subsets(cluster, r)) {
        services.extend(workloads.iter().map(|workload| {
            ServicePlan {
                name: names::variant_service(model, workload.workload),
                load_balancer: Traced::fixed(false, "only the gateway calls a variant's Service"),
                port: Some(model.service.port.clone()),
                grpc: workload.ports.grpc.clone(),
                admin: None,
                selector: workload.selector.clone(),
                labels: workload
                    .labels
                    .iter()
                    .filter(|(k, _)| k != names::NAME)
                    .cloned()
                    .collect(),
            }
        }));
    }
    services
}

/// The Service over all variants: the mesh tells them apart as its subsets, and Prometheus
/// scrapes all pods by it.
fn over_all(model: &Model, labels: &[Entry], primary: &WorkloadPlan<'_>) -> ServicePlan {
    let mut labels = labels.to_vec();
    for (key, value) in names::scrape_mark(model) {
        labels.retain(|(k, _)| *k != key);
        labels.push((key, value));
    }
    labels.sort_by(|a, b| a.0.cmp(&b.0));
    ServicePlan {
        name: names::variants_service(model),
        load_balancer: Traced::fixed(false, "only the mesh and Prometheus call it"),
        port: Some(model.service.port.clone()),
        grpc: primary.ports.grpc.clone(),
        admin: primary.ports.admin.clone(),
        selector: names::model_selector(model),
        labels,
    }
}

/// Whether a route tells variants apart as subsets of one Service.
fn has_subsets(cluster: &Cluster, route: &Route) -> bool {
    match &route.via {
        RouteVia::Gateway { index, .. } => cluster
            .gateways
            .get(*index)
            .is_some_and(|g| *g.kind == GatewayKind::Istio),
        RouteVia::Ingress(_) => false,
    }
}

/// What callers in the mesh get who use the model's Service: the split of its routes. A split
/// that neither the mesh nor a route serves is reported.
pub(super) fn mesh_split(
    model: &Model,
    workloads: &[WorkloadPlan<'_>],
    meshed: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<MeshSplit> {
    if !model.is_split() {
        return None;
    }
    let variant = workloads[0].workload.variant.as_ref()?;
    if !meshed {
        if model.routes.is_empty() {
            diagnostics.push(
                Diagnostic::error(
                    "LNG-16",
                    variant.span,
                    format!("nothing splits the traffic of \"{}\"", model.name.value),
                )
                .note("shares and headers are told apart by gateways and by the mesh; a Service leads to the primary variant alone")
                .help("add `expose gateway=\"…\" host=\"…\"`"),
            );
        }
        return None;
    }
    let service = &model.service;
    let http = service.port.clone();
    let grpc = workloads[0].ports.grpc.clone();
    let ports = std::iter::once((http, false)).chain(grpc.map(|g| (g, true)));
    Some(MeshSplit {
        name: Traced::derived(
            format_smolstr!("{}-in-mesh", model.name.as_str()),
            "name of the split in the mesh",
            "model name, `-in-mesh`",
            vec![model.name.input("model")],
        ),
        host: service.name.map(|n| n.as_str().into()),
        timeout: timeout(model, None),
        ports: ports
            .map(|(port, grpc)| (port, backends(model, grpc, true, workloads)))
            .collect(),
    })
}

/// Routes with their gateways looked up. A gateway whose API the cluster does not provide is
/// reported, and the route left out.
pub(super) fn routes<'w>(
    cluster: &'w Cluster,
    model: &'w Model,
    workloads: &[WorkloadPlan<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<RoutePlan<'w>> {
    let mut plans = Vec::new();
    for route in &model.routes {
        let via = match &route.via {
            RouteVia::Ingress(class) => {
                if !ingress(cluster, model, route, class, diagnostics) {
                    continue;
                }
                RouteViaPlan::Ingress {
                    class: class.clone(),
                }
            }
            RouteVia::Gateway { name, index } => {
                let Some(gateway) = cluster.gateways.get(*index) else {
                    continue;
                };
                let api = match *gateway.kind {
                    GatewayKind::GatewayApi => Api::GatewayApi,
                    GatewayKind::Istio => Api::Istio,
                };
                if cluster.provides(api).is_none() {
                    diagnostics.push(
                        Diagnostic::error(
                            "LNG-22",
                            name.span().unwrap_or(route.span),
                            format!(
                                "gateway \"{}\" needs {}, which cluster \"{}\" does not provide",
                                name.value,
                                api.name(),
                                cluster.name.value
                            ),
                        )
                        .help(format!(
                            "add to the cluster: provides \"{}\" version=\"…\"",
                            api.name()
                        )),
                    );
                    continue;
                }
                let namespace = gateway.namespace.map(|n| n.as_str().into());
                match *gateway.kind {
                    GatewayKind::GatewayApi => RouteViaPlan::GatewayApi {
                        gateway: name.map(|n| n.as_str().into()),
                        namespace,
                    },
                    GatewayKind::Istio => RouteViaPlan::Istio {
                        gateway: name.map(|n| {
                            format_smolstr!("{}/{}", gateway.namespace.as_str(), n.as_str())
                        }),
                    },
                }
            }
        };
        if *route.grpc && workloads.iter().any(|w| w.ports.grpc.is_none()) {
            diagnostics.push(
                Diagnostic::error(
                    "LNG-22",
                    route.span,
                    format!("\"{}\" has no gRPC port for this route", model.name.value),
                )
                .help("add `port \"grpc\" 9000` to the runtime, or drop `protocol=\"grpc\"`"),
            );
            continue;
        }
        if *route.grpc {
            grpc_path(route, diagnostics);
        }
        let subsets = matches!(via, RouteViaPlan::Istio { .. });
        plans.push(RoutePlan {
            name: route_name(model, route),
            timeout: timeout(model, route.timeout.as_ref()),
            backends: backends(model, *route.grpc, subsets, workloads),
            via,
            route,
        });
    }
    plans
}

/// Whether ingress-nginx can carry a route; reported where not.
fn ingress(
    cluster: &Cluster,
    model: &Model,
    route: &Route,
    class: &Traced<SmolStr>,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let span = class.span().unwrap_or(route.span);
    if cluster.provides(Api::IngressNginx).is_none() {
        let api = Api::IngressNginx.name();
        diagnostics.push(
            Diagnostic::error(
                "LNG-22",
                span,
                format!(
                    "ingress \"{}\" needs {api}, which cluster \"{}\" does not provide",
                    class.value, cluster.name.value
                ),
            )
            .help(format!(
                "add to the cluster: provides \"{api}\" version=\"…\""
            )),
        );
        return false;
    }
    if let Some(third) = model.workloads.get(2) {
        let variant = third.variant.as_ref();
        diagnostics.push(
            Diagnostic::error(
                "LNG-22",
                variant.map_or(model.span, |v| v.span),
                format!(
                    "ingress-nginx splits \"{}\" between two variants at most",
                    model.name.value
                ),
            )
            .also(span, "its route")
            .note("it takes one canary for each host and path")
            .help("use a gateway of the cluster: `expose gateway=\"public\" host=…`"),
        );
        return false;
    }
    true
}

/// A gRPC request's path is its method, `/package.Service/Method`: reports a path that none has,
/// and a rewrite, which would call another method.
fn grpc_path(route: &Route, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(rewrite) = &route.rewrite {
        diagnostics.push(
            Diagnostic::error(
                "LNG-07",
                rewrite.span().unwrap_or(route.span),
                "a path of gRPC cannot be rewritten",
            )
            .note("the path is the method that is called")
            .help("drop `rewrite`"),
        );
    }
    if !is_grpc_path(route.path.as_str()) {
        diagnostics.push(
            Diagnostic::error(
                "LNG-07",
                route.path.span().unwrap_or(route.span),
                format!("no gRPC request begins with `{}`", route.path.value),
            )
            .note("clients send `/package.Service/Method`, whatever the address they are given")
            .help("drop `path`, or write a service such as `/inference.GRPCInferenceService`"),
        );
    }
}

/// `/`, `/package.Service` or `/Service/Method`.
fn is_grpc_path(path: &str) -> bool {
    let inner = path.trim_matches('/');
    match inner.split_once('/') {
        None => inner.is_empty() || inner.contains('.'),
        Some((_, method)) => !method.contains('/'),
    }
}

fn route_name(model: &Model, route: &Route) -> Traced<SmolStr> {
    match &route.name {
        None => model.name.map(|n| n.as_str().into()),
        Some(name) => Traced::derived(
            format_smolstr!("{}-{}", model.name.as_str(), name.as_str()),
            "name of the route",
            "model name, `-`, name of the expose node",
            vec![name.input("expose"), model.name.input("model")],
        ),
    }
}

/// How long the gateway waits: `timeout + batch delay + 1s` (TRF-08).
fn timeout(model: &Model, written: Option<&Traced<Duration>>) -> Traced<Duration> {
    if let Some(written) = written {
        return written.clone();
    }
    let delay = model
        .workloads
        .iter()
        .map(batch_delay)
        .max_by_key(|(d, _)| *d);
    let (delay, from) = delay.unwrap_or((
        Duration::from_millis(0),
        crate::resolve::Origin::Default("batch"),
    ));
    let time = model.timeout.saturating_add(delay).saturating_add(BEYOND);
    Traced::derived(
        Duration::from_secs(time.as_secs_ceil()),
        "route timeout",
        "timeout + batch delay + 1s, in whole seconds: the server's answer comes before the gateway's",
        vec![
            model.timeout.input("timeout"),
            Input::new("batch delay", delay, from),
        ],
    )
}

fn backends(model: &Model, grpc: bool, subsets: bool, workloads: &[WorkloadPlan<'_>]) -> Backends {
    let mut backends = Backends {
        headers: Vec::new(),
        weighted: Vec::new(),
    };
    for workload in workloads {
        let backend = backend(model, grpc, subsets, workload);
        match workload.workload.variant.as_ref().map(|v| &v.share) {
            None => backends.weighted.push(WeightedBackend {
                weight: Traced::fixed(100, "there is one backend"),
                backend,
            }),
            Some(Share::Weight(weight)) => {
                backends.weighted.push(WeightedBackend {
                    weight: weight.clone(),
                    backend,
                });
            }
            Some(Share::Header { name, value }) => backends.headers.push(HeaderBackend {
                header: name.clone(),
                value: value.clone(),
                backend,
            }),
        }
    }
    backends
}

/// A workload as a destination: with a split a subset of the Service over all variants, or a
/// Service of its own.
fn backend(model: &Model, grpc: bool, subsets: bool, workload: &WorkloadPlan<'_>) -> Backend {
    let subsets = subsets && model.is_split();
    let variant = workload.workload.variant.as_ref().filter(|_| subsets);
    let port = match &workload.ports.grpc {
        Some(port) if grpc => port.clone(),
        _ => model.service.port.clone(),
    };
    Backend {
        service: match variant {
            Some(_) => names::variants_service(model),
            None => names::variant_service(model, workload.workload),
        },
        port,
        subset: variant.map(|v| v.name.map(|n| n.as_str().into())),
    }
}

/// Ports of a workload's container.
pub(super) fn ports(workload: &crate::resolve::model::Workload) -> Option<super::types::Ports> {
    use crate::resolve::model::Runtime;
    let contract = |number: u16| {
        Port::new(i128::from(number)).map(|p| Traced::fixed(p, "the server's contract"))
    };
    Some(match &workload.runtime {
        Runtime::Mlserve(_) => super::types::Ports {
            http: contract(ports::HTTP)?,
            grpc: contract(ports::GRPC),
            admin: Some(super::types::NamedPort {
                name: ports::ADMIN_NAME,
                port: contract(ports::ADMIN)?,
            }),
        },
        Runtime::Container(c) => super::types::Ports {
            http: c.port.clone(),
            grpc: c.grpc.clone(),
            admin: c
                .metrics
                .as_ref()
                .filter(|m| m.port.value != c.port.value)
                .map(|m| super::types::NamedPort {
                    name: "http-metrics",
                    port: m.port.clone(),
                }),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::is_grpc_path;

    /// A path of gRPC is a service and a method; a service without a package is told from a
    /// plain prefix by its method alone.
    #[test]
    fn grpc_paths() {
        for path in [
            "/",
            "/acme.Ranker",
            "/acme.Ranker/",
            "/acme.Ranker/Rank",
            "/Ranker/Rank",
        ] {
            assert!(is_grpc_path(path), "{path}");
        }
        for path in ["/b", "/rank/", "/a/b/c", "/v1/acme.Ranker/Rank"] {
            assert!(!is_grpc_path(path), "{path}");
        }
    }
}
