//! GIT-01: a number of replicas in Git beside an autoscaler.

use crate::check::rules::shared::{autoscalers, deployments, name, patched};
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::Object;
use crate::plan::ModelPlan;

/// GIT-01.
pub(crate) static RULE: Rule = Rule {
    code: "GIT-01",
    name: "replicas-beside-an-autoscaler",
    level: Level::Error,
    page: r#"
## What it checks
A Deployment that an autoscaler scales has no `spec.replicas`.

The field is emitted only where `scale` is a fixed number; a `patch` can bring it back.

## Why it breaks
The GitOps tool writes the number of Git back, the autoscaler its own, and so on for ever: pods
are killed and started at the peak. Even without self-heal every sync resets the replicas.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    slo p95="500ms"
    load expected="200/s"
    scale min=2 max=8 { on "latency" p95="400ms" }
    patch "Deployment" { spec { replicas 2 } }
}
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
    for deployment in deployments(objects) {
        let replicas = deployment.spec.as_ref().and_then(|s| s.replicas);
        let target = ("Deployment", name(&deployment));
        let Some(replicas) = replicas.filter(|_| autoscalers(objects).any(|(_, t)| t == target))
        else {
            continue;
        };
        report.add(
            patched(deployment.object, "/spec/replicas", model),
            format!(
                "`replicas: {replicas}` in Deployment \"{}\" stands beside an autoscaler",
                name(&deployment)
            ),
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
            on_objects(
                &RULE,
                vec![deployment_replicas(replicas), autoscaler("a", target)],
            )
        };
        assert_eq!(
            found(Some(2), "m"),
            ["`replicas: 2` in Deployment \"m\" stands beside an autoscaler"]
        );
        assert!(found(None, "m").is_empty());
        assert!(found(Some(2), "other").is_empty());
    }
}
