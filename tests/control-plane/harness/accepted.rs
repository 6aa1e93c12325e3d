//! What the compiler writes, given to the real server: accepted, stored as written, stable.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

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

/// Dry-runs, applies, compares and deletes every object under some folders, one cluster after
/// the other: what two of them hold may have the same name.
pub(crate) fn run(port: u16, folders: &[&str]) -> Result<()> {
    let mut api = Api::connect(port)?;
    let defaults = defaults()?;
    let mut clusters: BTreeMap<PathBuf, Vec<Object>> = BTreeMap::new();
    for folder in folders {
        for object in load(Path::new(folder))? {
            // FOLDER/ENV/CLUSTER/…
            let depth = Path::new(folder).components().count() + 2;
            let cluster = object.file.components().take(depth).collect();
            clusters.entry(cluster).or_default().push(object);
        }
    }
    let (mut count, mut faults) = (0, Vec::new());
    for objects in clusters.values_mut() {
        count += objects.len();
        cluster(&mut api, objects, &defaults, &mut faults)?;
    }
    println!(
        "{count} objects of {} clusters accepted, applied twice, compared and deleted",
        clusters.len()
    );
    for fault in &faults {
        println!("{fault}");
    }
    if count == 0 {
        return Err("no object was found".into());
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(format!("{} faults", faults.len()).into())
    }
}

fn cluster(
    api: &mut Api,
    objects: &mut [Object],
    defaults: &Defaults,
    faults: &mut Vec<String>,
) -> Result<()> {
    objects.sort_by_key(|object| {
        ORDER
            .iter()
            .position(|kind| *kind == object.text("/kind"))
            .unwrap_or(ORDER.len())
    });
    for object in &*objects {
        if let Some(namespace) = object.value["metadata"]["namespace"].as_str() {
            api.namespace(namespace, &json!({}))?;
        }
    }
    for object in &*objects {
        if let Err(fault) = accept(api, object, defaults) {
            let (kind, name) = (object.text("/kind"), object.text("/metadata/name"));
            faults.push(format!("{}: {kind} {name}: {fault}", object.file.display()));
        }
    }
    for object in objects
        .iter()
        .rev()
        .filter(|object| object.text("/kind") != "Namespace")
    {
        api.delete(&object.value)?;
    }
    Ok(())
}

/// Kinds and fields.
type Defaults = BTreeSet<(String, String)>;

fn accept(api: &mut Api, object: &Object, defaults: &Defaults) -> Result<()> {
    if let Some(violation) = validate(&object.value, &Schemas::newest()).first() {
        return Err(format!(
            "the offline verdict: {} {}",
            violation.pointer, violation.message
        )
        .into());
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
    let mut unlisted = Vec::new();
    for change in drift {
        match change {
            Drift::Changed(place) => return Err(format!("stored differently: {place}").into()),
            Drift::Added(place) if OWNED.contains(&place.as_str()) => {}
            Drift::Added(place)
                if defaults.contains(&(object.text("/kind").to_owned(), place.clone())) => {}
            Drift::Added(place) => unlisted.push(format!("{}\t{place}", object.text("/kind"))),
        }
    }
    if !unlisted.is_empty() {
        return Err(format!(
            "the server adds what server-defaults.tsv does not list:\n{}",
            unlisted.join("\n")
        )
        .into());
    }
    let mut second = api.apply(&object.value, Mode::Real)?.body;
    let mut first = first.body;
    // The server may store again what it has filled in; what it says must stay the same.
    for body in [&mut first, &mut second] {
        if let Some(metadata) = body["metadata"].as_object_mut() {
            metadata.remove("resourceVersion");
            metadata.remove("managedFields");
        }
    }
    if first != second {
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
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/control-plane/server-defaults.tsv");
    let text = std::fs::read_to_string(file)?;
    let mut defaults = Defaults::new();
    for line in text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let (kind, place) = line
            .split_once('\t')
            .ok_or_else(|| format!("server-defaults.tsv: `{line}`"))?;
        defaults.insert((kind.to_owned(), place.to_owned()));
    }
    Ok(defaults)
}
