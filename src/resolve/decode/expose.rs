//! `expose`.

use smol_str::SmolStr;

use crate::diag::Diagnostic;
use crate::resolve::merge::Merged;
use crate::resolve::model::{Route, RouteVia, ServiceSpec, ServiceType};
use crate::resolve::origin::Traced;
use crate::units::{DnsLabel, Duration, HttpPath, Port};

use super::Cx;

/// Decodes every `expose`: the Service and the routes.
pub(crate) fn expose(
    nodes: &[Merged<'_>],
    model: &Traced<DnsLabel>,
    cx: &mut Cx<'_>,
) -> Option<(ServiceSpec, Vec<Route>)> {
    let mut service = ServiceSpec {
        kind: Traced::default(ServiceType::ClusterIp, "expose service"),
        name: Traced::default(model.value.clone(), "expose name"),
        port: Traced::default(Port::new(80)?, "expose port"),
    };
    let mut given = None;
    let mut routes = Vec::new();
    for node in nodes.iter().filter(|n| n.kind.name == "expose") {
        if let Some(kind) = node.get::<SmolStr>("service") {
            if let Some(first) = given.replace(node.name) {
                cx.diagnostics.push(
                    Diagnostic::error("LNG-09", node.name, "a model has one Service")
                        .also(first, "it is described here already"),
                );
            }
            service.kind = kind.map(|k| match k.as_str() {
                "LoadBalancer" => ServiceType::LoadBalancer,
                _ => ServiceType::ClusterIp,
            });
            service.name = node.get("name").unwrap_or(service.name);
            service.port = node.get("port").unwrap_or(service.port);
        } else {
            routes.extend(route(node, cx));
        }
    }
    Some((service, routes))
}

fn route(node: &Merged<'_>, cx: &mut Cx<'_>) -> Option<Route> {
    // What excludes what is told already, and one of the two goes.
    let names: &[&str] = if node.faulty() {
        &[]
    } else {
        &["name", "port"]
    };
    for name in names {
        if let Some(given) = node
            .props
            .iter()
            .find(|(i, _)| node.kind.props[*i].name == *name)
        {
            cx.no_effect(
                given.1.span,
                format!("`{name}` has no effect without `service=`"),
                "add `service=\"ClusterIP\"`, or drop it",
            );
        }
    }
    let via = if let Some(name) = node.get::<DnsLabel>("gateway") {
        let gateways = &cx.cluster.gateways;
        let Some(index) = gateways.iter().position(|g| g.name.value == name.value) else {
            let what = format!("gateway on cluster \"{}\" called", cx.cluster.name.value);
            let known = gateways.iter().map(|g| g.name.as_str());
            cx.unknown(name.span(), &what, name.as_str(), known);
            return None;
        };
        RouteVia::Gateway { name, index }
    } else if let Some(class) = node.get("ingress") {
        RouteVia::Ingress(class)
    } else {
        cx.diagnostics.push(
            Diagnostic::error("LNG-05", node.name, "`expose` does not say how")
                .help("add `gateway=`, `service=` or `ingress=`"),
        );
        return None;
    };
    let timeout: Option<Traced<Duration>> = node.get("timeout");
    if let (RouteVia::Ingress(_), Some(time)) = (&via, &timeout)
        && time.as_secs_exact().is_none()
        && let Some(span) = time.span()
    {
        cx.diagnostics.push(
            Diagnostic::error(
                "LNG-07",
                span,
                format!(
                    "`timeout` is {}, but nginx counts whole seconds",
                    time.value
                ),
            )
            .help("write one such as \"3s\""),
        );
    }
    let host = node.get("host");
    if host.is_none() {
        cx.diagnostics.push(
            Diagnostic::error("LNG-05", node.name, "a route needs its `host`")
                .help("add `host=\"nlp.acme.io\"`: a route without one takes every host's traffic"),
        );
        return None;
    }
    let grpc = node
        .get::<SmolStr>("protocol")
        .map(|p| p.map(|p| p == "grpc"))
        .unwrap_or_else(|| Traced::default(false, "expose protocol"));
    Some(Route {
        name: node.arg(0),
        via,
        host,
        path: match node.get("path") {
            Some(path) => path,
            None => Traced::default(HttpPath::parse("/").ok()?, "expose path"),
        },
        timeout,
        rewrite: node.get("rewrite"),
        grpc,
        span: node.name,
    })
}
