//! TRF-08: a gateway that gives up before the server.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::units::Duration;

/// TRF-08.
pub(crate) static RULE: Rule = Rule {
    code: "TRF-08",
    name: "gateway-gives-up-first",
    level: Level::Error,
    page: r#"
## What it checks
The `timeout` of a route is at least the model's timeout plus the batch delay. A route's timeout
that is not written is derived: one second more than both.

## Why it breaks
The caller gets a 504 while the GPU still computes the answer. The caller tries again, and the
work is done twice, at the very moment when the server is slow already.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    timeout "5s"
    scale 1
    expose gateway="public" host="nlp.acme.io" path="/v1" timeout="3s"
}
```

## Instead
Leave it out, or shorten the model's own timeout.
```kdl
expose gateway="public" host="nlp.acme.io" path="/v1"
```

## Sources
Gateway API specification, "HTTPRouteTimeouts", read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    let servers = model
        .workloads
        .iter()
        .filter_map(|w| w.workload.runtime.mlserve());
    let delay = servers
        .map(|s| s.max_delay.value)
        .max()
        .unwrap_or(Duration::ZERO);
    let timeout = &model.model.timeout;
    let needed = timeout.saturating_add(delay);
    for route in &model.routes {
        if route.timeout.value >= needed {
            continue;
        }
        report.add(
            at(&route.timeout, model),
            format!(
                "the gateway waits {}, the server may take {} timeout + {delay} batch delay = {needed}",
                route.timeout.value, timeout.value,
            ),
            |d| {
                let d = match timeout.span() {
                    Some(span) => d.also(span, "the longest a request may take"),
                    None => d.note(format!("the model's `timeout` is not written: {} is the default", timeout.value)),
                };
                d.help(format!("drop the route's `timeout`, or write more than \"{needed}\""))
            },
        );
    }
}
