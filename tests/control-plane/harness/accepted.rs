//! What the compiler writes, given to the real server: accepted, stored as written, stable.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mlspec::validate::schema::Schemas;
use mlspec::validate::validate;
use serde_json::{Value, json};

use crate::Result;
use crate::api::{Api, Mode};
use crate::objects::{Object, load};

/// The order in which a GitOps tool applies kinds; others come last.
const ORDER: [&str; 15] = [
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "PodDisruptionBudget",
    "ServiceAccount",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Service",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "Ingress",
];

/// Fields that only the server writes.
const OWNED: [&str; 7] = [
    "/metadata/creationTimestamp",
    "/metadata/generation",
    "/metadata/managedFields",
    "/metadata/resourceVersion",
    "/metadata/uid",
    "/status",
    "/metadata/deletionTimestamp",
];

/// Dry-runs, applies, compares and deletes every object under some folders.
pub(crate) fn run(port: u16, folders: &[&str]) -> Result<()> {
    let mut api = Api::connect(port)?;
    let defaults = defaults()?;
    let mut used = BTreeSet::new();
    let mut faults = Vec::new();
    let mut count = 0;
    for folder in folders {
        let mut objects = load(Path::new(folder))?;
        objects.sort_by_key(|object| {
            ORDER.iter().position(|kind| *kind == object.text("/kind")).unwrap_or(ORDER.len())
        });
        for object in &objects {
            if let Some(namespace) = object.value["metadata"]["namespace"].as_str() {
                api.namespace(namespace, &json!({}))?;
            }
        }
        for object in &objects {
            count += 1;
            if let Err(fault) = accept(&mut api, object, &defaults, &mut used) {
                faults.push(format!("{}: {} {}: {fault}", object.file.display(), object.text("/kind"), object.text("/metadata/name")));
            }
        }
        for object in objects.iter().rev().filter(|object| object.text("/kind") != "Namespace") {
            api.delete(&object.value)?;
        }
    }
    println!("{count} objects accepted, applied twice, compared and deleted");
    for fault in &faults {
        println!("{fault}");
    }
    if count == 0 {
        return Err("no object was found".into());
    }
    if faults.is_empty() { Ok(()) } else { Err(format!("{} faults", faults.len()).into()) }
}

type Defaults = BTreeMap<(String, String), String>;

fn accept(api: &mut Api, object: &Object, defaults: &Defaults, used: &mut BTreeSet<(String, String)>) -> Result<()> {
    if let Some(violation) = validate(&object.value, &Schemas::newest()).first() {
        return Err(format!("the offline verdict: {} {}", violation.pointer, violation.message).into());
    }
    let fresh = object.text("/kind") != "Namespace";
    if fresh && let Some(reason) = api.refusal(&object.value)? {
        return Err(format!("the server: {reason}").into());
    }
    let first = api.apply(&object.value, Mode::Real)?;
    if !matches!(first.status, 200 | 201) {
        return Err(format!("apply: {} {}", first.status, first.body["message"]).into());
    }
    let mut drift = Vec::new();
    compare(&object.value, &first.body, "", &mut drift);
    for change in drift {
        match change {
            Drift::Changed(place) => return Err(format!("stored differently: {place}").into()),
            Drift::Added(place) if OWNED.contains(&place.as_str()) => {}
            Drift::Added(place) => {
                let key = (object.text("/kind").to_owned(), place);
                if !defaults.contains_key(&key) {
                    return Err(format!("the server adds {}, which server-defaults.tsv does not list", key.1).into());
                }
                used.insert(key);
            }
        }
    }
    let second = api.apply(&object.value, Mode::Real)?;
    let version = |answer: &Value| answer["metadata"]["resourceVersion"].clone();
    if version(&first.body) != version(&second.body) {
        return Err("a second apply changes it".into());
    }
    Ok(())
}

enum Drift {
    Changed(String),
    Added(String),
}

/// Walks both; `place` has `*` for positions in lists.
fn compare(ours: &Value, theirs: &Value, place: &str, drift: &mut Vec<Drift>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (key, value) in ours {
                let place = format!("{place}/{}", key.replace('/', "~1"));
                match theirs.get(key) {
                    Some(stored) => compare(value, stored, &place, drift),
                    None => drift.push(Drift::Changed(place)),
                }
            }
            for key in theirs.keys().filter(|key| !ours.contains_key(*key)) {
                drift.push(Drift::Added(format!("{place}/{}", key.replace('/', "~1"))));
            }
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            for (ours, theirs) in ours.iter().zip(theirs) {
                compare(ours, theirs, &format!("{place}/*"), drift);
            }
        }
        _ if ours == theirs => {}
        _ => drift.push(Drift::Changed(format!("{place}: {ours} became {theirs}"))),
    }
}

fn defaults() -> Result<Defaults> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/control-plane/server-defaults.tsv");
    let text = std::fs::read_to_string(file)?;
    let mut defaults = Defaults::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (kind, place) = line.split_once('\t').ok_or_else(|| format!("server-defaults.tsv: `{line}`"))?;
        defaults.insert((kind.to_owned(), place.to_owned()), String::new());
    }
    Ok(defaults)
}
