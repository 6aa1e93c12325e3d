//! GPU-01: requests and limits of a device differ.

use crate::check::rules::shared::{containers, deployments, name, patched};
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::Object;
use crate::emit::trace::escape;
use crate::plan::ModelPlan;

/// GPU-01.
pub(crate) static RULE: Rule = Rule {
    code: "GPU-01",
    name: "device-request-and-limit-differ",
    level: Level::Error,
    page: r#"
## What it checks
Every extended resource of a container (`nvidia.com/gpu`, `nvidia.com/mig-1g.5gb`) is a whole
number, and request and limit are that same number.

The language has one number, `gpu count=`, and it is emitted in both places, so only a `patch` can
raise this.

## Why it breaks
Devices cannot be overcommitted. The API server rejects a pod whose request and limit differ, that
has a request without a limit, or that asks for a fraction. With GitOps the rejection comes after
the merge, as an object that never syncs.

## Example
```yaml
resources:
  requests: { nvidia.com/gpu: "1" }
  limits: { nvidia.com/gpu: "2" }
```

## Instead
```kdl
gpu count=1
```

## Sources
Kubernetes documentation, "Schedule GPUs" and "Extended Resources", read 2026-11.
"#,
    run: Run::Object(check),
};

fn check(model: &ModelPlan<'_>, objects: &[Object], _: &Previous<'_>, report: &mut Report) {
    for deployment in deployments(objects) {
        for container in containers(deployment) {
            let Some(resources) = &container.resources else {
                continue;
            };
            let limits = resources.limits.as_ref();
            for (resource, wanted) in resources.requests.iter().flatten() {
                if !resource.contains('/') {
                    continue;
                }
                let limit = limits.and_then(|l| l.get(resource)).map(|q| q.0.as_str());
                let whole = wanted.0.parse::<u64>().is_ok();
                if whole && limit == Some(wanted.0.as_str()) {
                    continue;
                }
                let field =
                    |list| container.pointer(&format!("/resources/{list}/{}", escape(resource)));
                let wrote = |pointer: &String| deployment.object.trace.patch_of(pointer).is_some();
                let field = Some(field("requests"))
                    .filter(wrote)
                    .unwrap_or(field("limits"));
                report.add(
                    patched(deployment.object, &field, model),
                    format!(
                        "container \"{}\" of Deployment \"{}\" requests {} `{resource}`, its limit is {}",
                        container.name,
                        name(&deployment),
                        wanted.0,
                        limit.unwrap_or("not set"),
                    ),
                    |d| {
                        d.note("a device is never overcommitted: request and limit are one whole number")
                            .help("write the same whole number in both")
                    },
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::check::testing::{deployment, on_objects};

    /// Differing, fractional and missing numbers are found, equal ones are not.
    #[test]
    fn request_and_limit() {
        let found = |request: &str, limit: Option<&str>| {
            let limits = limit.map(|l| format!(r#""limits":{{"nvidia.com/gpu":"{l}"}},"#));
            let body = deployment(&format!(
                r#"{{"name":"m","resources":{{{}"requests":{{"cpu":"1","nvidia.com/gpu":"{request}"}}}}}}"#,
                limits.unwrap_or_default()
            ));
            on_objects(&RULE, vec![body])
        };
        assert_eq!(found("1", Some("1")), Vec::<String>::new());
        assert_eq!(
            found("1", Some("2")),
            ["container \"m\" of Deployment \"m\" requests 1 `nvidia.com/gpu`, its limit is 2"]
        );
        assert_eq!(found("500m", Some("500m")).len(), 1);
        assert_eq!(found("1", None).len(), 1);
    }
}
