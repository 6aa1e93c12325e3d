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
all models and environments. At a gateway of `kind="istio"` no path of a host lies below another
one either. `/v1` and `/v1/` are the same prefix.

## Why it breaks
Gateway API gives the address to the older route, Istio merges in an order it does not promise.
Which model answers is decided by who was applied first. Gateway API and nginx give a request to the
longest path; Istio takes the first rule that matches, so `/nlp` may take what is meant for
`/nlp/batch`.

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

/// A route and the model it leads to.
type Owned<'p> = (&'p Summary<'p>, &'p Address);

fn check(plan: &Plan<'_>, report: &mut Report) {
    // By cluster, what carries the route, host; then by path.
    let mut seen: BTreeMap<_, BTreeMap<&str, Owned<'_>>> = BTreeMap::new();
    let models = plan.targets.iter().flat_map(|t| &t.models);
    for (model, address) in models.flat_map(|m| m.addresses.iter().map(move |a| (m, a))) {
        let cluster = model.target.cluster.name.as_str();
        let paths: &mut BTreeMap<_, _> = seen
            .entry((cluster, &address.via, &address.host))
            .or_default();
        let path = address.path.trim_end_matches('/');
        match paths.get(path) {
            None => {
                paths.insert(path, (model, address));
            }
            Some(first) => same(*first, (model, address), report),
        }
    }
    let at_istio = seen
        .iter()
        .filter(|((_, via, _), _)| via.0 == Address::ISTIO);
    for (_, paths) in at_istio {
        for (path, below) in paths {
            let above = above(path).find_map(|shorter| paths.get(shorter));
            if let Some(above) = above {
                shadowed(*above, *below, report);
            }
        }
    }
}

/// The paths above one, without final slashes, the nearest first: `/a/b` has `/a` and the empty one.
fn above(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').map(move |(at, _)| &path[..at])
}

fn same(first: Owned<'_>, (model, address): Owned<'_>, report: &mut Report) {
    let (other, first) = first;
    report.about(
        model,
        address.span,
        format!(
            "\"{}\" in \"{}\" and \"{}\" in \"{}\" both answer {}{} on cluster \"{}\"",
            other.name,
            other.target.env.name.value,
            model.name,
            model.target.env.name.value,
            address.host,
            address.path,
            model.target.cluster.name.value,
        ),
        |d| {
            d.also(first.route, "the other route")
                .note("which of them gets the requests is decided by who was applied first")
                .help("give one of them another `path` or `host`")
        },
    );
}

fn shadowed(above: Owned<'_>, (model, address): Owned<'_>, report: &mut Report) {
    let (other, first) = above;
    report.about(
        model,
        address.span,
        format!(
            "requests for {}{} may go to \"{}\" in \"{}\", which answers {} on cluster \"{}\"",
            address.host,
            address.path,
            other.name,
            other.target.env.name.value,
            first.path,
            model.target.cluster.name.value,
        ),
        |d| {
            d.also(first.route, "the shorter path")
                .note("Istio takes the first rule that matches, and puts the VirtualServices of one host in no promised order")
                .help("choose paths of which none lies below another, another `host`, or a gateway of kind \"gateway-api\"")
        },
    );
}

#[cfg(test)]
mod tests {
    /// Whole segments, the nearest first.
    #[test]
    fn above() {
        let above = |path| super::above(path).collect::<Vec<_>>();
        assert_eq!(above("/a/b/c"), ["/a/b", "/a", ""]);
        assert!(above("").is_empty());
    }
}
