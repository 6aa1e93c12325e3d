//! Which file an object lies in: `<folder>/<kind>-<name>.yaml`, lower case.
//!
//! Where two kinds of one name would share a file, the API group is put in front of the kind.

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use crate::emit::Object;

/// Path of an object below the output folder, by itself.
#[must_use]
pub fn path(object: &Object) -> SmolStr {
    let kind = object.body.kind().to_ascii_lowercase();
    format_smolstr!("{}/{kind}-{}.yaml", object.folder, object.body.name())
}

/// Paths of all objects, in their order; those that would collide are told apart by API group.
#[must_use]
pub fn paths(objects: &[Object]) -> Vec<SmolStr> {
    let mut paths: Vec<SmolStr> = objects.iter().map(path).collect();
    let mut users: BTreeMap<&SmolStr, u32> = BTreeMap::new();
    for path in &paths {
        *users.entry(path).or_default() += 1;
    }
    let shared: Vec<bool> = paths.iter().map(|p| users[p] > 1).collect();
    for ((path, shared), object) in paths.iter_mut().zip(shared).zip(objects) {
        if shared {
            let group = object.body.api_version().split_once('/').map_or("core", |(group, _)| group);
            let kind = object.body.kind().to_ascii_lowercase();
            *path = format_smolstr!("{}/{group}-{kind}-{}.yaml", object.folder, object.body.name());
        }
    }
    paths
}
