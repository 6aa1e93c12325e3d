//! Kubernetes objects from YAML files.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::Result;

/// An object and the file it comes from.
pub(crate) struct Object {
    pub(crate) file: PathBuf,
    pub(crate) value: Value,
}

impl Object {
    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.value
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}

/// Every object of every YAML file under a folder, or of one file, in path order.
pub(crate) fn load(path: &Path) -> Result<Vec<Object>> {
    let mut files = Vec::new();
    collect(path, &mut files)?;
    files.sort();
    let mut objects = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        for document in serde_yaml::Deserializer::from_str(&text) {
            let value = Value::deserialize(document)
                .map_err(|error| format!("{}: {error}", file.display()))?;
            // What Kustomize reads is no object of a server.
            let kustomize = value["apiVersion"] == "kustomize.config.k8s.io/v1beta1";
            if value["kind"].is_string() && !kustomize {
                objects.push(Object {
                    file: file.clone(),
                    value,
                });
            }
        }
    }
    Ok(objects)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path
        .extension()
        .is_some_and(|extension| extension == "yaml")
    {
        files.push(path.to_owned());
    }
    Ok(())
}
