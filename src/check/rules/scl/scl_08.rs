//! SCL-08: a rate over too few scrapes.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::resolve::cluster::Api;
use crate::resolve::model::TriggerKind;
use crate::units::Duration;

/// SCL-08.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-08",
    name: "rate-over-too-few-scrapes",
    level: Level::Warning,
    page: r#"
## What it checks
The ranges in the `query` of `on "prometheus"` span at least four of the cluster's scrapes. A query
to another `server` is not judged: how often that one scrapes is not known.

Queries that mlspec writes itself, for triggers and alerts, take their window from the cluster's
`scrape` and cannot raise this.

## Why it breaks
`rate()` needs two samples. With a window of two scrapes or less, a single late one leaves the
result empty, and the trigger is without a value.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale min=2 max=8 { on "prometheus" query="sum(rate(jobs_total[1m]))" threshold=10 }
}
```

## Instead
```kdl
on "prometheus" query="sum(rate(jobs_total[2m]))" threshold=10
```

## Sources
Prometheus documentation, `rate()`, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    let operator = model.target.cluster.provides(Api::PrometheusOperator);
    let Some(scrape) = operator.map(|o| &o.scrape) else {
        return;
    };
    let least = scrape.saturating_mul(4);
    let workloads = model.workloads.iter();
    let autos = workloads.filter_map(|w| w.workload.scale.auto());
    for trigger in autos.flat_map(|a| &a.triggers) {
        let TriggerKind::Prometheus {
            query,
            server: None,
            ..
        } = &trigger.kind
        else {
            continue;
        };
        let Some(window) = ranges(query).into_iter().min().filter(|w| *w < least) else {
            continue;
        };
        report.add(
            at(query, model),
            format!(
                "the query looks at {window}, less than 4 scrapes of {} = {least}",
                scrape.value
            ),
            |d| {
                d.note("a single late scrape leaves the result empty")
                    .help(format!("write at least [{least}]"))
            },
        );
    }
}

/// Durations of the range selectors of a PromQL query, `[5m]`; subqueries, `[1h:5m]`, and what
/// stands in quotes are left out.
fn ranges(query: &str) -> Vec<Duration> {
    let mut found = Vec::new();
    let mut quote = None;
    let mut rest = query.char_indices();
    while let Some((at, c)) = rest.next() {
        match quote {
            // Backquoted text knows no escapes.
            Some(q) if c == '\\' && q != '`' => {
                rest.next();
            }
            Some(q) if c == q => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if c == '[' => {
                let inner = &query[at + 1..];
                let end = inner.find(']').unwrap_or(inner.len());
                found.extend(Duration::parse(inner[..end].trim()));
            }
            None => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::ranges;
    use crate::units::Duration;

    /// Only plain ranges outside of quotes count.
    #[test]
    fn of_queries() {
        let seconds = |query: &str| -> Vec<u64> {
            let found = ranges(query).into_iter();
            found.map(Duration::as_secs_ceil).collect()
        };
        assert_eq!(seconds("sum(rate(x[1m]))"), [60]);
        assert_eq!(seconds("rate(a[ 1m30s ]) / rate(b[5m])"), [90, 300]);
        assert_eq!(seconds(r#"x{a="[1m]"} + rate(y{b='\'[2m]'}[3m])"#), [180]);
        assert_eq!(seconds("max_over_time(x[1h:5m])"), [0u64; 0]);
        assert_eq!(seconds("sum(x)"), [0u64; 0]);
    }
}
