//! TRF-14: a route by ingress-nginx.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::resolve::model::RouteVia;

/// TRF-14.
pub(crate) static RULE: Rule = Rule {
    code: "TRF-14",
    name: "retired-ingress",
    level: Level::Warning,
    page: r#"
## What it checks
No route goes by `ingress="nginx"`.

## Why it breaks
ingress-nginx was retired in March 2026: it gets no releases and no security fixes. It stands
where everyone's requests come in.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale 1
    expose ingress="nginx" host="nlp.acme.io"
}
```

## Instead
```kdl
expose gateway="public" host="nlp.acme.io"
```

## Sources
kubernetes/ingress-nginx, README; its last release is of 2026-03-20.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for route in &model.routes {
        if let RouteVia::Ingress(class) = &route.route.via
            && class.as_str() == "nginx"
        {
            report.add(
                at(class, model),
                "ingress-nginx is retired and gets no security fixes",
                |d| d.help("use a gateway of the cluster: `expose gateway=\"public\" host=…`"),
            );
        }
    }
}
