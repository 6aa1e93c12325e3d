//! SCL-03: bounds of an autoscaler left to KEDA's defaults.

use serde_json::Value;

use crate::check::rules::shared::patched;
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::Object;
use crate::plan::ModelPlan;

/// SCL-03.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-03",
    name: "implicit-replica-bounds",
    level: Level::Error,
    page: r#"
## What it checks
A `scale` with triggers says both `min` and `max`, and an emitted ScaledObject has both numbers.

## Why it breaks
KEDA takes 0 for the least and 100 for the most where they are not written: the model goes to
sleep when nobody asks, and a burst asks for a hundred GPUs.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale min=2 { on "latency" p95="400ms" }
}
```

## Instead
```kdl
scale min=2 max=8 { on "latency" p95="400ms" }
```

## Sources
KEDA documentation, "ScaledObject specification", read 2026-11.
"#,
    run: Run::Object(check),
};

fn check(model: &ModelPlan<'_>, objects: &[Object], _: &Previous<'_>, report: &mut Report) {
    for object in objects.iter().filter(|o| o.body.kind() == "ScaledObject") {
        let Ok(value) = serde_json::to_value(object.content()) else {
            continue;
        };
        for field in missing(&value) {
            report.add(
                patched(object, &format!("/spec/{field}"), model),
                format!(
                    "`{field}` is missing in ScaledObject \"{}\"",
                    object.body.name()
                ),
                |d| {
                    d.note("KEDA takes 0 for the least and 100 for the most")
                        .help("write both bounds")
                },
            );
        }
    }
}

/// The bounds that a ScaledObject lacks.
fn missing(value: &Value) -> impl Iterator<Item = &'static str> {
    let spec = &value["spec"];
    ["minReplicaCount", "maxReplicaCount"]
        .into_iter()
        .filter(|field| !spec[*field].is_u64())
}

#[cfg(test)]
mod tests {
    use super::missing;

    /// Zero is a number that is there.
    #[test]
    fn bounds() {
        let of = |spec| missing(&serde_json::json!({ "spec": spec })).collect::<Vec<_>>();
        assert_eq!(
            of(serde_json::json!({"minReplicaCount": 0, "maxReplicaCount": 5})),
            [""; 0]
        );
        assert_eq!(
            of(serde_json::json!({"maxReplicaCount": 5})),
            ["minReplicaCount"]
        );
        assert_eq!(
            of(serde_json::json!({})),
            ["minReplicaCount", "maxReplicaCount"]
        );
    }
}
