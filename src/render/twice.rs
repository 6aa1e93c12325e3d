//! Objects that one cluster would get from two files.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::codes;
use super::layout::Identity;
use crate::diag::{Diagnostic, Severity};
use crate::emit::Object;
use crate::system::path;

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

/// Reports objects that one cluster would get from two files; at the spec's places of their names
/// where the objects were emitted with origins.
pub fn written_twice(objects: &[Object]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut seen: BTreeMap<(&str, Identity<'_>), &Object> = BTreeMap::new();
    for object in objects {
        let identity = Identity::from(object);
        if let Some(other) = seen.insert((identity.target(), identity.anywhere()), object) {
            // Targets repeat what two models do: a message without them is shown once.
            let by = |object: &Object| path::name(&object.folder).to_owned();
            let writers = match other.folder == object.folder {
                true => format!("twice by `{}`", by(other)),
                false => format!("by `{}` and by `{}`", by(other), by(object)),
            };
            let (kind, name) = (identity.kind, identity.name);
            let message = format!("the {kind} `{name}` is written {writers}");
            let mut finding = Diagnostic::new(codes::TWICE, Severity::Error, message)
                .note("the cluster would get one object from two files")
                .help("give one of the two another name or namespace");
            if let Some(span) = object.trace.place(NAME) {
                finding = finding.at(span);
                if let Some(first) = other.trace.place(NAME).filter(|first| *first != span) {
                    finding = finding.also(first, "the other one");
                }
            }
            found.push(finding);
        }
    }
    found
}

/// Where an object's name stands in it.
const NAME: &str = "/metadata/name";

#[cfg(test)]
mod tests {
    use super::{fingerprints, written_twice};
    use crate::emit::Object;
    use crate::render::testing::account;

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
            ["the ServiceAccount `x` is written by `a` and by `b`"]
        );
        assert_eq!(
            messages(vec![account("prod/eks/a", "x"), account("prod/eks/a", "x")]),
            ["the ServiceAccount `x` is written twice by `a`"]
        );
        assert!(messages(vec![account("prod/eks/a", "x"), account("prod/gke/a", "x")]).is_empty());
    }
}
