//! Objects that one cluster would get from two files.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::codes;
use super::layout::Identity;
use crate::diag::{Diagnostic, Severity};
use crate::emit::Object;

/// A number for each object. Objects of one cluster with the same group, kind, namespace and name
/// have the same; others hardly ever do.
#[must_use]
pub fn fingerprints(objects: &[Object]) -> Vec<u64> {
    let number = |object: &Object| {
        let identity = Identity::from(object);
        let mut hasher = DefaultHasher::new();
        (identity.target(), identity.anywhere()).hash(&mut hasher);
        hasher.finish()
    };
    objects.iter().map(number).collect()
}

/// Reports objects that one cluster would get from two files.
pub fn written_twice(objects: &[Object]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut seen: BTreeMap<(&str, Identity<'_>), &str> = BTreeMap::new();
    for object in objects {
        let object = Identity::from(object);
        if let Some(other) = seen.insert((object.target(), object.anywhere()), object.folder) {
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
    use k8s_openapi::api::core::v1::ServiceAccount;

    use super::{fingerprints, written_twice};
    use crate::emit::{Body, Object, Trace};

    fn account(folder: &str, name: &str) -> Object {
        let mut body = Body::from(ServiceAccount::default());
        body.metadata_mut().name = Some(name.to_owned());
        body.metadata_mut().namespace = Some("ml".to_owned());
        Object {
            folder: folder.into(),
            wave: 0,
            body,
            patched: None,
            trace: Trace::new(false),
        }
    }

    /// One object of one cluster from two files is an error, of two clusters it is none.
    #[test]
    fn twice() {
        let messages = |objects: Vec<Object>| -> Vec<String> {
            let found = written_twice(&objects);
            let numbers = fingerprints(&objects);
            assert_eq!(numbers[0] == numbers[1], !found.is_empty());
            found.into_iter().map(|d| d.message).collect()
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
}
