//! Fields that no patch may touch.

use super::{Field, Raw};
use crate::diag::Diagnostic;

/// Reports fields of a patch of objects of this kind that are not its to write.
pub(in crate::spec) fn check(kind: &str, fields: &[Field], diagnostics: &mut Vec<Diagnostic>) {
    for field in fields {
        let mut one = |pointer: &str, field: &Field| {
            if let Some(reason) = reason(kind, pointer) {
                let message = format!("a patch cannot change `{pointer}` of a {kind}");
                diagnostics.push(
                    Diagnostic::error("LNG-25", field.at, message)
                        .note(reason)
                        .help("delete the field"),
                );
            }
        };
        match &field.raw {
            Raw::Map(inner) if field.name == "metadata" => {
                for field in inner {
                    one(&format!("metadata.{}", field.name), field);
                }
            }
            _ => one(&field.name, field),
        }
    }
}

/// Why a patch may not touch a field; `None` where it may. `metadata` is the whole map.
fn reason(kind: &str, field: &str) -> Option<&'static str> {
    match field {
        "apiVersion" | "kind" | "metadata" | "metadata.name" | "metadata.namespace" => Some(
            "it names the object: its file, its Application and other objects refer to it by that",
        ),
        "status"
        | "metadata.creationTimestamp"
        | "metadata.deletionGracePeriodSeconds"
        | "metadata.deletionTimestamp"
        | "metadata.generateName"
        | "metadata.generation"
        | "metadata.managedFields"
        | "metadata.resourceVersion"
        | "metadata.selfLink"
        | "metadata.uid" => Some("the API server owns it"),
        "data" | "binaryData" | "immutable" if kind == "ConfigMap" => Some(
            "the ConfigMap's name has a hash of its content, so that pods restart when it changes",
        ),
        _ => None,
    }
}
