//! ROL-06: a field that cannot be changed differs from what is committed.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use serde_yaml::Value;

use crate::check::rules::shared::patched;
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::{Body, Object};
use crate::plan::ModelPlan;

/// ROL-06.
pub(crate) static RULE: Rule = Rule {
    code: "ROL-06",
    name: "immutable-field-changed",
    level: Level::Error,
    page: r#"
## What it checks
Against the output that is committed: a Deployment's selector, and a PersistentVolumeClaim's
access mode and StorageClass, are what they were. A first compile has nothing to compare with.

The selector is derived from the model's name and never from its labels, so it changes only where
`selector` is added, dropped or edited.

## Why it breaks
The API server refuses a change of these fields for the whole life of the object. The sync fails,
today and on every later try, and everything after it in the queue waits.

## Example
```yaml
# committed                            # compiled
selector:                              selector:
  matchLabels:                           matchLabels:
    app: nlp-inference                     app.kubernetes.io/name: bert
```

## Instead
Keep the selector that the Deployment was created with.
```kdl
selector "app" "nlp-inference"
```

## Sources
Kubernetes documentation, "Deployments", "Label selector updates", read 2026-11.
"#,
    run: Run::Object(check),
};

fn check(model: &ModelPlan<'_>, objects: &[Object], previous: &Previous<'_>, report: &mut Report) {
    for object in objects {
        match &object.body {
            Body::Deployment(deployment) => {
                let labels = deployment
                    .spec
                    .as_ref()
                    .and_then(|s| s.selector.match_labels.as_ref());
                let (Some(labels), Some(text)) = (labels, previous(object)) else {
                    continue;
                };
                if !holds_selector(&text, labels) {
                    selector(model, object, &text, labels, report);
                }
            }
            Body::PersistentVolumeClaim(claim) => {
                if let Some(text) = previous(object) {
                    volume(model, object, claim, &text, report);
                }
            }
            _ => {}
        }
    }
}

/// Whether the text holds the selector as it would be written now. Saves parsing where nothing
/// has changed; `false` only means that it must be parsed.
fn holds_selector(text: &str, labels: &BTreeMap<String, String>) -> bool {
    let mut block = String::from("\n  selector:\n    matchLabels:\n");
    for (key, value) in labels {
        block.push_str("      ");
        block.push_str(key);
        block.push_str(": ");
        block.push_str(value);
        block.push('\n');
    }
    text.split_once(&block)
        .is_some_and(|(_, rest)| !rest.starts_with("      "))
}

/// Compares the selector of a committed Deployment. A text that is no Deployment is not ours to
/// judge.
fn selector(
    model: &ModelPlan<'_>,
    object: &Object,
    text: &str,
    labels: &BTreeMap<String, String>,
    report: &mut Report,
) {
    let Ok(value) = serde_yaml::from_str::<Value>(text) else {
        return;
    };
    let Some(old) = value["spec"]["selector"]["matchLabels"].as_mapping() else {
        return;
    };
    let old: BTreeMap<String, String> = old
        .iter()
        .filter_map(|(k, v)| Some((k.as_str()?.to_owned(), v.as_str()?.to_owned())))
        .collect();
    if old == *labels {
        return;
    }
    let name = object.body.name();
    let written = model.model.selector.first().and_then(|(key, _)| key.span());
    report.add(
        written.unwrap_or_else(|| patched(object, "/spec/selector", model)),
        format!(
            "the selector of Deployment \"{name}\" was `{}` and would become `{}`, which cannot be changed",
            show(&old),
            show(labels)
        ),
        |mut d| {
            d = d.note("the API server refuses it: the sync would fail for ever");
            for (key, value) in &old {
                d = d.help(format!("keep the old one: selector \"{key}\" \"{value}\""));
            }
            d
        },
    );
}

fn show(labels: &BTreeMap<String, String>) -> String {
    let pairs: Vec<_> = labels.iter().map(|(k, v)| format!("{k}: {v}")).collect();
    pairs.join(", ")
}

/// Compares the fields of a committed claim that cannot be changed.
fn volume(
    model: &ModelPlan<'_>,
    object: &Object,
    claim: &PersistentVolumeClaim,
    text: &str,
    report: &mut Report,
) {
    let Ok(value) = serde_yaml::from_str::<Value>(text) else {
        return;
    };
    let name = claim.metadata.name.as_deref().unwrap_or_default();
    let Some(spec) = &claim.spec else { return };
    let written = model.model.claims.iter().find(|c| c.name.as_str() == name);
    let old = |field: &Value| field.as_str().map(str::to_owned);
    let class = spec.storage_class_name.clone();
    let mode = spec.access_modes.as_ref().and_then(|m| m.first()).cloned();
    let fields = [
        (
            "storage-class",
            old(&value["spec"]["storageClassName"]),
            class,
        ),
        ("access", old(&value["spec"]["accessModes"][0]), mode),
    ];
    for (field, before, now) in fields {
        if before == now {
            continue;
        }
        let span = match (field, written) {
            ("access", Some(claim)) => claim.access.span(),
            (_, Some(claim)) => claim
                .storage_class
                .as_ref()
                .and_then(|c| c.span())
                .or(claim.name.span()),
            _ => None,
        };
        let pointer = match field {
            "access" => "/spec/accessModes",
            _ => "/spec/storageClassName",
        };
        let word =
            |value: &Option<String>| value.clone().unwrap_or_else(|| "the default".to_owned());
        report.add(
            span.unwrap_or_else(|| patched(object, pointer, model)),
            format!(
                "`{field}` of claim \"{name}\" was {} and would become {}, which cannot be changed",
                word(&before),
                word(&now)
            ),
            |d| {
                d.note("the API server refuses it, and deleting the claim deletes what is on it")
                    .help("keep the old one, or make a claim of another name and move the model there")
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::check::testing::{deployment_selecting, on_committed};

    const OLD: &str = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  selector:\n    matchLabels:\n      app: nlp\n  template: {}\n";

    /// An unchanged selector passes with and without parsing; a changed, grown or shrunk one is
    /// found and shown with the node that keeps the old one.
    #[test]
    fn selector() {
        let found =
            |old: &str, labels: &str| on_committed(&RULE, vec![deployment_selecting(labels)], old);
        assert!(found(OLD, r#"{"app":"nlp"}"#).is_empty());
        assert!(
            found(
                &OLD.replace("app: nlp", "\"app\": \"nlp\""),
                r#"{"app":"nlp"}"#
            )
            .is_empty()
        );
        let changed = found(OLD, r#"{"app.kubernetes.io/name":"m"}"#);
        assert_eq!(
            changed[0].message,
            "the selector of Deployment \"m\" was `app: nlp` and would become `app.kubernetes.io/name: m`, which cannot be changed"
        );
        assert_eq!(
            changed[0].helps,
            ["keep the old one: selector \"app\" \"nlp\""]
        );
        let two = OLD.replace("app: nlp\n", "app: nlp\n      tier: web\n");
        assert_eq!(found(&two, r#"{"app":"nlp"}"#).len(), 1);
        assert_eq!(found(OLD, r#"{"app":"nlp","tier":"web"}"#).len(), 1);
    }

    /// A claim's class and access mode are compared, its size is not.
    #[test]
    fn claim() {
        let body = |class: &str| {
            let text = format!(
                r#"{{"metadata":{{"name":"c"}},"spec":{{"accessModes":["ReadWriteMany"],"storageClassName":"{class}"}}}}"#
            );
            crate::emit::Body::PersistentVolumeClaim(Box::new(serde_json::from_str(&text).unwrap()))
        };
        let old = "spec:\n  accessModes: [ReadWriteMany]\n  storageClassName: efs\n  resources: {requests: {storage: 1Gi}}\n";
        assert!(on_committed(&RULE, vec![body("efs")], old).is_empty());
        assert_eq!(
            on_committed(&RULE, vec![body("gp3")], old)[0].message,
            "`storage-class` of claim \"c\" was efs and would become gp3, which cannot be changed"
        );
    }
}
