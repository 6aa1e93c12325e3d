//! Emitted objects: every field has a source, and what objects say to each other holds.

mod effects;
mod fields;
mod network;
mod numbers;
mod server;
mod sources;
mod split;
mod twice;
mod workspace;

use mlspec::compile::{Options, compile};
use mlspec::diag::Severity;
use mlspec::emit::Object;
use mlspec::render::Memory;
use mlspec::system::MemorySystem;
use serde_json::Value;

/// The objects of a workspace that must be without errors.
fn objects(files: &[(&str, &str)]) -> Vec<Object> {
    let mut system = MemorySystem::default();
    for (path, text) in files {
        system = system.file(*path, *text);
    }
    let memory = Memory::default();
    let options = Options {
        recording: true,
        ..Options::default()
    };
    let compilation = compile(&system, &options, &memory);
    let errors: Vec<_> = compilation
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| (d.code, &d.message))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let files = memory.into_files().into_values();
    files.filter_map(|file| file.object).collect()
}

/// One environment, "dev" in namespace "ml" of cluster "c".
const ROOT: &str = r#"workspace "w" edition=1 {
    use "m.kdl"
    image "mlserve" "registry.acme.io/ml/mlserve:0.1.0@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    env "dev" namespace="ml" { cluster "c" }
}"#;

/// Cluster "c", of which `facts` are known, and models.
fn cluster(facts: &str, models: &str) -> String {
    format!("cluster \"c\" {{\nkubernetes \"1.36\"\n{facts}\n}}\n{models}")
}

/// The objects of models in the environment of [`ROOT`].
fn on_cluster(facts: &str, models: &str) -> Vec<Object> {
    objects(&[("mlspec.kdl", ROOT), ("m.kdl", &cluster(facts, models))])
}

/// An object as it is written.
fn value(object: &Object) -> Value {
    serde_json::to_value(&object.body).unwrap()
}

/// The object of this kind and name, as it is written.
fn named(objects: &[Object], kind: &str, name: &str) -> Value {
    let found: Vec<_> = objects
        .iter()
        .filter(|o| o.body.kind() == kind && o.body.name() == name)
        .collect();
    let all: Vec<_> = objects
        .iter()
        .map(|o| (o.body.kind(), o.body.name()))
        .collect();
    assert_eq!(found.len(), 1, "{kind} {name} in {all:#?}");
    value(found[0])
}
