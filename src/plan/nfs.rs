//! The volume of an artifact that lies on an NFS export.

use sha2::{Digest, Sha256};
use smol_str::{SmolStr, format_smolstr};

use crate::resolve::model::Workload;
use crate::resolve::origin::{Input, Origin, Traced};
use crate::resolve::workspace::Target;
use crate::units::{ArtifactUri, Bytes};

use super::types::NfsPlan;

/// A volume and its claim for an `nfs://` artifact.
pub(super) fn nfs(target: &Target, workload: &Workload, name: &Traced<SmolStr>) -> Option<NfsPlan> {
    let artifact = workload.artifact.as_ref()?;
    let ArtifactUri::Nfs { server, path } = &artifact.uri.value else {
        return None;
    };
    let hash = Sha256::digest(artifact.uri.to_string());
    let hash = format_smolstr!(
        "{:02x}{:02x}{:02x}{:02x}",
        hash[0],
        hash[1],
        hash[2],
        hash[3]
    );
    let address = || {
        let text = artifact.uri.value.to_string();
        Input::new("artifact", text, artifact.uri.from.clone())
    };
    let claim = Traced::derived(
        format_smolstr!("{}-nfs-{hash}", name.as_str()),
        "name of the claim",
        "workload name, `-nfs-`, hash of the address: the source of a volume cannot be changed",
        vec![address(), name.input("workload")],
    );
    let namespace = &target.env.namespace;
    Some(NfsPlan {
        volume: Traced::derived(
            format_smolstr!("{}-{}", namespace.as_str(), claim.as_str()),
            "name of the volume",
            "namespace, `-`, name of the claim: volumes belong to the whole cluster",
            vec![claim.input("claim"), namespace.input("namespace")],
        ),
        size: artifact.size.clone().unwrap_or(Traced {
            value: Bytes::gibibytes(1),
            from: Origin::Fixed("the API wants a size, and NFS does not enforce it"),
        }),
        server: artifact.uri.map(|_| server.clone()),
        path: artifact.uri.map(|_| path.clone()),
        claim,
    })
}
