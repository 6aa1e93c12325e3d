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
    Backend, Backends, HeaderBackend, RoutePlan, RouteViaPlan, ServicePlan, WeightedBackend,
    WorkloadPlan,
};

/// Time that a gateway waits beyond the server's own timeout, so that the server's answer, not
/// the gateway's 504, tells what happened.
const BEYOND: Duration = Duration::from_secs(1);

/// The model's Service, and one for each variant where routes need them: Gateway API and
/// Ingress know no subsets.
pub(super) fn services(
    cluster: &Cluster,
    model: &Model,
    labels: &[super::types::Entry],
    workloads: &[WorkloadPlan<'_>],
) -> Vec<ServicePlan> {
    let primary = &workloads[0];
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
        selector: if model.is_split() {
            names::model_selector(model)
        } else {
            primary.selector.clone()
        },
        labels: labels.to_vec(),
    };
    let subsets = |route: &Route| match &route.via {
        RouteVia::Gateway { index, .. } => cluster
            .gateways
            .get(*index)
            .is_some_and(|g| *g.kind == GatewayKind::Istio),
        RouteVia::Ingress(_) => false,
    };
    let mut services = vec![own];
    if scraped.value != model.service.name.as_str() {
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
    if model.is_split() && model.routes.iter().any(|r| !subsets(r)) {
        services.extend(workloads.iter().map(|workload| {
            ServicePlan {
                name: variant_service(model, workload),
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

/// Name of a variant's Service: `<service>-<variant>`.
fn variant_service(model: &Model, workload: &WorkloadPlan<'_>) -> Traced<SmolStr> {
    let service = &model.service.name;
    match &workload.workload.variant {
        None => service.map(|n| n.as_str().into()),
        Some(variant) => Traced::derived(
            format_smolstr!("{}-{}", service.as_str(), variant.name.as_str()),
            "name of a variant's Service",
            "Service name, `-`, variant name",
            vec![variant.name.input("variant"), service.input("service")],
        ),
    }
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
            RouteVia::Ingress(class) => RouteViaPlan::Ingress {
                class: class.clone(),
            },
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
        plans.push(RoutePlan {
            name: route_name(model, route),
            timeout: timeout(model, route),
            backends: backends(model, route, &via, workloads),
            via,
            route,
        });
    }
    plans
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
fn timeout(model: &Model, route: &Route) -> Traced<Duration> {
    if let Some(written) = &route.timeout {
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

fn backends(
    model: &Model,
    route: &Route,
    via: &RouteViaPlan,
    workloads: &[WorkloadPlan<'_>],
) -> Backends {
    let mut backends = Backends {
        headers: Vec::new(),
        weighted: Vec::new(),
    };
    for workload in workloads {
        let backend = backend(model, route, via, workload);
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

fn backend(
    model: &Model,
    route: &Route,
    via: &RouteViaPlan,
    workload: &WorkloadPlan<'_>,
) -> Backend {
    let istio = matches!(via, RouteViaPlan::Istio { .. });
    let variant = workload.workload.variant.as_ref();
    let port = match &workload.ports.grpc {
        Some(grpc) if *route.grpc => grpc.clone(),
        _ => model.service.port.clone(),
    };
    Backend {
        service: if istio {
            model.service.name.map(|n| n.as_str().into())
        } else {
            variant_service(model, workload)
        },
        port,
        subset: variant
            .filter(|_| istio)
            .map(|v| v.name.map(|n| n.as_str().into())),
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
