//! GPU-14: a container makes all GPUs of its node visible.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::resolve::model::EnvValue;

/// GPU-14.
pub(crate) static RULE: Rule = Rule {
    code: "GPU-14",
    name: "visible-devices-in-env",
    level: Level::Warning,
    page: r#"
## What it checks
No `env-var` sets `NVIDIA_VISIBLE_DEVICES` to anything but `void` or `none`.

## Why it breaks
The variable overrides the device plugin: the container sees the cards it names, or every card of
the node, whatever was allocated to it. It then shares memory with a model that believes it is
alone.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    env-var "NVIDIA_VISIBLE_DEVICES" "all"
    scale 1
}
```

## Instead
Ask for a device; the device plugin sets the variable.
```kdl
gpu count=1
```

## Sources
k8s-device-plugin#1605.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for var in model.workloads.iter().flat_map(|w| &w.workload.env_vars) {
        if let EnvValue::Plain(value) = &var.value
            && var.name.as_str() == "NVIDIA_VISIBLE_DEVICES"
            && !matches!(value.as_str(), "void" | "none")
        {
            report.add(
                at(value, model),
                format!(
                    "`NVIDIA_VISIBLE_DEVICES` \"{}\" overrides what the device plugin allocates",
                    value.value
                ),
                |d| {
                    d.note("the container then sees GPUs that belong to other pods")
                        .help("drop the variable and ask for a device with `gpu`")
                },
            );
        }
    }
}
