//! Writes `schema/objects/` and the table that embeds it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use mlspec::validate::schema::{File, Product, Version};
use serde_json::{Map, Value};

use crate::Result;
use crate::compact::{Compactor, Enums};
use crate::go_enums;
use crate::http::Server;
use crate::sources::{Row, module, rows};

/// Every kind that is emitted.
const WANTED: [(Product, &str, &[&str]); 18] = [
    (
        Product::Kubernetes,
        "v1",
        &[
            "ConfigMap",
            "Namespace",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "ResourceQuota",
            "Secret",
            "Service",
            "ServiceAccount",
        ],
    ),
    (
        Product::Kubernetes,
        "apps/v1",
        &["Deployment", "StatefulSet"],
    ),
    (
        Product::Kubernetes,
        "autoscaling/v2",
        &["HorizontalPodAutoscaler"],
    ),
    (Product::Kubernetes, "batch/v1", &["Job"]),
    (
        Product::Kubernetes,
        "networking.k8s.io/v1",
        &["Ingress", "NetworkPolicy"],
    ),
    (Product::Kubernetes, "policy/v1", &["PodDisruptionBudget"]),
    (
        Product::Kubernetes,
        "rbac.authorization.k8s.io/v1",
        &["Role", "RoleBinding"],
    ),
    (
        Product::Keda,
        "keda.sh/v1alpha1",
        &["ScaledObject", "TriggerAuthentication"],
    ),
    (
        Product::Istio,
        "networking.istio.io/v1",
        &["DestinationRule", "VirtualService"],
    ),
    (
        Product::Istio,
        "security.istio.io/v1",
        &["AuthorizationPolicy", "PeerAuthentication"],
    ),
    (
        Product::GatewayApi,
        "gateway.networking.k8s.io/v1",
        &["HTTPRoute", "ReferenceGrant"],
    ),
    (
        Product::GatewayApi,
        "gateway.networking.k8s.io/v1beta1",
        &["ReferenceGrant"],
    ),
    (
        Product::PrometheusOperator,
        "monitoring.coreos.com/v1",
        &["PodMonitor", "PrometheusRule", "ServiceMonitor"],
    ),
    (
        Product::ArgoCd,
        "argoproj.io/v1alpha1",
        &["AppProject", "Application", "ApplicationSet"],
    ),
    (
        Product::Flux,
        "source.toolkit.fluxcd.io/v1",
        &["GitRepository"],
    ),
    (
        Product::Flux,
        "kustomize.toolkit.fluxcd.io/v1",
        &["Kustomization"],
    ),
    (Product::Kubernetes, "storage.k8s.io/v1", &["StorageClass"]),
    (
        Product::Kubernetes,
        "scheduling.k8s.io/v1",
        &["PriorityClass"],
    ),
];

/// Folders of `k8s.io/api` with the types of [`WANTED`].
const GROUPS: [&str; 9] = [
    "core/v1",
    "apps/v1",
    "autoscaling/v2",
    "batch/v1",
    "networking/v1",
    "policy/v1",
    "rbac/v1",
    "scheduling/v1",
    "storage/v1",
];

/// A file of one API group and version over a range of versions.
struct Range {
    from: Version,
    to: Version,
    text: String,
}

/// Reads every version of `schemas.tsv` and writes the compact schemas.
pub(crate) fn write(port: u16) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut server = Server::connect(port)?;
    let rows = rows(&root.join("tests/control-plane/schemas.tsv"))?;
    let newest = rows
        .iter()
        .rfind(|row| row.product == Product::Kubernetes && row.module.is_none());
    let newest = newest.ok_or("schemas.tsv names no Kubernetes from the server")?;
    let served = enums(newest, &mut server)?;
    let meta = newest.open_api(&mut server, "apps/v1")?;
    judge_go_enums(&served)?;
    let mut ranges: BTreeMap<(Product, &str), Vec<Range>> = BTreeMap::new();
    for row in &rows {
        let definitions = match row.product {
            Product::Kubernetes => BTreeMap::new(),
            _ => row.definitions(&mut server)?,
        };
        let enums = match row.api_types()? {
            Some(folder) => &go_enums::read(&folder, &GROUPS)?,
            None => &served,
        };
        for (product, api_version, kinds) in WANTED {
            if product != row.product {
                continue;
            }
            let file = if product == Product::Kubernetes {
                builtin(row, &mut server, api_version, kinds, enums)?
            } else {
                custom(&meta, &definitions, api_version, kinds)?
            };
            if !file.kinds.is_empty() {
                extend(
                    ranges.entry((product, api_version)).or_default(),
                    row.version,
                    text(&file)?,
                );
            }
        }
        eprintln!("{} {}", row.product.name(), row.version);
    }
    write_all(root, &ranges)
}

/// What is read from Go types for older versions must be what the running server serves, for its own
/// version: the proof that they are read rightly.
fn judge_go_enums(served: &Enums) -> Result<()> {
    let version = std::env::var("MLSPEC_KUBERNETES")?;
    let folder = module("k8s.io/api", &version.replacen("v1.", "v0.", 1))?;
    let read = go_enums::read(&folder, &GROUPS)?;
    let known = read
        .into_iter()
        .filter(|(key, _)| served.contains_key(key))
        .collect();
    let differences = go_enums::differences(&known, served);
    differences.iter().for_each(|line| eprintln!("{line}"));
    match differences.len() {
        0 => Ok(()),
        n => Err(format!("{n} enums of Go types are not the server's").into()),
    }
}

/// A version whose file is the one before belongs to its range.
fn extend(ranges: &mut Vec<Range>, version: Version, text: String) {
    match ranges.last_mut() {
        Some(last) if last.text == text => last.to = version,
        _ => ranges.push(Range {
            from: version,
            to: version,
            text,
        }),
    }
}

fn components(document: &Value) -> Result<&Map<String, Value>> {
    Ok(document["components"]["schemas"]
        .as_object()
        .ok_or("an OpenAPI document has no components")?)
}

fn enums(row: &Row, server: &mut Server) -> Result<Enums> {
    let mut found = Enums::new();
    for (_, api_version, _) in WANTED
        .iter()
        .filter(|wanted| wanted.0 == Product::Kubernetes)
    {
        let document = row.open_api(server, api_version)?;
        for (component, schema) in components(&document)? {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                for holder in [property, &property["items"]] {
                    if holder["enum"].is_array() {
                        found.insert((component.clone(), name.clone()), holder["enum"].clone());
                    }
                }
            }
        }
    }
    Ok(found)
}

fn builtin(
    row: &Row,
    server: &mut Server,
    api_version: &str,
    kinds: &[&str],
    enums: &Enums,
) -> Result<File> {
    let document = row.open_api(server, api_version)?;
    let components = components(&document)?;
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    let mut compactor = Compactor::new(components, enums, true);
    for kind in kinds {
        let named = |schema: &Value| {
            let mut names = schema["x-kubernetes-group-version-kind"]
                .as_array()
                .into_iter()
                .flatten();
            names.any(|n| n["kind"] == *kind && n["group"] == group && n["version"] == version)
        };
        let component = components.iter().find(|(_, schema)| named(schema));
        let component = component
            .ok_or_else(|| format!("{api_version} has no {kind}"))?
            .0;
        compactor.component_kind(kind, component)?;
    }
    Ok(compactor.file)
}

fn custom(
    meta: &Value,
    definitions: &BTreeMap<String, Value>,
    api_version: &str,
    kinds: &[&str],
) -> Result<File> {
    let (group, version) = api_version
        .split_once('/')
        .ok_or("a custom resource without group")?;
    let enums = Enums::new();
    let mut compactor = Compactor::new(components(meta)?, &enums, false);
    for kind in kinds {
        let spec = definitions
            .get(*kind)
            .map(|crd| &crd["spec"])
            .filter(|spec| spec["group"] == group);
        let versions = spec.and_then(|spec| spec["versions"].as_array());
        let named = versions
            .into_iter()
            .flatten()
            .find(|v| v["name"] == version && v["served"] == true);
        if let Some(named) = named {
            compactor.custom_kind(kind, &named["schema"]["openAPIV3Schema"])?;
        }
    }
    Ok(compactor.file)
}

/// One node on each line.
fn text(file: &File) -> Result<String> {
    let mut text = format!(
        "{{\"kinds\":{},\"nodes\":[",
        serde_json::to_string(&file.kinds)?
    );
    for (at, node) in file.nodes.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        write!(text, "{comma}\n{}", serde_json::to_string(node)?)?;
    }
    text.push_str("\n]}\n");
    Ok(text)
}

fn write_all(root: &Path, ranges: &BTreeMap<(Product, &str), Vec<Range>>) -> Result<()> {
    let folder = root.join("schema/objects");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let mut table = String::new();
    let mut count = 0;
    for ((product, api_version), ranges) in ranges {
        std::fs::create_dir_all(folder.join(product.name()))?;
        for Range { from, to, text } in ranges {
            let name = format!(
                "{}/{}@{from}.json",
                product.name(),
                api_version.replace('/', "_")
            );
            std::fs::write(folder.join(&name), text)?;
            writeln!(
                table,
                "    Snapshot::new(\n        Product::{product:?},\n        \"{api_version}\",\n        \
                 Version::new({}, {}),\n        Version::new({}, {}),\n        \
                 include_str!(\"../../../schema/objects/{name}\"),\n    ),",
                from.major, from.minor, to.major, to.minor
            )?;
            count += 1;
        }
    }
    let head = "//! Generated by `tests/control-plane/run schemas`: the files of `schema/objects/`.\n\n\
                use super::{Product, Snapshot, Version};\n\n";
    let table = format!("{head}pub(super) static EMBEDDED: [Snapshot; {count}] = [\n{table}];\n");
    Ok(std::fs::write(
        root.join("src/validate/schema/embedded.rs"),
        table,
    )?)
}
