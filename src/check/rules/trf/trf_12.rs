//! TRF-12: a host that the gateway does not take.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::resolve::model::RouteVia;

/// TRF-12.
pub(crate) static RULE: Rule = Rule {
    code: "TRF-12",
    name: "host-not-on-the-gateway",
    level: Level::Error,
    page: r#"
## What it checks
The `host` of a route is among the `hosts` that the cluster's gateway takes; `*.acme.io` takes
every host that ends with `.acme.io`. A gateway without `hosts` is not judged.

## Why it breaks
The route is created, the gateway does not accept it, and callers get a 404. Only the route's
status says so.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale 1
    expose gateway="public" host="nlp.example.com"
}
```

## Instead
```kdl
expose gateway="public" host="nlp.acme.io"
```

## Sources
Gateway API specification, `hostnames` of HTTPRoute, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for route in &model.routes {
        let (Some(host), RouteVia::Gateway { index, .. }) = (&route.route.host, &route.route.via)
        else {
            continue;
        };
        let Some(gateway) = model.target.cluster.gateways.get(*index) else {
            continue;
        };
        let hosts = &gateway.hosts;
        if hosts.is_empty() || hosts.iter().any(|h| takes(h, host.as_str())) {
            continue;
        }
        let known: Vec<_> = hosts.iter().map(|h| format!("\"{}\"", h.value)).collect();
        report.add(
            at(host, model),
            format!(
                "gateway \"{}\" of cluster \"{}\" does not take host \"{}\"",
                gateway.name.value, model.target.cluster.name.value, host.value
            ),
            |d| {
                d.note(format!("it takes {}", known.join(", ")))
                    .help("choose a host that it takes, or add the host to the cluster's gateway")
            },
        );
    }
}

/// Whether a host of a listener, which may begin with `*.`, takes another host.
fn takes(listener: &str, host: &str) -> bool {
    match listener.strip_prefix('*') {
        Some(suffix) => suffix.is_empty() || (host.ends_with(suffix) && host.len() > suffix.len()),
        None => listener == host,
    }
}

#[cfg(test)]
mod tests {
    use super::takes;

    /// A star stands for one or more whole labels, never for none.
    #[test]
    fn wildcards() {
        assert!(takes("nlp.acme.io", "nlp.acme.io"));
        assert!(takes("*.acme.io", "nlp.acme.io"));
        assert!(takes("*.acme.io", "a.b.acme.io"));
        assert!(takes("*", "nlp.acme.io"));
        assert!(!takes("*.acme.io", "acme.io"));
        assert!(!takes("*.acme.io", "nlp-acme.io"));
        assert!(!takes("acme.io", "nlp.acme.io"));
    }
}
