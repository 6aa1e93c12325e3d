//! The whole output in memory: every object as a file under its path.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;
use smol_str::{SmolStr, format_smolstr};

use super::codes;
use super::kustomization::{self, Kustomization};
use super::layout::{self, Identity};
use crate::diag::{Diagnostic, Severity};
use crate::emit::Object;
use crate::system::path;
use crate::yaml;

/// The bytes of files by path below the output folder.
pub type Files = BTreeMap<SmolStr, Vec<u8>>;

/// All objects as files.
#[derive(Debug, Default)]
pub struct Tree {
    /// Every file.
    pub files: Files,
    /// The path of each object, in the order given.
    pub paths: Vec<SmolStr>,
    /// Objects that cannot be written, or not beside each other: all are errors.
    pub diagnostics: Vec<Diagnostic>,
}

/// Writes every object; with `flux`, every folder gets its `kustomization.yaml`.
#[must_use]
pub fn render(objects: &[Object], flux: bool) -> Tree {
    let identities: Vec<Identity<'_>> = objects.iter().map(Identity::from).collect();
    let paths = layout::paths(&identities);
    let files = paths
        .par_iter()
        .zip(objects)
        .map_init(Vec::new, |scratch, (path, object)| {
            to_bytes(path, &object.body, scratch)
        });
    let files: Vec<_> = files.collect();
    let mut tree = Tree {
        diagnostics: written_twice(&identities),
        ..Tree::default()
    };
    for (path, bytes) in paths.iter().zip(files) {
        tree.add(path.clone(), bytes);
    }
    if flux {
        tree.add_kustomizations();
    }
    Tree { paths, ..tree }
}

impl Tree {
    fn add(&mut self, path: SmolStr, bytes: Result<Vec<u8>, Diagnostic>) {
        match bytes {
            Ok(bytes) => _ = self.files.insert(path, bytes),
            Err(found) => self.diagnostics.push(found),
        }
    }

    fn add_kustomizations(&mut self) {
        let mut folders: BTreeMap<&str, Vec<&SmolStr>> = BTreeMap::new();
        for path in self.files.keys() {
            folders.entry(path::parent(path)).or_default().push(path);
        }
        let mut scratch = Vec::new();
        let mut kustomizations = Vec::new();
        for (folder, paths) in folders {
            let path = format_smolstr!("{folder}/{}", kustomization::FILE);
            let bytes = to_bytes(&path, &Kustomization::new(&paths), &mut scratch);
            kustomizations.push((path, bytes));
        }
        for (path, bytes) in kustomizations {
            self.add(path, bytes);
        }
    }
}

/// The exact bytes; `scratch` grows to the largest file and is used again.
fn to_bytes<T: Serialize>(
    path: &str,
    value: &T,
    scratch: &mut Vec<u8>,
) -> Result<Vec<u8>, Diagnostic> {
    scratch.clear();
    match yaml::write(value, scratch) {
        Ok(()) => Ok(scratch.as_slice().to_vec()),
        Err(cause) => {
            let message = format!("`{path}` cannot be written as YAML: {cause}");
            Err(Diagnostic::new(codes::NOT_YAML, Severity::Error, message)
                .note("this is a defect of mlspec, whatever the spec says"))
        }
    }
}

/// Finds objects that one cluster would get from two files.
fn written_twice(identities: &[Identity<'_>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut seen: BTreeMap<(&str, Identity<'_>), &str> = BTreeMap::new();
    for object in identities {
        let anywhere = Identity {
            folder: "",
            ..*object
        };
        if let Some(other) = seen.insert((object.target(), anywhere), object.folder) {
            let name = match object.namespace {
                "" => object.name.to_owned(),
                namespace => format!("{namespace}/{}", object.name),
            };
            let places = match other == object.folder {
                true => format!("twice in `{other}`"),
                false => format!("in `{other}` and in `{}`", object.folder),
            };
            let message = format!("the {} `{name}` is written {places}", object.kind);
            found.push(
                Diagnostic::new(codes::TWICE, Severity::Error, message)
                    .help("give one of the two another name or namespace"),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use k8s_openapi::api::core::v1::{Service, ServiceAccount};

    use super::{render, to_bytes};
    use crate::emit::{Body, Object, Trace};

    fn object(folder: &str, name: &str, body: impl Into<Body>) -> Object {
        let mut body = body.into();
        body.metadata_mut().name = Some(name.to_owned());
        body.metadata_mut().namespace = Some("ml".to_owned());
        Object {
            folder: folder.into(),
            wave: 0,
            body,
            trace: Trace::new(false),
        }
    }

    fn account(folder: &str, name: &str) -> Object {
        object(folder, name, ServiceAccount::default())
    }

    /// Every object has its file; Flux's lists are sorted and list their own folder alone.
    #[test]
    fn kustomizations() {
        let objects = || {
            vec![
                object("prod/eks/bert", "bert", Service::default()),
                account("prod/eks/bert", "bert"),
                account("prod/eks/ranker", "ranker"),
            ]
        };
        let plain = render(&objects(), false);
        assert_eq!(
            plain.files.keys().collect::<Vec<_>>(),
            [
                "prod/eks/bert/service-bert.yaml",
                "prod/eks/bert/serviceaccount-bert.yaml",
                "prod/eks/ranker/serviceaccount-ranker.yaml"
            ]
        );
        assert_eq!(
            plain.files["prod/eks/ranker/serviceaccount-ranker.yaml"],
            b"apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ranker\n  namespace: ml\n"
        );
        let flux = render(&objects(), true);
        assert!(flux.diagnostics.is_empty());
        assert_eq!(flux.files.len(), 5);
        assert_eq!(
            flux.files["prod/eks/bert/kustomization.yaml"],
            b"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n\
              - service-bert.yaml\n- serviceaccount-bert.yaml\n"
        );
    }

    /// One object of one cluster from two files is an error, of two clusters it is none.
    #[test]
    fn twice() {
        let messages = |objects: Vec<Object>| -> Vec<String> {
            render(&objects, false)
                .diagnostics
                .into_iter()
                .map(|d| d.message)
                .collect()
        };
        assert_eq!(
            messages(vec![account("prod/eks/a", "x"), account("prod/eks/b", "x")]),
            ["the ServiceAccount `ml/x` is written in `prod/eks/a` and in `prod/eks/b`"]
        );
        assert_eq!(
            messages(vec![account("prod/eks/a", "x"), account("prod/eks/a", "x")]),
            ["the ServiceAccount `ml/x` is written twice in `prod/eks/a`"]
        );
        assert!(messages(vec![account("prod/eks/a", "x"), account("prod/gke/a", "x")]).is_empty());
    }

    /// A value that is no manifest is reported, not dropped.
    #[test]
    fn not_yaml() {
        let error =
            to_bytes("a.yaml", &BTreeMap::from([(vec![1], 2)]), &mut Vec::new()).unwrap_err();
        assert_eq!(
            error.message,
            "`a.yaml` cannot be written as YAML: a map key cannot be a list"
        );
    }
}
