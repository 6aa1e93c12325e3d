//! TRF-04: two routes for one address.

use std::collections::BTreeMap;

use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ModelPlan, Plan, RoutePlan, RouteViaPlan};

/// TRF-04.
pub static RULE: Rule = Rule {
    code: "TRF-04",
    name: "two-routes-for-one-address",
    level: Level::Error,
    page: r#"
## What it checks
No two routes of the workspace have the same host and path at the same gateway of a cluster, over
all models and environments.

## Why it breaks
Gateway API gives the address to the older route, Istio merges in an order it does not promise.
Which model answers is decided by who was applied first.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale 1
    expose gateway="public" host="nlp.acme.io" path="/v1"
    expose "again" gateway="public" host="nlp.acme.io" path="/v1"
}
```

## Instead
A path or host of its own for each. Environments on one cluster differ by an `in` block.
```kdl
expose gateway="public" host="nlp.acme.io" path="/v2"
```

## Sources
Gateway API specification, "Conflict resolution"; Istio documentation, "Multiple virtual services
for one host", both read 2026-11.
"#,
    run: Run::Plan(check),
};

fn check(plan: &Plan<'_>, report: &mut Report) {
    let mut seen: BTreeMap<Address<'_>, (&ModelPlan<'_>, &RoutePlan<'_>)> = BTreeMap::new();
    for model in plan.targets.iter().flat_map(|t| &t.models) {
        for route in &model.routes {
            let Some(address) = address(model, route) else { continue };
            let Some((other, first)) = seen.get(&address) else {
                seen.insert(address, (model, route));
                continue;
            };
            let span = route.route.path.span().unwrap_or(route.route.span);
            report.about(
                model,
                span,
                format!(
                    "\"{}\" in \"{}\" and \"{}\" in \"{}\" both answer {}{} on cluster \"{}\"",
                    other.model.name.value,
                    other.target.env.name.value,
                    model.model.name.value,
                    model.target.env.name.value,
                    address.host,
                    address.path,
                    address.cluster,
                ),
                |d| {
                    d.also(first.route.span, "the other route")
                        .note("which of them gets the requests is decided by who was applied first")
                        .help("give one of them another `path` or `host`")
                },
            );
        }
    }
}

/// What must be there once.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Address<'p> {
    cluster: &'p str,
    /// Kind of what carries it, its namespace and name.
    via: (u8, &'p str, &'p str),
    host: &'p str,
    path: &'p str,
}

fn address<'p>(model: &'p ModelPlan<'_>, route: &'p RoutePlan<'_>) -> Option<Address<'p>> {
    let via = match &route.via {
        RouteViaPlan::GatewayApi { gateway, namespace } => (0, namespace.as_str(), gateway.as_str()),
        RouteViaPlan::Istio { gateway } => (1, "", gateway.as_str()),
        RouteViaPlan::Ingress { class } => (2, "", class.as_str()),
    };
    Some(Address {
        cluster: model.target.cluster.name.as_str(),
        via,
        host: route.route.host.as_ref()?.as_str(),
        path: route.route.path.as_str(),
    })
}
