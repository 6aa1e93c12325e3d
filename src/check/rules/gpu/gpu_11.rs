//! GPU-11: a container asks for a resource that its pool calls otherwise.

use crate::check::rules::shared::{containers, deployments, name, patched, workload};
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::Object;
use crate::emit::trace::escape;
use crate::plan::ModelPlan;

/// GPU-11.
pub(crate) static RULE: Rule = Rule {
    code: "GPU-11",
    name: "device-called-otherwise",
    level: Level::Error,
    page: r#"
## What it checks
The `nvidia.com/` resource in a container's limits is the one that the device plugin advertises on
the pool the pod runs on: `nvidia.com/gpu`, `nvidia.com/gpu.shared` where sharing renames it,
`nvidia.com/mig-<profile>` under the mixed strategy.

Only a `patch` can raise this: nobody else types the name, it is derived from the pool.

## Why it breaks
With `renameByDefault: true` a node has no `nvidia.com/gpu` left to give. A pod that asks for it
stays Pending next to free cards.

## Example
```yaml
resources:
  limits: { nvidia.com/gpu: "1" }     # on a pool that offers nvidia.com/gpu.shared
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
        let Some(placement) = workload(model, &deployment).map(|w| &w.placement) else {
            continue;
        };
        let (Some(pool), Some(device)) = (placement.pool, &placement.device) else {
            continue;
        };
        for container in containers(deployment) {
            let limits = container
                .resources
                .iter()
                .flat_map(|r| r.limits.iter().flatten());
            for (resource, _) in limits {
                if resource.starts_with("nvidia.com/") && *resource != *device.resource.value {
                    let field = format!("/resources/limits/{}", escape(resource));
                    report.add(
                        patched(deployment.object, &container.pointer(&field), model),
                        format!(
                            "container \"{}\" of Deployment \"{}\" asks for `{resource}`, pool \"{}\" offers `{}`",
                            container.name, name(&deployment), pool.name.value, device.resource.value,
                        ),
                        |d| d.help("leave the resource to `gpu`, which knows what the pool calls it"),
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

    /// The plain name on a pool that renames is found.
    #[test]
    fn renamed() {
        let found = |resource: &str| {
            let body = deployment(&format!(
                r#"{{"name":"m","resources":{{"limits":{{"{resource}":"1"}}}}}}"#
            ));
            on_shared(&RULE, vec![body])
        };
        assert_eq!(found("nvidia.com/gpu.shared").len(), 0);
        assert_eq!(found("cpu").len(), 0);
        assert_eq!(
            found("nvidia.com/gpu"),
            [
                "container \"m\" of Deployment \"m\" asks for `nvidia.com/gpu`, pool \"t4\" offers `nvidia.com/gpu.shared`"
            ]
        );
    }
}
