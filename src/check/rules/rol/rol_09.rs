//! ROL-09: an image or artifact that may be another one tomorrow.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::resolve::model::Workload;
use crate::units::ArtifactUri;

/// ROL-09.
pub(crate) static RULE: Rule = Rule {
    code: "ROL-09",
    name: "mutable-image-or-artifact",
    level: Level::Error,
    page: r#"
## What it checks
The image has a digest or a tag other than `latest`, and a Hugging Face artifact names a commit or
tag, not a branch such as `main`, or has a `sha256`.

## Why it breaks
Replicas that start after the name was moved run something else than those before it: a scale-up
serves two models at once, and a rollback brings back a name, not the content it had.

## Example
```kdl
model "bert" {
    runtime "container" image="myregistry.io/bert" port=8080 { user 10001; readiness "/ready" }
    startup "60s"
    resources memory="4Gi"
    scale 1
}
```

## Instead
```kdl
runtime "container" image="myregistry.io/bert:v2.1" port=8080 { user 10001; readiness "/ready" }
```

## Sources
Kubernetes documentation, "Images", image names, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for plan in &model.workloads {
        let image = plan.workload.runtime.image();
        if image.is_mutable_tag() {
            report.add(
                at(image, model),
                format!("image `{}` may be another one tomorrow", image.value),
                |d| {
                    d.note("a replica that starts later then runs something else than the ones before it")
                        .help("name a version, or pin it: `image:tag@sha256:…`")
                },
            );
        }
        artifact(model, plan.workload, report);
    }
}

/// Revisions that are branches in nearly every repository.
const BRANCHES: [&str; 3] = ["main", "master", "dev"];

fn artifact(model: &ModelPlan<'_>, workload: &Workload, report: &mut Report) {
    let Some(artifact) = &workload.artifact else {
        return;
    };
    if let ArtifactUri::Hf { repo, revision } = &artifact.uri.value
        && artifact.sha256.is_none()
        && revision
            .as_ref()
            .is_none_or(|r| BRANCHES.contains(&r.as_str()))
    {
        let branch = match revision {
            Some(name) => format!("branch `{name}`"),
            None => "default branch".to_owned(),
        };
        report.add(
            at(&artifact.uri, model),
            format!("artifact `hf://{repo}` follows the repository's {branch}"),
            |d| {
                d.note(
                    "a replica that starts later then serves another model than the ones before it",
                )
                .help(format!("name a commit: \"hf://{repo}@<commit>\""))
            },
        );
    }
}
