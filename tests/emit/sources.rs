//! Every field of every object has a note, and every note a field.

use std::collections::BTreeSet;

use mlspec::emit::kinds::EMITTERS;

use super::workspace::{ARGOCD, FLUX};
use super::{objects, value};

#[test]
fn every_field_of_every_object_has_a_source() {
    for files in [ARGOCD, FLUX] {
        for object in objects(files) {
            let gaps = object.trace.gaps(&value(&object));
            let (kind, name) = (object.body.kind(), object.body.name());
            assert!(gaps.is_empty(), "{kind} {name}: {gaps:#?}");
        }
    }
}

/// What a body says of its kind is what it writes, and the two workspaces leave no kind out.
#[test]
fn kinds_are_what_emitters_say() {
    let mut seen = BTreeSet::new();
    for object in [ARGOCD, FLUX].into_iter().flat_map(objects) {
        let written = value(&object);
        let (kind, api_version) = (object.body.kind(), object.body.api_version());
        assert_eq!(written["kind"], kind);
        assert_eq!(written["apiVersion"], api_version);
        seen.insert((kind, api_version));
    }
    let listed: BTreeSet<_> = EMITTERS.iter().map(|e| (e.kind, e.api_version)).collect();
    assert_eq!(seen, listed);
}
