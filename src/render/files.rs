//! Objects as files: each object under its path.

use serde::Serialize;
use smol_str::{SmolStr, format_smolstr};

use super::codes;
use super::kustomization::{self, Kustomization};
use super::layout::{self, Identity};
use super::sink::File;
use crate::diag::{Diagnostic, Severity};
use crate::emit::Object;
use crate::yaml;

/// Writes all objects of some folders, objects of one folder side by side; with `flux`, every
/// folder gets its `kustomization.yaml`. Objects that cannot be written are reported.
#[must_use]
pub fn files(objects: Vec<Object>, flux: bool) -> (Vec<File>, Vec<Diagnostic>) {
    let identities: Vec<Identity<'_>> = objects.iter().map(Identity::from).collect();
    let paths = layout::paths(&identities);
    let mut written = Written::default();
    for (path, object) in paths.into_iter().zip(objects) {
        let bytes = to_bytes(&path, &object.content(), &mut written.scratch);
        written.add(path, bytes, Some(object));
    }
    if flux {
        written.add_kustomizations();
    }
    (written.files, written.diagnostics)
}

#[derive(Default)]
struct Written {
    files: Vec<File>,
    diagnostics: Vec<Diagnostic>,
    /// Grows to the largest file.
    scratch: Vec<u8>,
}

impl Written {
    fn add(&mut self, path: SmolStr, bytes: Result<Vec<u8>, Diagnostic>, object: Option<Object>) {
        match bytes {
            Ok(bytes) => self.files.push(File {
                path,
                bytes,
                object,
            }),
            Err(found) => self.diagnostics.push(found),
        }
    }

    fn add_kustomizations(&mut self) {
        let mut lists = Vec::new();
        for files in self.files.chunk_by(|a, b| a.folder() == b.folder()) {
            let path = format_smolstr!("{}/{}", files[0].folder(), kustomization::FILE);
            let paths: Vec<&SmolStr> = files.iter().map(|f| &f.path).collect();
            let bytes = to_bytes(&path, &Kustomization::new(&paths), &mut self.scratch);
            lists.push((path, bytes));
        }
        for (path, bytes) in lists {
            self.add(path, bytes, None);
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use k8s_openapi::api::core::v1::Service;

    use smol_str::SmolStr;

    use super::{files, to_bytes};
    use crate::emit::Object;
    use crate::render::codes::is_surroundings;
    use crate::render::testing::{account, object};

    fn bytes(objects: Vec<Object>, flux: bool) -> BTreeMap<SmolStr, Vec<u8>> {
        let (files, found) = files(objects, flux);
        assert_eq!(found, Vec::new());
        files.into_iter().map(|f| (f.path, f.bytes)).collect()
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
        let plain = bytes(objects(), false);
        assert_eq!(
            plain.keys().collect::<Vec<_>>(),
            [
                "prod/eks/bert/service-bert.yaml",
                "prod/eks/bert/serviceaccount-bert.yaml",
                "prod/eks/ranker/serviceaccount-ranker.yaml"
            ]
        );
        assert_eq!(
            plain["prod/eks/ranker/serviceaccount-ranker.yaml"],
            b"apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ranker\n  namespace: ml\n"
        );
        let flux = bytes(objects(), true);
        assert_eq!(flux.len(), 5);
        assert_eq!(
            flux["prod/eks/bert/kustomization.yaml"],
            b"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n\
              - service-bert.yaml\n- serviceaccount-bert.yaml\n"
        );
    }

    /// A value that is no manifest is reported, not dropped.
    #[test]
    fn not_yaml() {
        let error =
            to_bytes("a.yaml", &BTreeMap::from([(vec![1], 2)]), &mut Vec::new()).unwrap_err();
        assert_eq!(error.code, "OUT-15");
        assert_eq!(
            error.message,
            "`a.yaml` cannot be written as YAML: a map key cannot be a list"
        );
        assert!(is_surroundings(error.code), "no spec is at fault");
    }
}
