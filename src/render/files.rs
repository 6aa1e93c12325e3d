//! Objects as files.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;
use smol_str::{SmolStr, format_smolstr};

use crate::emit::Object;
use crate::yaml;

/// Files by path below the output folder.
pub type Files = BTreeMap<SmolStr, Vec<u8>>;

/// Writes every object into the file that [`layout`](super::layout) gives it. With `kustomize`, every folder
/// of manifests also gets the list of them that Flux wants.
#[must_use]
pub fn files(objects: &[Object], paths: &[SmolStr], kustomize: bool) -> Files {
    let mut files: Files = paths
        .par_iter()
        .zip(objects)
        .map(|(path, object)| (path.clone(), text(&object.body)))
        .collect();
    if kustomize {
        let lists = kustomizations(files.keys());
        files.extend(lists);
    }
    files
}

/// Size that most objects stay below.
const USUAL: usize = 4 << 10;

fn text<T: Serialize>(object: &T) -> Vec<u8> {
    let mut text = Vec::with_capacity(USUAL);
    // Emitted types hold only what YAML can say: text keys, no NaN.
    let written = yaml::write(object, &mut text);
    debug_assert!(written.is_ok(), "an emitted type that YAML cannot say");
    text
}

/// A `kustomization.yaml`: without it Flux takes every file below a folder. Source: Flux
/// documentation, "Kustomization", checked 2026-11.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kustomization<'a> {
    api_version: &'static str,
    kind: &'static str,
    resources: Vec<&'a str>,
}

fn kustomizations<'p>(paths: impl Iterator<Item = &'p SmolStr>) -> Vec<(SmolStr, Vec<u8>)> {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in paths {
        if let Some((folder, name)) = path.rsplit_once('/') {
            folders.entry(folder).or_default().push(name);
        }
    }
    folders
        .into_iter()
        .map(|(folder, resources)| {
            let list = Kustomization {
                api_version: "kustomize.config.k8s.io/v1beta1",
                kind: "Kustomization",
                resources,
            };
            (format_smolstr!("{folder}/kustomization.yaml"), text(&list))
        })
        .collect()
}
