//! Where schemas come from: the running server, or the folders of published modules.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use mlspec::validate::schema::{Product, Version};
use serde_json::Value;

use crate::Result;
use crate::http::Server;

/// One row of `schemas.tsv`.
pub(crate) struct Row {
    pub(crate) product: Product,
    pub(crate) version: Version,
    /// Module, its version and a path in it; `None` for the running server.
    pub(crate) module: Option<(String, String, String)>,
}

/// The rows, sorted by product and version.
pub(crate) fn rows(table: &Path) -> Result<Vec<Row>> {
    let text = std::fs::read_to_string(table)?;
    let mut rows = Vec::new();
    for line in text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let wrong = || format!("schemas.tsv: cannot read `{line}`");
        let mut parts = line.split('\t');
        let product = parts
            .next()
            .and_then(Product::from_name)
            .ok_or_else(wrong)?;
        let version = parts.next().and_then(Version::parse).ok_or_else(wrong)?;
        let rest: Vec<_> = parts.map(str::to_owned).collect();
        let module = match rest.as_slice() {
            [server] if server == "server" => None,
            [module, version, path] => Some((module.clone(), version.clone(), path.clone())),
            _ => return Err(wrong().into()),
        };
        rows.push(Row {
            product,
            version,
            module,
        });
    }
    rows.sort_by_key(|row| (row.product, row.version));
    Ok(rows)
}

impl Row {
    /// The OpenAPI v3 document of an API group and version.
    pub(crate) fn open_api(&self, server: &mut Server, api_version: &str) -> Result<Value> {
        let path = if api_version.contains('/') {
            "apis"
        } else {
            "api"
        };
        match self.folder()? {
            None => server.get(&format!("/openapi/v3/{path}/{api_version}")),
            Some(folder) => {
                let name = format!("{path}__{}_openapi.json", api_version.replace('/', "__"));
                Ok(serde_json::from_str(&std::fs::read_to_string(
                    folder.join(name),
                )?)?)
            }
        }
    }

    /// Custom resource definitions by kind.
    pub(crate) fn definitions(&self, server: &mut Server) -> Result<BTreeMap<String, Value>> {
        let found = match self.folder()? {
            None => server.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions")?["items"]
                .as_array()
                .cloned()
                .unwrap_or_default(),
            Some(path) => definitions_in(&path)?,
        };
        let kind = |crd: &Value| {
            crd["spec"]["names"]["kind"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        Ok(found.into_iter().map(|crd| (kind(&crd), crd)).collect())
    }

    /// The folder of the `k8s.io/api` of this Kubernetes: v1.33.6 has v0.33.6. `None` for other
    /// products and for the running server, whose OpenAPI has the enums.
    pub(crate) fn api_types(&self) -> Result<Option<PathBuf>> {
        match &self.module {
            Some((_, version, _)) if self.product == Product::Kubernetes => {
                let version = version.replacen("v1.", "v0.", 1);
                module("k8s.io/api", &version).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn folder(&self) -> Result<Option<PathBuf>> {
        let Some((module_name, version, path)) = &self.module else {
            return Ok(None);
        };
        Ok(Some(module(module_name, version)?.join(path)))
    }
}

/// The folder of a published module.
pub(crate) fn module(name: &str, version: &str) -> Result<PathBuf> {
    let output = Command::new("go")
        .args(["mod", "download", "-json", &format!("{name}@{version}")])
        .current_dir(std::env::temp_dir())
        .output()?;
    let answer: Value = serde_json::from_slice(&output.stdout)?;
    let folder = answer["Dir"]
        .as_str()
        .ok_or_else(|| format!("{name}@{version}: {answer}"))?;
    Ok(PathBuf::from(folder))
}

fn definitions_in(path: &Path) -> Result<Vec<Value>> {
    let files = if path.is_dir() {
        let entries: std::result::Result<Vec<_>, _> = std::fs::read_dir(path)?.collect();
        entries?.into_iter().map(|entry| entry.path()).collect()
    } else {
        vec![path.to_owned()]
    };
    let mut found = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.extension().is_some_and(|e| e == "yaml"))
    {
        let text = std::fs::read_to_string(file)?;
        for document in serde_yaml::Deserializer::from_str(&text) {
            let value: Value = serde::Deserialize::deserialize(document)?;
            if value["kind"] == "CustomResourceDefinition" {
                found.push(value);
            }
        }
    }
    Ok(found)
}
