//! TRF-04: two routes for one address.

use std::collections::BTreeMap;

use crate::check::{Level, Report, Rule, Run};
use crate::plan::{Address, Plan, Summary};

/// TRF-04.
pub(crate) static RULE: Rule = Rule {
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
    let mut seen: BTreeMap<_, (&Summary<'_>, &Address)> = BTreeMap::new();
    let models = plan.targets.iter().flat_map(|t| &t.models);
    for (model, address) in models.flat_map(|m| m.addresses.iter().map(move |a| (m, a))) {
        let Address {
            via, host, path, ..
        } = address;
        let cluster = model.target.cluster.name.as_str();
        let Some((other, first)) = seen.get(&(cluster, via, host, path)) else {
            seen.insert((cluster, via, host, path), (model, address));
            continue;
        };
        report.about(
            model,
            address.span,
            format!(
                "\"{}\" in \"{}\" and \"{}\" in \"{}\" both answer {host}{path} on cluster \"{cluster}\"",
                other.name,
                other.target.env.name.value,
                model.name,
                model.target.env.name.value,
            ),
            |d| {
                d.also(first.route, "the other route")
                    .note("which of them gets the requests is decided by who was applied first")
                    .help("give one of them another `path` or `host`")
            },
        );
    }
}
