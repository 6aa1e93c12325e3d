//! HTTPRoute: a route at a Gateway of Gateway API. gateway.networking.k8s.io/v1,
//! <https://gateway-api.sigs.k8s.io/api-types/httproute/>, checked 2026-11.
//!
//! gRPC takes an HTTPRoute too: GRPCRoute has no timeouts and no path prefixes.

use super::super::api::Spec;
use super::super::api::gateway::{
    BackendRef, Filter, HTTPRoute, HeaderMatch, HttpRouteSpec, Match, ParentRef, PathMatch,
    PathModifier, Rule, Timeouts, UrlRewrite,
};
use super::super::parts::int;
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::{Backend, HeaderBackend, ModelPlan, RoutePlan, RouteViaPlan, WeightedBackend};

/// One for each route at a Gateway of Gateway API.
pub static EMITTER: Emitter = Emitter {
    kind: HttpRouteSpec::KIND,
    api_version: HttpRouteSpec::API_VERSION,
    wave: 10,
    scope: Scope::Model(emit),
};

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    for route in &plan.routes {
        let RouteViaPlan::GatewayApi { gateway, namespace } = &route.via else {
            continue;
        };
        let mut trace = out.trace();
        trace.note(format_args!("/metadata/name"), &route.name.from);
        trace.note(format_args!("/spec/parentRefs/0/name"), &gateway.from);
        trace.note(
            format_args!("/spec/parentRefs/0/namespace"),
            &namespace.from,
        );
        let host = route.route.host.as_ref();
        if let Some(host) = host {
            trace.note(format_args!("/spec/hostnames"), &host.from);
        }
        let spec = HttpRouteSpec {
            hostnames: host.iter().map(|h| h.to_string()).collect(),
            parent_refs: vec![ParentRef {
                name: gateway.to_string(),
                namespace: namespace.to_string(),
            }],
            rules: rules(route, &mut trace),
        };
        let object = HTTPRoute::new(route.name.as_str(), spec);
        out.model_object(plan, EMITTER.wave, object, trace);
    }
}

/// Header rules first: of matches that are equally long the one with more headers wins, and
/// readers see it in that order (TRF-03).
fn rules(route: &RoutePlan<'_>, trace: &mut Trace) -> Vec<Rule> {
    let mut rules = Vec::with_capacity(route.backends.headers.len() + 1);
    for backend in &route.backends.headers {
        rules.push(by_header(route, backend, rules.len(), trace));
    }
    rules.push(by_weight(
        route,
        &route.backends.weighted,
        rules.len(),
        trace,
    ));
    rules
}

fn by_header(route: &RoutePlan<'_>, to: &HeaderBackend, at: usize, trace: &mut Trace) -> Rule {
    let pointer = format_args!("/spec/rules/{at}");
    trace.note(format_args!("{pointer}/matches/0/headers"), &to.header.from);
    trace.note(
        format_args!("{pointer}/matches/0/headers/0/value"),
        &to.value.from,
    );
    let headers = vec![HeaderMatch {
        name: to.header.to_string(),
        type_: "Exact",
        value: to.value.to_string(),
    }];
    let backends = vec![backend(&to.backend, None, at, 0, trace)];
    rule(route, headers, backends, at, trace)
}

fn by_weight(route: &RoutePlan<'_>, to: &[WeightedBackend], at: usize, trace: &mut Trace) -> Rule {
    let split = to.len() > 1;
    let backends = to.iter().enumerate().map(|(place, to)| {
        let weight = split.then(|| {
            trace.note(
                format_args!("/spec/rules/{at}/backendRefs/{place}/weight"),
                &to.weight.from,
            );
            int(to.weight.value)
        });
        backend(&to.backend, weight, at, place, trace)
    });
    let backends = backends.collect();
    rule(route, Vec::new(), backends, at, trace)
}

fn backend(
    to: &Backend,
    weight: Option<i32>,
    rule: usize,
    place: usize,
    trace: &mut Trace,
) -> BackendRef {
    let pointer = format_args!("/spec/rules/{rule}/backendRefs/{place}");
    trace.note(format_args!("{pointer}/name"), &to.service.from);
    trace.note(format_args!("{pointer}/port"), &to.port.from);
    BackendRef {
        name: to.service.to_string(),
        port: i32::from(to.port.get()),
        weight,
    }
}

fn rule(
    route: &RoutePlan<'_>,
    headers: Vec<HeaderMatch>,
    backend_refs: Vec<BackendRef>,
    at: usize,
    trace: &mut Trace,
) -> Rule {
    let spec = route.route;
    trace.note(
        format_args!("/spec/rules/{at}/matches/0/path"),
        &spec.path.from,
    );
    trace.note(
        format_args!("/spec/rules/{at}/timeouts/request"),
        &route.timeout.from,
    );
    let rewrite = spec.rewrite.as_ref().map(|to| {
        trace.note(format_args!("/spec/rules/{at}/filters/0"), &to.from);
        Filter {
            type_: "URLRewrite",
            url_rewrite: UrlRewrite {
                path: PathModifier {
                    replace_prefix_match: to.to_string(),
                    type_: "ReplacePrefixMatch",
                },
            },
        }
    });
    Rule {
        backend_refs,
        filters: rewrite.into_iter().collect(),
        matches: vec![Match {
            headers,
            path: PathMatch {
                type_: "PathPrefix",
                value: spec.path.to_string(),
            },
        }],
        timeouts: Timeouts {
            request: route.timeout.to_string(),
        },
    }
}
