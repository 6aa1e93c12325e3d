//! Where each object lies: `<folder>/<kind>-<name>.yaml`, all lower case.
//!
//! Two objects of one folder share that path only if their kinds are of two API groups, or their
//! names of two namespaces. Then all of them carry what tells them apart:
//! `service.serving.knative.dev-bert.yaml` beside `service-bert.yaml`. It depends on what lies in
//! the folder alone, never on the order of objects.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::emit::Object;

/// What names an object in a cluster, and the folder it is written to.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity<'o> {
    /// Below the output folder: `<env>/<cluster>/<app>` or `_gitops`.
    pub folder: &'o str,
    /// API group; empty for the core.
    pub group: &'o str,
    /// Kind, `Deployment`.
    pub kind: &'o str,
    /// Namespace; empty where there is none.
    pub namespace: &'o str,
    /// Name: a DNS label or subdomain.
    pub name: &'o str,
}

impl<'o> From<&'o Object> for Identity<'o> {
    fn from(object: &'o Object) -> Self {
        let body = &object.body;
        Self {
            folder: &object.folder,
            group: body
                .api_version()
                .rsplit_once('/')
                .map_or("", |(group, _)| group),
            kind: body.kind(),
            namespace: body.metadata().namespace.as_deref().unwrap_or_default(),
            name: body.name(),
        }
    }
}

impl<'o> Identity<'o> {
    /// The part of the output that goes to one cluster: `<env>/<cluster>`.
    #[must_use]
    pub fn target(&self) -> &'o str {
        let second = self.folder.match_indices('/').nth(1);
        second.map_or(self.folder, |(at, _)| &self.folder[..at])
    }

    /// What names the object in its cluster alone.
    #[must_use]
    pub fn anywhere(self) -> Self {
        Self { folder: "", ..self }
    }

    fn path(&self, with_group: bool, with_namespace: bool) -> SmolStr {
        let mut path = String::with_capacity(self.folder.len() + self.name.len() + 64);
        for part in [self.folder, "/", self.kind] {
            path.push_str(part);
        }
        if with_group && !self.group.is_empty() {
            path.push('.');
            path.push_str(self.group);
        }
        path.push('-');
        if with_namespace && !self.namespace.is_empty() {
            path.push_str(self.namespace);
            path.push('.');
        }
        path.push_str(self.name);
        path.push_str(".yaml");
        // Names, groups and kinds are ASCII.
        path[self.folder.len()..].make_ascii_lowercase();
        path.into()
    }
}

/// The path of an object below the output folder, unless another of its folder shares it.
#[must_use]
pub fn path(object: &Object) -> SmolStr {
    Identity::from(object).path(false, false)
}

/// The path of each object below the output folder, in the order given.
#[must_use]
pub fn paths(objects: &[Identity<'_>]) -> Vec<SmolStr> {
    let simple: Vec<SmolStr> = objects
        .iter()
        .map(|object| object.path(false, false))
        .collect();
    let mut sorted: Vec<&SmolStr> = simple.iter().collect();
    sorted.sort_unstable();
    if sorted.is_sorted_by(|a, b| a < b) {
        return simple;
    }
    let mut sharing: BTreeMap<&SmolStr, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for (path, object) in simple.iter().zip(objects) {
        let (groups, namespaces) = sharing.entry(path).or_default();
        groups.insert(object.group);
        namespaces.insert(object.namespace);
    }
    let paths = simple
        .iter()
        .zip(objects)
        .map(|(path, object)| match sharing.get(path) {
            Some((groups, namespaces)) if groups.len() > 1 || namespaces.len() > 1 => {
                object.path(groups.len() > 1, namespaces.len() > 1)
            }
            _ => path.clone(),
        });
    paths.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BERT: Identity<'_> = Identity {
        folder: "prod/eks-us/bert",
        group: "",
        kind: "Service",
        namespace: "ml",
        name: "bert",
    };

    fn sorted(objects: &[Identity<'_>]) -> Vec<SmolStr> {
        let mut paths = paths(objects);
        paths.sort();
        paths
    }

    /// Lower case, and the folder is kept.
    #[test]
    fn simple() {
        let alert = Identity {
            group: "monitoring.coreos.com",
            kind: "PrometheusRule",
            name: "bert.v2",
            ..BERT
        };
        assert_eq!(
            paths(&[BERT, alert]),
            [
                "prod/eks-us/bert/service-bert.yaml",
                "prod/eks-us/bert/prometheusrule-bert.v2.yaml"
            ]
        );
    }

    /// A kind of two groups: those with a group name it, in any order.
    #[test]
    fn two_groups() {
        let knative = Identity {
            group: "serving.knative.dev",
            ..BERT
        };
        let elsewhere = Identity {
            folder: "prod/eks-us/other",
            ..knative
        };
        let want = [
            "prod/eks-us/bert/service-bert.yaml",
            "prod/eks-us/bert/service.serving.knative.dev-bert.yaml",
            "prod/eks-us/other/service-bert.yaml",
        ];
        assert_eq!(sorted(&[BERT, knative, elsewhere]), want);
        assert_eq!(sorted(&[elsewhere, knative, BERT]), want);
    }

    /// A name in two namespaces.
    #[test]
    fn two_namespaces() {
        let staging = Identity {
            namespace: "ml-staging",
            ..BERT
        };
        assert_eq!(
            paths(&[BERT, staging]),
            [
                "prod/eks-us/bert/service-ml.bert.yaml",
                "prod/eks-us/bert/service-ml-staging.bert.yaml"
            ]
        );
    }

    /// What goes to one cluster.
    #[test]
    fn targets() {
        assert_eq!(BERT.target(), "prod/eks-us");
        assert_eq!(
            Identity {
                folder: "prod/eks-us",
                ..BERT
            }
            .target(),
            "prod/eks-us"
        );
        assert_eq!(
            Identity {
                folder: "_gitops",
                ..BERT
            }
            .target(),
            "_gitops"
        );
    }
}
