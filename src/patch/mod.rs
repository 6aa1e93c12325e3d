//! Raw fields of the spec's `patch` nodes, merged into emitted objects before these are judged.
//! [`Object`]s → [`Object`]s. Start at [`apply`]; [`Findings`] knows over all models and
//! environments what had an effect somewhere.

mod findings;
mod merge;
#[cfg(test)]
mod tests;

pub use findings::Findings;

use crate::diag::Diagnostic;
use crate::diag::suggest::closest;
use crate::emit::Object;
use crate::plan::ModelPlan;
use crate::resolve::model::Patch;
use crate::resolve::model::patch::Layer;
use crate::validate::schema::Schemas;

/// Merges the patches of a model into its objects. `schemas` are those of its cluster: their
/// list keys tell how lists are merged.
pub fn apply(
    model: &ModelPlan<'_>,
    objects: &mut [Object],
    schemas: &Schemas,
    findings: &mut Findings,
) {
    for patch in &model.model.patches {
        let mut matched = false;
        for object in objects.iter_mut().filter(|o| matches(patch, o)) {
            matched = true;
            for layer in &patch.layers {
                findings.hit(place(layer));
                merge::into(object, layer, schemas, findings);
            }
            // Rules read the typed object.
            let typed = object
                .patched
                .as_deref()
                .and_then(|v| object.body.retyped(v));
            if let Some(body) = typed {
                object.body = body;
            }
        }
        if !matched {
            for layer in &patch.layers {
                findings.miss(place(layer), || nothing(patch, layer, objects));
            }
        }
    }
}

fn matches(patch: &Patch, object: &Object) -> bool {
    object.body.kind() == patch.kind.as_str()
        && (patch.name.as_ref()).is_none_or(|name| name.as_str() == object.body.name())
}

/// What says which objects: the name, else the kind.
fn place(layer: &Layer) -> crate::source::Span {
    layer.name.unwrap_or(layer.kind)
}

/// Says that no object is like that, and which there are.
fn nothing(patch: &Patch, layer: &Layer, objects: &[Object]) -> Diagnostic {
    let kind = patch.kind.as_str();
    let quoted = |names: Vec<&str>| {
        let names: Vec<_> = names.iter().map(|n| format!("\"{n}\"")).collect();
        names.join(", ")
    };
    let of_kind = objects.iter().filter(|o| o.body.kind() == kind);
    let names: Vec<&str> = of_kind.map(|o| o.body.name()).collect();
    let (message, span, known, wanted) = match &patch.name {
        Some(name) if !names.is_empty() => (
            format!(
                "no model that has this patch has the {kind} \"{}\"",
                name.value
            ),
            place(layer),
            names,
            name.as_str(),
        ),
        _ => {
            let mut kinds: Vec<&str> = objects.iter().map(|o| o.body.kind()).collect();
            kinds.sort_unstable();
            kinds.dedup();
            let message = format!("no model that has this patch has an object of kind \"{kind}\"");
            (message, layer.kind, kinds, kind)
        }
    };
    let mut found = Diagnostic::error("LNG-14", span, message);
    if let Some(other) = closest(wanted, known.iter().copied()) {
        found = found.help(format!("did you mean \"{other}\"?")).suggest(
            format!("write \"{other}\""),
            span,
            format!("\"{other}\""),
        );
    }
    found.note(format!("there are {}", quoted(known)))
}
