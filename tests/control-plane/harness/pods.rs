//! What the real admission of restricted pod security says of pods: it takes those of everything that is committed, and
//! draws the line of each control where rule NET-05 draws it.

use std::path::Path;

use serde_json::{Value, json};

use crate::Result;
use crate::api::{Api, Mode};
use crate::objects::load;

/// A namespace that enforces the level, as `create-namespace=#true` makes it.
const NAMESPACE: &str = "restricted-pods";

/// Judges the pods of Deployments in folders, and each control of the table on both sides of its limit.
pub(crate) fn run(port: u16, table: &str, folders: &[&str]) -> Result<()> {
    let mut api = Api::connect(port)?;
    api.namespace(
        NAMESPACE,
        &json!({"pod-security.kubernetes.io/enforce": "restricted"}),
    )?;
    let account = json!({
        "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": NAMESPACE},
    });
    api.apply(&account, Mode::Real)?;
    let mut faults = Vec::new();
    let emitted = emitted(&mut api, folders, &mut faults)?;
    let controls = controls(&mut api, table, &mut faults)?;
    println!(
        "{emitted} pods of Deployments and {controls} controls judged, {} not as expected",
        faults.len()
    );
    faults.iter().for_each(|fault| println!("{fault}"));
    if faults.is_empty() && emitted > 0 && controls > 0 {
        Ok(())
    } else {
        Err("pods are judged otherwise".into())
    }
}

fn emitted(api: &mut Api, folders: &[&str], faults: &mut Vec<String>) -> Result<usize> {
    let mut count = 0;
    for folder in folders {
        for mut object in load(Path::new(folder))? {
            if object.value["kind"] != "Deployment" {
                continue;
            }
            count += 1;
            let mut pod = object.value["spec"]["template"].take();
            // Neither is there.
            for name in ["serviceAccountName", "priorityClassName"] {
                pod["spec"].as_object_mut().map(|spec| spec.remove(name));
            }
            if let Some(refusal) = refusal(api, pod)? {
                faults.push(format!("{}: {refusal}", object.file.display()));
            }
        }
    }
    Ok(count)
}

fn controls(api: &mut Api, table: &str, faults: &mut Vec<String>) -> Result<usize> {
    let table: Value = serde_json::from_str(&std::fs::read_to_string(table)?)?;
    let base = &table["pod"];
    let controls = table["controls"].as_array().ok_or("no controls")?;
    for control in controls {
        let field = control["field"].as_str().ok_or("no field")?;
        for (side, taken) in [("good", true), ("bad", false)] {
            let mut pod = base.clone();
            write(&mut pod, field, control[side].clone());
            // What the server's validation wants beside the value.
            for (field, value) in control[format!("{side}-with")]
                .as_object()
                .into_iter()
                .flatten()
            {
                write(&mut pod, field, value.clone());
            }
            let said = refusal(api, pod)?;
            let as_expected = match &said {
                None => taken,
                Some(said) => {
                    !taken
                        && control["server"]
                            .as_str()
                            .is_some_and(|words| said.contains(words))
                }
            };
            if !as_expected {
                faults.push(format!(
                    "{field}, {side}: {}",
                    said.unwrap_or("taken".to_owned())
                ));
            }
        }
    }
    Ok(controls.len())
}

/// Writes a field of a pod's `spec`; null takes it away.
fn write(pod: &mut Value, field: &str, value: Value) {
    let mut at = &mut pod["spec"];
    for name in field.split('/') {
        at = match name.parse::<usize>() {
            Ok(index) => &mut at[index],
            Err(_) => &mut at[name],
        };
    }
    *at = value;
}

/// Why the server refuses a pod.
fn refusal(api: &mut Api, mut pod: Value) -> Result<Option<String>> {
    pod["apiVersion"] = json!("v1");
    pod["kind"] = json!("Pod");
    pod["metadata"]["name"] = json!("pod");
    pod["metadata"]["namespace"] = json!(NAMESPACE);
    let answer = api.create(&pod, Mode::DryRun)?;
    Ok(match answer.status {
        201 => None,
        status => {
            let message = answer.body["message"].as_str().unwrap_or_default();
            Some(format!("{status} {message}"))
        }
    })
}
