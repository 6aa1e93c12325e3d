//! STO-03: an access mode that a StorageClass cannot give.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::diag::Severity;
use crate::plan::{ClusterCapacity, ModelPlan};

/// STO-03.
pub(crate) static RULE: Rule = Rule {
    code: "STO-03",
    name: "storage-class-lacks-access-mode",
    level: Level::Error,
    page: r#"
## What it checks
The `access` of a `claim` is one that its `storage-class` can give, as the cluster describes it. A
class that the cluster does not describe gets a warning: what it can do is not known.

## Why it breaks
The claim stays Pending, and so does every pod that mounts it.

## Example
```kdl
model "bert" {
    only "prod"
    claim "cache" size="10Gi" access="RWX" storage-class="gp3"
    artifact "pvc://cache/bert" size="438Mi"
    scale 2
}
```

## Instead
```kdl
claim "cache" size="10Gi" access="RWX" storage-class="efs"
```

## Sources
Kubernetes documentation, "Persistent Volumes", access modes by volume plugin, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    let cluster = &model.target.cluster;
    for claim in &model.model.claims {
        let Some(class) = &claim.storage_class else {
            continue;
        };
        let Some(known) = cluster
            .storage_classes
            .iter()
            .find(|c| c.name.value == class.value)
        else {
            report.add(
                at(class, model),
                format!(
                    "whether storage class \"{}\" can give {} is not known: cluster \"{}\" does not describe it",
                    class.value, claim.access.value, cluster.name.value
                ),
                |mut d| {
                    d.severity = Severity::Warning;
                    d.help(format!(
                        "add to the cluster: storage-class \"{}\" {{ access \"{}\" }}",
                        class.value, claim.access.value
                    ))
                },
            );
            continue;
        };
        if known.access.iter().any(|a| a.value == claim.access.value) {
            continue;
        }
        let modes: Vec<_> = known.access.iter().map(|a| a.value.to_string()).collect();
        report.add(
            at(&claim.access, model),
            format!(
                "storage class \"{}\" gives {}, not {}",
                class.value,
                modes.join(" and "),
                claim.access.value
            ),
            |d| {
                d.also(at(class, model), "the class")
                    .help("choose another class or another access mode")
            },
        );
    }
}
