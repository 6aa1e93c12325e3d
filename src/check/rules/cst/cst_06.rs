//! CST-06: all models on a pool ask for more processors or memory than its nodes have.

use std::collections::BTreeMap;

use crate::check::{Level, Report, Rule, Run};
use crate::diag::number;
use crate::plan::{Demand, Plan, Summary};
use crate::resolve::cluster::Pool;
use crate::units::{Bytes, Cpu};

use super::sum::{Part, Sum};

/// CST-06.
pub(crate) static RULE: Rule = Rule {
    code: "CST-06",
    name: "pool-without-room",
    level: Level::Warning,
    page: r#"
## What it checks
All models whose pods can go to one pool only, each at its most replicas, stay within the processors and
memory of its nodes, as far as the pool states `cpu` and `memory`; `max-nodes` counts. A model that is
beyond it alone is SCL-12's, a replica larger than a node CST-05's, and GPUs are GPU-04's.

A warning, since models seldom peak together. It tells how much of the pool the specs promise.

The sidecar of pods in the Istio mesh is not counted: what it asks for (100m of CPU and 128Mi of memory
where nobody changed it) is set where Istio is installed, which the cluster's description does not say.

## Why it breaks
Pods beyond what the nodes have stay Pending. An autoscaler counts them as scaled, and those that are
there take all the load.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    only "staging"
    resources cpu="8"
    scale 3
    rollout "rolling" max-surge=0
    expose gateway="public" host="nlp.acme.io"
    split {
        variant "a" weight=50 primary=#true
        variant "b" weight=50
    }
}
```

## Instead
Ask for less, lower a number of replicas, or state the nodes that the pool may grow to.
```kdl
pool "cpu" nodes=2 max-nodes=4 cpu="16" memory="64Gi"
```

## Sources
Kubernetes documentation, "Resource Management for Pods and Containers", how pods with requests are
scheduled; Istio's chart `istiod`, `global.proxy.resources`; read 2026-11.
"#,
    run: Run::Plan(check),
};

/// A pool, and what goes there and nowhere else.
struct Room<'p, 'w> {
    pool: &'p Pool,
    users: Vec<(&'p Summary<'w>, &'p Demand)>,
}

fn check(plan: &Plan<'_>, report: &mut Report) {
    let mut pools: BTreeMap<_, Room<'_, '_>> = BTreeMap::new();
    for model in plan.targets.iter().flat_map(|t| &t.models) {
        let cluster = &model.target.cluster;
        for demand in &model.demands {
            if let Some(pool) = demand.pool.and_then(|n| cluster.pools.get(n)) {
                let key = (cluster.name.as_str(), pool.name.as_str());
                let room = pools.entry(key).or_insert_with(|| Room {
                    pool,
                    users: Vec::new(),
                });
                room.users.push((model, demand));
            }
        }
    }
    for ((cluster, name), room) in pools {
        let holder = format!("pool \"{name}\" of cluster \"{cluster}\" has");
        if let Some(node) = &room.pool.cpu {
            let each = |d: &Demand| d.cpu.millis();
            let show = |n| Cpu::from_millis(n).to_string();
            room.judge(node.millis(), each, ("CPU", &show), &holder, report);
        }
        if let Some(node) = &room.pool.memory {
            let each = |d: &Demand| d.memory.get();
            let show = |n| Bytes::new(n).to_string();
            room.judge(node.get(), each, ("memory", &show), &holder, report);
        }
    }
}

impl Room<'_, '_> {
    /// `node` is what each node has, `each` what each replica asks for; `what` that is called, and
    /// how it is shown.
    fn judge(
        &self,
        node: u64,
        each: impl Fn(&Demand) -> u64,
        (what, show): (&str, &dyn Fn(u64) -> String),
        holder: &str,
        report: &mut Report,
    ) {
        let pool = self.pool;
        let nodes = pool.max_nodes.value.max(pool.nodes.value);
        // What finds no room by itself is reported as such, and must not hide the others' sum.
        let fits = |demand: &Demand| {
            let on_each = node / each(demand).max(1);
            demand.replicas.value <= nodes.saturating_mul(on_each)
        };
        let parts = self
            .users
            .iter()
            .filter(|(_, demand)| fits(demand))
            .map(|(model, demand)| Part::new(model, demand, each(demand)));
        Sum {
            limit: nodes.saturating_mul(node),
            what,
            show,
            holder,
        }
        .judge(parts, report, |d| {
            let size = format!("{} × {}", number(nodes, "node"), show(node));
            d.also(pool.span, size).help(format!(
                "ask for less {what}, lower a number of replicas, or raise the pool's `max-nodes`"
            ))
        });
    }
}
