//! Objects for tests.

use k8s_openapi::api::core::v1::ServiceAccount;

use crate::emit::{Body, Object, Trace};

/// An object of namespace "ml" in a folder.
pub(super) fn object(folder: &str, name: &str, body: impl Into<Body>) -> Object {
    let mut body = body.into();
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

/// A ServiceAccount, the least of objects.
pub(super) fn account(folder: &str, name: &str) -> Object {
    object(folder, name, ServiceAccount::default())
}
