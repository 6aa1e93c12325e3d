//! VirtualService: a route at a Gateway of Istio, or the split of a Service in the mesh.
//! networking.istio.io/v1,
//! <https://istio.io/latest/docs/reference/config/networking/virtual-service/>, checked 2026-11.

use std::collections::BTreeMap;

use super::super::api::Spec;
use super::super::api::istio::{
    Destination, HttpRoute, Match, PortSelector, Retries, Rewrite, RouteDestination, StringMatch,
    VirtualService, VirtualServiceSpec,
};
use super::super::parts::int;
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::{
    Backend, Backends, HeaderBackend, MeshSplit, ModelPlan, RoutePlan, RouteViaPlan,
};
use crate::resolve::origin::Traced;
use crate::units::{Duration, HttpPath};

/// One for each route at a Gateway of Istio, and one for a split in the mesh.
pub static EMITTER: Emitter = Emitter {
    kind: VirtualServiceSpec::KIND,
    api_version: VirtualServiceSpec::API_VERSION,
    wave: 10,
    scope: Scope::Model(emit),
};

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    for route in &plan.routes {
        let RouteViaPlan::Istio { gateway } = &route.via else {
            continue;
        };
        let mut trace = out.trace();
        trace.note(format_args!("/metadata/name"), &route.name.from);
        trace.note(format_args!("/spec/gateways/0"), &gateway.from);
        let host = match &route.route.host {
            Some(host) => {
                trace.note(format_args!("/spec/hosts"), &host.from);
                host.to_string()
            }
            None => {
                trace.fixed(
                    format_args!("/spec/hosts"),
                    "the route names no host, so it takes every host of its gateway",
                );
                "*".to_owned()
            }
        };
        let spec = VirtualServiceSpec {
            gateways: vec![gateway.to_string()],
            hosts: vec![host],
            http: http(route, &mut trace),
        };
        let object = VirtualService::new(route.name.as_str(), spec);
        out.model_object(plan, EMITTER.wave, object, trace);
    }
    if let Some(split) = &plan.mesh_split {
        let mut trace = out.trace();
        let spec = in_mesh(split, &mut trace);
        let object = VirtualService::new(split.name.as_str(), spec);
        out.model_object(plan, EMITTER.wave, object, trace);
    }
}

/// The split for callers with a sidecar that use the model's Service.
fn in_mesh(split: &MeshSplit, trace: &mut Trace) -> VirtualServiceSpec {
    trace.note(format_args!("/metadata/name"), &split.name.from);
    trace.note(format_args!("/spec/hosts"), &split.host.from);
    trace.fixed(
        format_args!("/spec/gateways"),
        "callers with a sidecar that use the Service are split as those at a gateway are",
    );
    let mut http = Vec::new();
    for (port, backends) in &split.ports {
        let headers = backends.headers.iter().map(Some).chain([None]);
        for header in headers {
            let at = http.len();
            common(&split.timeout, at, trace);
            trace.note(format_args!("/spec/http/{at}/match/0/port"), &port.from);
            http.push(HttpRoute {
                match_: vec![Match {
                    headers: by_header(header, at, 1, trace),
                    port: Some(port.get()),
                    uri: None,
                }],
                retries: Retries { attempts: 0 },
                rewrite: None,
                route: destinations(backends, header, at, trace),
                timeout: split.timeout.to_string(),
            });
        }
    }
    VirtualServiceSpec {
        gateways: vec!["mesh".to_owned()],
        hosts: vec![split.host.to_string()],
        http,
    }
}

/// Header rules first: the first rule that matches counts (TRF-03).
fn http(route: &RoutePlan<'_>, trace: &mut Trace) -> Vec<HttpRoute> {
    let spec = route.route;
    let alternatives = alternatives(&spec.path, spec.rewrite.as_deref());
    let headers = route.backends.headers.iter().map(Some).chain([None]);
    let mut rules = Vec::new();
    for header in headers {
        for alternative in &alternatives {
            let at = rules.len();
            rules.push(rule(route, header, alternative, at, trace));
        }
    }
    rules
}

/// Paths of one rule, and what they become.
#[derive(Debug, PartialEq)]
struct Alternative {
    paths: Vec<StringMatch>,
    rewrite: Option<String>,
}

/// A prefix by whole segments, as Gateway API means it. Istio's own prefixes end anywhere:
/// `/rank` would take `/ranking` too. What is left after a prefix that ends in `/` begins
/// without one, so with a rewrite the path itself and what lies below it are two rules.
fn alternatives(path: &HttpPath, rewrite: Option<&HttpPath>) -> Vec<Alternative> {
    let whole = path.as_str().trim_end_matches('/');
    let below = StringMatch::Prefix(format!("{whole}/"));
    let exact = (!whole.is_empty()).then(|| StringMatch::Exact(whole.to_owned()));
    let Some(to) = rewrite else {
        return vec![Alternative {
            paths: exact.into_iter().chain([below]).collect(),
            rewrite: None,
        }];
    };
    let to_below = format!("{}/", to.as_str().trim_end_matches('/'));
    let exact = exact.map(|exact| Alternative {
        paths: vec![exact],
        rewrite: Some(to.to_string()),
    });
    let below = Alternative {
        paths: vec![below],
        rewrite: Some(to_below),
    };
    exact.into_iter().chain([below]).collect()
}

fn rule(
    route: &RoutePlan<'_>,
    header: Option<&HeaderBackend>,
    alternative: &Alternative,
    at: usize,
    trace: &mut Trace,
) -> HttpRoute {
    let pointer = format_args!("/spec/http/{at}");
    trace.note(format_args!("{pointer}/match"), &route.route.path.from);
    common(&route.timeout, at, trace);
    let rewrite = alternative.rewrite.as_ref().map(|uri| {
        if let Some(to) = &route.route.rewrite {
            trace.note(format_args!("{pointer}/rewrite"), &to.from);
        }
        Rewrite { uri: uri.clone() }
    });
    let headers = by_header(header, at, alternative.paths.len(), trace);
    let match_ = alternative.paths.iter().map(|uri| Match {
        headers: headers.clone(),
        port: None,
        uri: Some(uri.clone()),
    });
    HttpRoute {
        match_: match_.collect(),
        retries: Retries { attempts: 0 },
        rewrite,
        route: destinations(&route.backends, header, at, trace),
        timeout: route.timeout.to_string(),
    }
}

/// What every rule has.
fn common(timeout: &Traced<Duration>, at: usize, trace: &mut Trace) {
    let pointer = format_args!("/spec/http/{at}");
    trace.note(format_args!("{pointer}/timeout"), &timeout.from);
    trace.fixed(
        format_args!("{pointer}/retries"),
        "inference is expensive: Istio's two retries would triple the load of a server that is late",
    );
}

/// The header of a rule, in each of its matches.
fn by_header(
    header: Option<&HeaderBackend>,
    at: usize,
    matches: usize,
    trace: &mut Trace,
) -> BTreeMap<String, StringMatch> {
    let Some(rule) = header else {
        return BTreeMap::new();
    };
    for place in 0..matches {
        trace.note(
            format_args!("/spec/http/{at}/match/{place}/headers"),
            &rule.value.from,
        );
    }
    // Header names are compared in lower case, as HTTP/2 sends them.
    let name = rule.header.to_lowercase();
    BTreeMap::from([(name, StringMatch::Exact(rule.value.to_string()))])
}

fn destinations(
    backends: &Backends,
    header: Option<&HeaderBackend>,
    at: usize,
    trace: &mut Trace,
) -> Vec<RouteDestination> {
    if let Some(rule) = header {
        return vec![destination(&rule.backend, None, at, 0, trace)];
    }
    let weighted = &backends.weighted;
    let all = weighted.iter().enumerate().map(|(place, to)| {
        let weight = (weighted.len() > 1).then(|| {
            trace.note(
                format_args!("/spec/http/{at}/route/{place}/weight"),
                &to.weight.from,
            );
            int(to.weight.value)
        });
        destination(&to.backend, weight, at, place, trace)
    });
    all.collect()
}

fn destination(
    to: &Backend,
    weight: Option<i32>,
    rule: usize,
    place: usize,
    trace: &mut Trace,
) -> RouteDestination {
    let pointer = format_args!("/spec/http/{rule}/route/{place}/destination");
    trace.note(format_args!("{pointer}/host"), &to.service.from);
    trace.note(format_args!("{pointer}/port"), &to.port.from);
    if let Some(subset) = &to.subset {
        trace.note(format_args!("{pointer}/subset"), &subset.from);
    }
    RouteDestination {
        destination: Destination {
            host: to.service.to_string(),
            port: PortSelector {
                number: to.port.get(),
            },
            subset: to.subset.as_ref().map(|s| s.to_string()),
        },
        weight,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> HttpPath {
        HttpPath::parse(text).unwrap()
    }

    fn exact(text: &str) -> StringMatch {
        StringMatch::Exact(text.to_owned())
    }

    fn prefix(text: &str) -> StringMatch {
        StringMatch::Prefix(text.to_owned())
    }

    fn one(uri: StringMatch, rewrite: &str) -> Alternative {
        Alternative {
            paths: vec![uri],
            rewrite: Some(rewrite.to_owned()),
        }
    }

    /// A prefix means whole segments; a final slash makes no difference.
    #[test]
    fn prefixes_end_at_segments() {
        for text in ["/rank", "/rank/"] {
            let [only] = &alternatives(&path(text), None)[..] else {
                panic!("one rule without a rewrite");
            };
            assert_eq!(only.paths, [exact("/rank"), prefix("/rank/")]);
        }
        let root = alternatives(&path("/"), None);
        assert_eq!(root[0].paths, [prefix("/")]);
    }

    /// No rewrite doubles or loses a slash.
    #[test]
    fn rewrites_keep_slashes() {
        assert_eq!(
            alternatives(&path("/rank"), Some(&path("/"))),
            [one(exact("/rank"), "/"), one(prefix("/rank/"), "/")]
        );
        assert_eq!(
            alternatives(&path("/rank"), Some(&path("/v2"))),
            [one(exact("/rank"), "/v2"), one(prefix("/rank/"), "/v2/")]
        );
        assert_eq!(
            alternatives(&path("/"), Some(&path("/v2"))),
            [one(prefix("/"), "/v2/")]
        );
    }
}
