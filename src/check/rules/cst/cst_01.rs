//! CST-01: all models of a namespace ask for more than its quota.

use std::collections::BTreeMap;

use crate::check::{Level, Report, Rule, Run};
use crate::plan::{Demand, Plan, TargetPlan};
use crate::resolve::cluster::Quota;
use crate::units::{Bytes, Cpu};

use super::sum::{Part, Sum};

/// CST-01.
pub(crate) static RULE: Rule = Rule {
    code: "CST-01",
    name: "quota-overcommitted",
    level: Level::Error,
    page: r#"
## What it checks
All models of an environment together, each at its most replicas, stay within the quota of their
namespace: GPUs, MIG slices, processors and memory. A model that is beyond it alone is SCL-12's.

The sidecar of pods in the Istio mesh is not counted: what it asks for (100m of CPU and 128Mi of memory
where nobody changed it) is set where Istio is installed, which the cluster's description does not say.
Leave room for it in the numbers that the specs may use.

## Why it breaks
The API server refuses pods beyond the quota. The ReplicaSet keeps trying, and nothing but its
events says why a model does not scale.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    gpu mig="1g.5gb"
    resources cpu="2" memory="250Gi"
    only "prod"
    scale 2
    rollout "rolling" max-surge=0
    expose gateway="public" host="nlp.acme.io"
    split {
        variant "a" weight=50 primary=#true
        variant "b" weight=50
    }
}
```

## Instead
Lower a number, or raise the namespace's quota, in the cluster and in its description.
```kdl
resources memory="200Gi"
```

## Sources
Kubernetes documentation, "Resource Quotas"; Istio's chart `istiod`, `global.proxy.resources`; read
2026-11.
"#,
    run: Run::Plan(check),
};

fn check(plan: &Plan<'_>, report: &mut Report) {
    for target in &plan.targets {
        let namespace = target.target.env.namespace.as_str();
        let Some(quota) = target.target.cluster.quota(namespace) else {
            continue;
        };
        devices(target, quota, report);
        if let Some(limit) = &quota.cpu {
            let show = |n| Cpu::from_millis(n).to_string();
            let each = |d: &Demand| d.cpu.millis();
            judge(target, quota, limit.millis(), "CPU", &show, each, report);
        }
        if let Some(limit) = &quota.memory {
            let show = |n| Bytes::new(n).to_string();
            let each = |d: &Demand| d.memory.get();
            judge(target, quota, limit.get(), "memory", &show, each, report);
        }
    }
}

fn devices(target: &TargetPlan<'_>, quota: &Quota, report: &mut Report) {
    let mut limits = BTreeMap::new();
    let demands = target.models.iter().flat_map(|m| &m.demands);
    for device in demands.filter_map(|d| d.device.as_ref()) {
        if let Some((limit, what)) = quota.device(&device.resource) {
            limits.insert(device.resource.as_str(), (limit.value, what));
        }
    }
    for (resource, (limit, what)) in limits {
        let each = |demand: &Demand| {
            let device = demand.device.as_ref().filter(|d| d.resource == resource);
            device.map_or(0, |d| d.each)
        };
        let show = |n: u64| n.to_string();
        judge(target, quota, limit, &what, &show, each, report);
    }
}

/// Sums up what workloads ask for; those beyond the limit alone are SCL-12's.
fn judge(
    target: &TargetPlan<'_>,
    quota: &Quota,
    limit: u64,
    what: &str,
    show: &dyn Fn(u64) -> String,
    each: impl Fn(&Demand) -> u64,
    report: &mut Report,
) {
    let models = target.models.iter();
    let demands = models.flat_map(|m| m.demands.iter().map(move |d| (m, d)));
    let parts = demands
        .map(|(model, demand)| Part::new(model, demand, each(demand)))
        .filter(|p| p.asked <= limit);
    let holder = format!("the quota of namespace \"{}\" is", quota.namespace.value);
    Sum {
        limit,
        what,
        show,
        holder: &holder,
    }
    .judge(parts, report, |d| {
        d.help("lower a number of replicas, or raise the quota")
    });
}
