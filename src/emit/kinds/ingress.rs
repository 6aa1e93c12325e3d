//! Ingress: a route of ingress-nginx, which is retired. networking.k8s.io/v1,
//! <https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/>,
//! checked 2026-11.
//!
//! A split becomes further Ingresses of the same host and path, marked as canary: nginx asks a
//! canary's header first, then its weight.

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule,
    IngressServiceBackend, IngressSpec, ServiceBackendPort,
};

use super::super::trace::escape;
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::{Backend, HeaderBackend, ModelPlan, RoutePlan, RouteViaPlan, WeightedBackend};
use crate::resolve::origin::Origin;
use crate::units::HttpPath;

/// One for each route of an Ingress, and one for each variant beside the primary one.
pub static EMITTER: Emitter = Emitter {
    kind: "Ingress",
    api_version: "networking.k8s.io/v1",
    wave: 10,
    scope: Scope::Model(emit),
};

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    for route in &plan.routes {
        if !matches!(route.via, RouteViaPlan::Ingress { .. }) {
            continue;
        }
        for part in parts(route) {
            let mut trace = out.trace();
            let object = object(route, &part, &mut trace);
            out.model_object(plan, EMITTER.wave, object, trace);
        }
    }
}

/// One Ingress of a route.
#[derive(Clone, Copy)]
enum Part<'r> {
    /// The primary variant, which gets what no canary takes.
    Main(&'r Backend),
    /// A variant that a header picks.
    Header(&'r HeaderBackend),
    /// A variant with a share.
    Weight(&'r WeightedBackend),
}

/// The Ingresses of a route: the main one, then canaries by header, then by weight, as nginx
/// asks them. The planner allows one canary: nginx takes one for each host and path.
fn parts<'r>(route: &'r RoutePlan<'_>) -> Vec<Part<'r>> {
    let mut weighted = route.backends.weighted.iter();
    let main = weighted.next().map(|w| Part::Main(&w.backend));
    let headers = route.backends.headers.iter().map(Part::Header);
    let weights = weighted.map(Part::Weight);
    main.into_iter().chain(headers).chain(weights).collect()
}

fn object(route: &RoutePlan<'_>, part: &Part<'_>, trace: &mut Trace) -> Ingress {
    let mut object = Ingress::default();
    object.metadata.name = Some(name(route, part, trace));
    object.metadata.annotations = Some(annotations(route, part, trace));
    object.spec = Some(spec(route, part, trace));
    object
}

fn name(route: &RoutePlan<'_>, part: &Part<'_>, trace: &mut Trace) -> String {
    let backend = match part {
        Part::Main(_) => {
            trace.note(format_args!("/metadata/name"), &route.name.from);
            return route.name.to_string();
        }
        Part::Header(to) => &to.backend,
        Part::Weight(to) => &to.backend,
    };
    trace.joined(
        format_args!("/metadata/name"),
        "name of a canary",
        "name of the route, `-to-`, the variant's Service",
        || vec![route.name.input("route"), backend.service.input("service")],
    );
    format!("{}-to-{}", *route.name, *backend.service)
}

/// Annotations while they are put together.
struct Annotations<'t> {
    map: BTreeMap<String, String>,
    trace: &'t mut Trace,
}

impl Annotations<'_> {
    fn set(&mut self, name: &str, value: impl ToString, from: &Origin) {
        let key = format!("nginx.ingress.kubernetes.io/{name}");
        self.trace
            .note(format_args!("/metadata/annotations/{}", escape(&key)), from);
        self.map.insert(key, value.to_string());
    }
}

fn annotations(
    route: &RoutePlan<'_>,
    part: &Part<'_>,
    trace: &mut Trace,
) -> BTreeMap<String, String> {
    let mut all = Annotations {
        map: BTreeMap::new(),
        trace,
    };
    match part {
        Part::Main(_) => {
            let spec = route.route;
            let seconds = route.timeout.as_secs_ceil();
            let size = Origin::Fixed(
                "the server bounds bodies itself; nginx's own 1 MiB would answer 413 first",
            );
            all.set("proxy-body-size", 0, &size);
            all.set("proxy-read-timeout", seconds, &route.timeout.from);
            all.set("proxy-send-timeout", seconds, &route.timeout.from);
            if *spec.grpc {
                all.set("backend-protocol", "GRPC", &spec.grpc.from);
            }
            if let Some(to) = &spec.rewrite {
                let target = Rewritten::new(&spec.path, to).target;
                all.set("rewrite-target", target, &to.from);
                all.set("use-regex", true, &to.from);
            }
        }
        // nginx takes everything else of the main Ingress.
        Part::Header(to) => {
            all.set("canary", true, &to.header.from);
            all.set("canary-by-header", &*to.header, &to.header.from);
            all.set("canary-by-header-value", &*to.value, &to.value.from);
        }
        Part::Weight(to) => {
            all.set("canary", true, &to.weight.from);
            all.set("canary-weight", to.weight.value, &to.weight.from);
        }
    }
    all.map
}

fn spec(route: &RoutePlan<'_>, part: &Part<'_>, trace: &mut Trace) -> IngressSpec {
    const PATH: &str = "/spec/rules/0/http/paths/0";
    let spec = route.route;
    let class = match &route.via {
        RouteViaPlan::Ingress { class } => Some(class),
        RouteViaPlan::GatewayApi { .. } | RouteViaPlan::Istio { .. } => None,
    };
    if let Some(class) = class {
        trace.note(format_args!("/spec/ingressClassName"), &class.from);
    }
    if let Some(host) = &spec.host {
        trace.note(format_args!("/spec/rules/0/host"), &host.from);
    }
    trace.note(format_args!("{PATH}"), &spec.path.from);
    let (path, path_type) = match &spec.rewrite {
        None => (spec.path.to_string(), "Prefix"),
        Some(to) => (
            Rewritten::new(&spec.path, to).path,
            "ImplementationSpecific",
        ),
    };
    let backend = match part {
        Part::Main(backend) => backend,
        Part::Header(to) => &to.backend,
        Part::Weight(to) => &to.backend,
    };
    trace.note(
        format_args!("{PATH}/backend/service/name"),
        &backend.service.from,
    );
    trace.note(
        format_args!("{PATH}/backend/service/port"),
        &backend.port.from,
    );
    let path = HTTPIngressPath {
        backend: IngressBackend {
            service: Some(IngressServiceBackend {
                name: backend.service.to_string(),
                port: Some(ServiceBackendPort {
                    number: Some(i32::from(backend.port.get())),
                    ..ServiceBackendPort::default()
                }),
            }),
            ..IngressBackend::default()
        },
        path: Some(path),
        path_type: path_type.to_owned(),
    };
    IngressSpec {
        ingress_class_name: class.map(|c| c.to_string()),
        rules: Some(vec![IngressRule {
            host: spec.host.as_ref().map(|h| h.to_string()),
            http: Some(HTTPIngressRuleValue { paths: vec![path] }),
        }]),
        ..IngressSpec::default()
    }
}

/// A prefix that is replaced, as nginx writes it.
#[derive(Debug, PartialEq)]
struct Rewritten {
    /// Regular expression of the path.
    path: String,
    /// The new path; `$2` is what comes after the prefix.
    target: String,
}

impl Rewritten {
    fn new(path: &HttpPath, to: &HttpPath) -> Self {
        let target = format!("{}/$2", to.as_str().trim_end_matches('/'));
        let prefix = path.as_str().trim_end_matches('/');
        if prefix.is_empty() {
            // The API wants a path that begins with a slash.
            let path = "/()(.*)".to_owned();
            return Self { path, target };
        }
        let mut pattern = String::with_capacity(prefix.len() + 12);
        for c in prefix.chars() {
            if ".+*?()[]{}|^$\\".contains(c) {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push_str("(/|$)(.*)");
        Self {
            path: pattern,
            target,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(path: &str, to: &str) -> (String, String) {
        let parse = |text| HttpPath::parse(text).unwrap();
        let made = Rewritten::new(&parse(path), &parse(to));
        (made.path, made.target)
    }

    /// The prefix goes, by whole segments, and dots of a path are no wildcards.
    #[test]
    fn rewrites_by_whole_segments() {
        for (path, to, pattern, target) in [
            ("/rank", "/", "/rank(/|$)(.*)", "/$2"),
            ("/rank/", "/v2", "/rank(/|$)(.*)", "/v2/$2"),
            ("/v1.0/a", "/b/", "/v1\\.0/a(/|$)(.*)", "/b/$2"),
            ("/", "/v2", "/()(.*)", "/v2/$2"),
        ] {
            let expected = (pattern.to_owned(), target.to_owned());
            assert_eq!(rewritten(path, to), expected, "{path} to {to}");
        }
    }
}
