//! TRF-13: a version that lacks what is emitted.

use crate::check::{Level, Report, Rule, Run};
use crate::plan::{Address, Plan, Summary};
use crate::resolve::cluster::{Api, Cluster};
use crate::resolve::origin::Traced;
use crate::units::Version;

/// TRF-13. Fields that a schema does not know are reported under the same code by
/// [`schemas`](crate::check::schemas).
pub(crate) static RULE: Rule = Rule {
    code: "TRF-13",
    name: "not-in-this-version",
    level: Level::Error,
    page: r#"
## What it checks
Every field and kind that is emitted exists in the versions that the cluster states: Kubernetes,
KEDA, Istio, Gateway API, the Prometheus operator. Kubernetes is 1.30 at least, Gateway API 1.2 and
Istio 1.22 where routes or the mesh use them; newer fields are looked up in the version's own
schemas.

## Why it breaks
An API server prunes a field that it does not know without a word, or refuses the object; a kind
that is not installed is refused. A pod whose `preStop` is pruned drops requests at every rollout.

## Example
```kdl
workspace "acme" edition=1 {
    image "mlserve" "registry.acme.io/ml/mlserve:0.1.0@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    env "prod" namespace="ml" { cluster "old" }
}
cluster "old" {
    kubernetes "1.28"
    store "s3://models/" secret="models-s3" bandwidth="200Mi/s"
    pool "cpu" nodes=2 cpu="16" memory="64Gi"
}
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale 1
}
```

## Instead
State the version that really runs. If it is the old one, upgrade, or leave out what needs the field;
the place of a finding about a field is the line of the spec that the field comes from.
```kdl
kubernetes "1.36"
```

## Sources
nim-deploy#611; Kubernetes enhancement 3960 (`sleep`, on by default since 1.30); Gateway API
enhancement 1742 (`timeouts`, standard since 1.2); Istio 1.22 change notes (`networking.istio.io/v1`);
all read 2026-11.
"#,
    run: Run::Plan(check),
};

/// The least version of a product, what needs it, and which models use that.
struct Least {
    /// `None` for Kubernetes itself.
    api: Option<Api>,
    version: Version,
    what: &'static str,
    used: fn(&Summary<'_>) -> bool,
}

static LEAST: &[Least] = &[
    Least {
        api: None,
        version: Version::new(1, 30),
        what: "`lifecycle.preStop.sleep` of every pod",
        used: |_| true,
    },
    Least {
        api: Some(Api::GatewayApi),
        version: Version::new(1, 2),
        what: "`timeouts` of HTTPRoutes",
        used: |model| {
            model
                .addresses
                .iter()
                .any(|a| a.via.0 == Address::GATEWAY_API)
        },
    },
    Least {
        api: Some(Api::Istio),
        version: Version::new(1, 22),
        what: "`networking.istio.io/v1` of VirtualServices",
        used: |model| model.addresses.iter().any(|a| a.via.0 == Address::ISTIO),
    },
];

fn check(plan: &Plan<'_>, report: &mut Report) {
    for cluster in &plan.workspace.clusters {
        for least in LEAST {
            let Some(stated) = stated(cluster, least).filter(|v| v.value < least.version) else {
                continue;
            };
            let on_it = plan.targets.iter();
            let mut models = on_it
                .filter(|t| t.target.cluster.name.value == cluster.name.value)
                .flat_map(|t| &t.models);
            if !models.any(least.used) {
                continue;
            }
            let product = least.api.map_or("kubernetes", Api::name);
            report.add(
                stated.span().unwrap_or(cluster.span),
                format!(
                    "{product} {} lacks what mlspec emits; {} is the least",
                    stated.value, least.version
                ),
                |d| {
                    d.note(format!("{} came with it", least.what))
                        .help("state the version that really runs, or upgrade")
                },
            );
        }
    }
}

fn stated<'c>(cluster: &'c Cluster, least: &Least) -> Option<&'c Traced<Version>> {
    match least.api {
        None => cluster.kubernetes.as_ref(),
        Some(api) => cluster.provides(api).map(|p| &p.version),
    }
}
