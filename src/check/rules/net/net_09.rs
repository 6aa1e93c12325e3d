//! NET-09: an init container without a network.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::resolve::cluster::{Api, Cluster, Provides};
use crate::units::Version;

/// The Istio that makes its sidecars native by itself, and the Kubernetes it asks for.
/// Source: istio `pkg/kube/inject`, `ENABLE_NATIVE_SIDECARS=auto`, read 2026-11.
const NATIVE: (Version, Version) = (Version::new(1, 27), Version::new(1, 33));

/// NET-09.
pub(crate) static RULE: Rule = Rule {
    code: "NET-09",
    name: "download-before-the-sidecar",
    level: Level::Error,
    page: r#"
## What it checks
A model in the Istio mesh whose artifact is fetched by an init container runs on a cluster with
native sidecars: Istio 1.27 on Kubernetes 1.33 or newer, or older ones where the cluster says
`native-sidecars=#true`. Versions that are not stated count as new.

## Why it breaks
All traffic of the pod is sent through the sidecar from the first init container on. A sidecar that
is no native one starts after all init containers: the download connects to nobody, and the pod
never starts.

## Example
```kdl
workspace "acme" edition=1 {
    image "mlserve" "registry.acme.io/ml/mlserve:0.1.0@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    env "prod" namespace="ml" { cluster "old" }
}
cluster "old" {
    kubernetes "1.36"
    provides "istio" version="1.30" native-sidecars=#false
    gateway "mesh" kind="istio" namespace="istio-ingress"
    store "s3://models/" secret="models-s3" bandwidth="200Mi/s"
    pool "cpu" nodes=2 cpu="16" memory="64Gi"
}
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale 1
    expose gateway="mesh" host="nlp.acme.io"
}
```

## Instead
Set `ENABLE_NATIVE_SIDECARS` of istiod, which Kubernetes 1.29 allows, and say so.
```kdl
provides "istio" version="1.30" native-sidecars=#true
```

## Sources
kserve#3986, istio#11130; Istio documentation, "Kubernetes native sidecars", read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    let cluster = &model.target.cluster;
    let (Some(mesh), Some(istio)) = (&model.mesh, cluster.provides(Api::Istio)) else {
        return;
    };
    if !mesh.value || native(cluster, istio) {
        return;
    }
    let fetched = model.workloads.iter().filter(|w| w.fetcher.is_some());
    let Some(artifact) = fetched.filter_map(|w| w.workload.artifact.as_ref()).next() else {
        return;
    };
    report.add(
        at(&artifact.uri, model),
        format!(
            "the download of \"{}\" has no network on cluster \"{}\"",
            model.model.name.value, cluster.name.value
        ),
        |d| {
            let d = match mesh.span() {
                Some(span) => d.also(span, "brings the pods into the mesh"),
                None => d,
            };
            d.note("its init container runs before the sidecar that all traffic goes through: that one is native from Istio 1.27 on Kubernetes 1.33")
                .help("upgrade, or set `ENABLE_NATIVE_SIDECARS` of istiod and write `native-sidecars=#true` at `provides \"istio\"`")
        },
    );
}

/// Whether sidecars start before other init containers.
fn native(cluster: &Cluster, istio: &Provides) -> bool {
    if let Some(stated) = &istio.native_sidecars {
        return stated.value;
    }
    let kubernetes = cluster.kubernetes.as_ref();
    istio.version.value >= NATIVE.0 && kubernetes.is_none_or(|v| v.value >= NATIVE.1)
}
