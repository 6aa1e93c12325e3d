//! GPU-08: several places on a shared GPU for one pod.

use crate::check::rules::shared::{containers, deployments, name, patched, workload};
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::Object;
use crate::emit::trace::escape;
use crate::plan::ModelPlan;
use crate::resolve::cluster::GpuMode;

/// GPU-08.
pub(crate) static RULE: Rule = Rule {
    code: "GPU-08",
    name: "several-places-on-a-shared-gpu",
    level: Level::Error,
    page: r#"
## What it checks
A container on a pool whose GPUs are shared asks for one place.

In the language `gpu share=` and `count=` exclude each other, and `share=` is emitted as one, so
only a `patch` can raise this.

## Why it breaks
Two places are not twice the compute: they may even lie on one card. A device plugin with
`failRequestsGreaterThanOne` (the default for MPS) fails the pod with `UnexpectedAdmissionError`,
and it stays failed until someone deletes it.

## Example
```yaml
resources:
  limits: { nvidia.com/gpu.shared: "2" }
```

## Instead
```kdl
gpu share="time-slicing" memory="2Gi"
```

## Sources
NVIDIA k8s-device-plugin 0.20, README, "Shared Access to GPUs", read 2026-08.
"#,
    run: Run::Object(check),
};

fn check(model: &ModelPlan<'_>, objects: &[Object], _: &Previous<'_>, report: &mut Report) {
    for deployment in deployments(objects) {
        let pool = workload(model, &deployment).and_then(|w| w.placement.pool);
        let Some(pool) = pool else { continue };
        let shared = pool
            .gpu
            .as_ref()
            .is_some_and(|g| matches!(g.mode, GpuMode::Shared { .. }));
        if !shared {
            continue;
        }
        for container in containers(deployment) {
            let limits = container
                .resources
                .iter()
                .flat_map(|r| r.limits.iter().flatten());
            for (resource, count) in limits {
                if resource.starts_with("nvidia.com/") && count.0 != "1" {
                    let field = format!("/resources/limits/{}", escape(resource));
                    report.add(
                        patched(deployment.object, &container.pointer(&field), model),
                        format!(
                            "container \"{}\" of Deployment \"{}\" asks for {} `{resource}` of pool \"{}\", whose GPUs are shared",
                            container.name, name(&deployment), count.0, pool.name.value,
                        ),
                        |d| {
                            d.note("several places give no more compute, and may lie on one card")
                                .help("ask for one")
                        },
                    );
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::check::testing::{deployment, on_shared};

    /// Two places on a time-sliced pool are refused, one is not.
    #[test]
    fn places() {
        let found = |count: u64| {
            let body = deployment(&format!(
                r#"{{"name":"m","resources":{{"limits":{{"nvidia.com/gpu.shared":"{count}"}}}}}}"#
            ));
            on_shared(&RULE, vec![body])
        };
        assert_eq!(found(1).len(), 0);
        assert_eq!(found(2).len(), 1);
    }
}
