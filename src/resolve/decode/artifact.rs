//! `artifact` and `claim`.

use smol_str::SmolStr;

use crate::diag::Diagnostic;
use crate::resolve::cluster::Access;
use crate::resolve::merge::Merged;
use crate::resolve::model::{Artifact, Delivery, ModelClaim};
use crate::resolve::origin::Traced;
use crate::units::{ArtifactUri, MountPath};

use super::{Cx, find};

/// Decodes `artifact`, filling in what the store says.
pub(crate) fn artifact(nodes: &[Merged<'_>], model: &str, cx: &mut Cx<'_>) -> Option<Artifact> {
    let node = find(nodes, "artifact")?;
    let uri: Traced<ArtifactUri> = node.arg(0)?;
    let scheme = uri.scheme();
    let fetched = uri.is_downloaded();
    let s3 = matches!(uri.value, ArtifactUri::S3 { .. });
    let refuse = |name: &str, applies: bool, cx: &mut Cx<'_>| {
        if let Some((_, given)) = node
            .props
            .iter()
            .find(|(i, _)| node.kind.props[*i].name == name)
            && !applies
        {
            cx.no_effect(
                given.span,
                format!("`{name}` has no effect on a `{scheme}` artifact"),
                "drop it",
            );
        }
    };
    refuse("sha256", fetched, cx);
    refuse("secret", fetched, cx);
    refuse("endpoint", s3, cx);
    let baked = matches!(uri.value, ArtifactUri::Baked { .. });
    refuse("at", !baked, cx);

    let natural = match uri.value {
        ArtifactUri::Pvc { .. } | ArtifactUri::Nfs { .. } => Delivery::Mount,
        ArtifactUri::Baked { .. } => Delivery::Baked,
        _ => Delivery::Init,
    };
    let delivery = match node.get::<SmolStr>("delivery") {
        None => Traced::default(natural, "artifact delivery"),
        Some(word) => {
            let wanted = match word.as_str() {
                "init" => Delivery::Init,
                "mount" => Delivery::Mount,
                _ => Delivery::Baked,
            };
            if wanted != natural
                && let Some(span) = word.span()
            {
                cx.diagnostics.push(
                    Diagnostic::error(
                        "LNG-07",
                        span,
                        format!("a `{scheme}` artifact cannot be delivered by \"{}\"", word.value),
                    )
                    .note("pvc and nfs are mounted, baked files are in the image, all else is fetched by an init container")
                    .help("drop `delivery`"),
                );
            }
            word.map(|_| natural)
        }
    };
    let at = match &uri.value {
        ArtifactUri::Baked { path } => Some(uri.map(|_| path.clone())),
        _ => node.get("at"),
    };
    let at = match at {
        Some(at) => at,
        None => Traced::default(
            MountPath::parse(&format!("/models/{model}")).ok()?,
            "artifact at",
        ),
    };
    let store = cx.cluster.store(&uri.to_string()).filter(|_| fetched);
    Some(Artifact {
        sha256: node.get("sha256"),
        size: node.get("size"),
        secret: node
            .get("secret")
            .or_else(|| store.and_then(|s| s.secret.clone())),
        endpoint: node
            .get("endpoint")
            .or_else(|| store.and_then(|s| s.endpoint.clone())),
        delivery,
        at,
        span: node.name,
        uri,
    })
}

/// Decodes the `claim`s of a model.
pub(crate) fn claims(nodes: &[Merged<'_>]) -> Vec<ModelClaim> {
    nodes
        .iter()
        .filter(|n| n.kind.name == "claim")
        .filter_map(|n| {
            Some(ModelClaim {
                name: n.arg(0)?,
                size: n.get("size")?,
                access: access(&n.get("access")?)?,
                storage_class: n.get("storage-class"),
            })
        })
        .collect()
}

/// An access mode from its word.
pub(crate) fn access(word: &Traced<SmolStr>) -> Option<Traced<Access>> {
    Access::parse(word).map(|a| word.map(|_| a))
}
