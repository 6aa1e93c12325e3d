//! GIT-01: a number of replicas in Git beside an autoscaler.

use crate::check::rules::shared::{deployments, name};
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::Object;
use crate::plan::ModelPlan;

/// GIT-01.
pub static RULE: Rule = Rule {
    code: "GIT-01",
    name: "replicas-beside-an-autoscaler",
    level: Level::Error,
    page: r#"
## What it checks
A Deployment that an autoscaler scales has no `spec.replicas`.

A spec cannot raise this: the field is emitted only where `scale` is a fixed number. The rule
guards the emitted objects.

## Why it breaks
The GitOps tool writes the number of Git back, the autoscaler its own, and so on for ever: pods
are killed and started at the peak. Even without self-heal every sync resets the replicas.

## Example
```yaml
kind: Deployment
spec: { replicas: 2 }
---
kind: HorizontalPodAutoscaler
spec: { scaleTargetRef: { kind: Deployment, name: bert } }
```

## Instead
```kdl
scale min=2 max=8 { on "latency" p95="400ms" }
```

## Sources
kuberay#4149, keda#5572.
"#,
    run: Run::Object(check),
};

fn check(model: &ModelPlan<'_>, objects: &[Object], _: &Previous<'_>, report: &mut Report) {
    let owned: Vec<_> = objects
        .iter()
        .filter(|o| matches!(o.body.kind(), "HorizontalPodAutoscaler" | "ScaledObject"))
        .filter_map(|o| serde_json::to_value(&o.body).ok())
        .filter_map(|v| Some(v["spec"]["scaleTargetRef"]["name"].as_str()?.to_owned()))
        .collect();
    for deployment in deployments(objects) {
        let replicas = deployment.spec.as_ref().and_then(|s| s.replicas);
        let Some(replicas) = replicas.filter(|_| owned.iter().any(|o| o == name(deployment))) else {
            continue;
        };
        report.add(
            model.model.span,
            format!("Deployment \"{}\" has `replicas: {replicas}` beside an autoscaler", name(deployment)),
            |d| {
                d.note("every sync would set it back")
                    .help("drop `replicas`: the autoscaler owns the number")
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::check::testing::{autoscaler, deployment_replicas, on_objects};

    /// Found with an autoscaler of this Deployment, and only then.
    #[test]
    fn replicas() {
        let found = |replicas, target| {
            on_objects(&RULE, vec![deployment_replicas(replicas), autoscaler("a", target)])
        };
        assert_eq!(found(Some(2), "m"), ["Deployment \"m\" has `replicas: 2` beside an autoscaler"]);
        assert!(found(None, "m").is_empty());
        assert!(found(Some(2), "other").is_empty());
    }
}
