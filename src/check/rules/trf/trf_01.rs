//! TRF-01: weights that do not total 100.

use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::resolve::model::Share;

/// TRF-01.
pub(crate) static RULE: Rule = Rule {
    code: "TRF-01",
    name: "weights-do-not-total-100",
    level: Level::Error,
    page: r#"
## What it checks
The weights of a split's variants total 100. Variants picked by a header stand outside of it.

## Why it breaks
Istio and Gateway API read weights as relative: 10 and 80 are accepted and mean 11 % and 89 %.
Others reject them, or send nothing to one side. What was meant cannot be told from the numbers.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale 1
    expose gateway="public" host="nlp.acme.io"
    split {
        variant "control" weight=80 primary=#true
        variant "wider" weight=10
    }
}
```

## Instead
```kdl
split {
    variant "control" weight=90 primary=#true
    variant "wider" weight=10
}
```

## Sources
seldon-core#1658.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    let mut weights: Vec<_> = model
        .workloads
        .iter()
        .filter_map(|w| match &w.workload.variant.as_ref()?.share {
            Share::Weight(weight) => Some(weight),
            Share::Header { .. } => None,
        })
        .collect();
    weights.sort_by_key(|w| w.span());
    let sum: u64 = weights.iter().map(|w| w.value).sum();
    let Some(last) = weights.last() else { return };
    if sum == 100 {
        return;
    }
    let terms: Vec<_> = weights.iter().map(|w| w.value.to_string()).collect();
    let total = if terms.len() > 1 {
        format!("{} = {sum}", terms.join(" + "))
    } else {
        sum.to_string()
    };
    report.add(
        last.span().unwrap_or(model.model.span),
        format!(
            "the weights of \"{}\" total {total}, not 100",
            model.model.name.value
        ),
        |mut d| {
            for weight in &weights[..weights.len() - 1] {
                if let Some(span) = weight.span() {
                    d = d.also(span, "counts too");
                }
            }
            d.note("gateways read weights as relative: shares that nobody wrote would hold")
                .help("make them total 100")
        },
    );
}
