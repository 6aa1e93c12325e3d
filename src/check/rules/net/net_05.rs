//! NET-05: a sidecar's init container in a namespace with restricted pod security.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::resolve::cluster::Api;

/// NET-05.
pub(crate) static RULE: Rule = Rule {
    code: "NET-05",
    name: "sidecar-refused-by-pod-security",
    level: Level::Error,
    page: r#"
## What it checks
A model in the Istio mesh does not run in a namespace that enforces restricted pod security, which
`create-namespace=#true` does, on a cluster whose Istio has no CNI plugin. All else that mlspec
emits is restricted.

## Why it breaks
Without the plugin Istio adds the init container `istio-init` to every pod in the mesh. It asks for
`NET_ADMIN` and `NET_RAW` and runs as root, so admission refuses every pod. Only the events of the
ReplicaSet say so.

## Example
```kdl
workspace "acme" edition=1 {
    use "clusters/*.kdl"
    image "mlserve" "registry.acme.io/ml/mlserve:0.1.0@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    env "prod" namespace="ml" create-namespace=#true { cluster "gpu" }
}
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale 1
    expose gateway="mesh" host="nlp.acme.io"
}
```

## Instead
Install the plugin (chart `istio/cni`) and say so.
```kdl
provides "istio" version="1.30" cni=#true
```

## Sources
Istio documentation, "Install the Istio CNI node agent"; Kubernetes, "Pod Security Standards", both
read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    let env = &model.target.env;
    let cluster = &model.target.cluster;
    let (Some(mesh), Some(istio)) = (&model.mesh, cluster.provides(Api::Istio)) else {
        return;
    };
    if !mesh.value || !*env.create_namespace || *istio.cni {
        return;
    }
    report.add(
        at(mesh, model),
        format!(
            "no pod of \"{}\" would start in \"{}\": its sidecar needs rights that the namespace refuses",
            model.model.name.value, env.namespace.value
        ),
        |d| {
            let d = match env.create_namespace.span() {
                Some(span) => d.also(span, "enforces restricted pod security"),
                None => d,
            };
            d.note("without Istio's CNI plugin every sidecar brings `istio-init`, which asks for NET_ADMIN")
                .help(format!(
                    "install the plugin and write `cni=#true` at `provides \"istio\"` of cluster \"{}\", or drop `create-namespace`",
                    cluster.name.value
                ))
        },
    );
}
