//! Decisions: GPU placement, capacity, scaling, batching, probes, budgets, names and labels.
//! [`Workspace`] → [`Plan`]. Never clamps: what does not fit is recorded and reported by a rule
//! of `check/`. Start at [`plan`], then [`types`](Plan).

pub mod capacity;
pub mod gpus;
mod model;
pub mod names;
mod network;
mod nfs;
mod observe;
mod offers;
mod placement;
mod probes;
mod rollout;
mod scaling;
mod series;
mod serve;
mod startup;
pub mod termination;
mod traffic;
mod types;

use rayon::prelude::*;

pub use model::{cold_start, label};
pub use types::*;

use crate::diag::Diagnostic;
use crate::resolve::workspace::Workspace;

/// Plans a workspace: first every placement, then what clusters have left, then each model.
/// Models that lack something are left out and reported.
#[must_use]
pub fn plan(workspace: &Workspace) -> (Plan<'_>, Vec<Diagnostic>) {
    let placements: Vec<Vec<Vec<Placement<'_>>>> = workspace
        .targets
        .iter()
        .map(|target| {
            let place = |w| placement::place(&target.cluster, w);
            target
                .models
                .par_iter()
                .map(|m| m.workloads.iter().map(place).collect())
                .collect()
        })
        .collect();
    let capacity = capacity::capacity(workspace, &asked(workspace, &placements));
    let mut diagnostics = Vec::new();
    let mut targets = Vec::with_capacity(workspace.targets.len());
    for (target, placements) in workspace.targets.iter().zip(placements) {
        let results: Vec<_> = target
            .models
            .par_iter()
            .zip(placements)
            .map(|(model, placements)| model::plan(workspace, target, model, placements, &capacity))
            .collect();
        let mut models = Vec::with_capacity(results.len());
        for (model, found) in results {
            models.extend(model);
            diagnostics.extend(found);
        }
        targets.push(TargetPlan { target, models });
    }
    (
        Plan {
            workspace,
            targets,
            capacity,
        },
        diagnostics,
    )
}

/// Every workload with its place in the plan.
fn asked<'p, 'w>(
    workspace: &'w Workspace,
    placements: &'p [Vec<Vec<Placement<'w>>>],
) -> Vec<capacity::Asked<'p, 'w>> {
    let mut asked = Vec::new();
    for (t, (target, models)) in workspace.targets.iter().zip(placements).enumerate() {
        for (m, (model, placements)) in target.models.iter().zip(models).enumerate() {
            for (w, (workload, placement)) in model.workloads.iter().zip(placements).enumerate() {
                asked.push(capacity::Asked {
                    target: t,
                    model: m,
                    workload: w,
                    cluster: &target.cluster,
                    placement,
                    replicas: workload.scale.max().value.max(workload.scale.min().value),
                });
            }
        }
    }
    asked
}
