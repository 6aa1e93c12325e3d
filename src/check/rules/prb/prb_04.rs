//! PRB-04: readiness that is true before the model is loaded.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::diag::Severity;
use crate::plan::{ClusterCapacity, ModelPlan};

/// PRB-04.
pub(crate) static RULE: Rule = Rule {
    code: "PRB-04",
    name: "readiness-does-not-ask-the-model",
    level: Level::Error,
    page: r#"
## What it checks
The readiness path of a container is not `/`. Where a container has no `readiness` of its own,
liveness' path is asked, and a note says so. mlserve's path is part of its contract, and nothing
can be connected but over HTTP: a probe that only opens the port cannot be written.

## Why it breaks
Servers answer `/` and open their port before the model is loaded. The pod then gets requests it
cannot answer, and a rollout replaces working pods by ones that still load.

## Example
```kdl
model "bert" {
    runtime "container" image="myregistry.io/bert:v2.1" port=8080 {
        user 10001
        readiness "/"
    }
    startup "60s"
    resources memory="4Gi"
    scale 1
}
```

## Instead
The path by which the image tells that the model is loaded.
```kdl
readiness "/v2/models/bert/ready"
```

## Sources
kserve#3113.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.workloads {
        let path = &workload.probes.readiness.path;
        let Some(container) = workload.workload.runtime.container() else {
            continue;
        };
        if path.is_root() {
            report.add(
                at(path, model),
                format!("`/` answers before the model of \"{}\" is loaded", workload.name.value),
                |d| {
                    d.note("the pod would get requests it cannot answer yet")
                        .help("name the path by which the image tells that the model is loaded: `readiness \"/ready\"`")
                },
            );
        } else if container.readiness.is_none() {
            report.add(
                at(path, model),
                format!(
                    "readiness of \"{}\" asks liveness' path `{}`",
                    workload.name.value, path.value
                ),
                |mut d| {
                    d.severity = Severity::Note;
                    d.note(
                        "right only if the image answers it once the model is loaded, not before",
                    )
                    .help("if the image has a path of its own for it, add `readiness \"/ready\"`")
                },
            );
        }
    }
}
