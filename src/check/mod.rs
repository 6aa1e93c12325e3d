//! Verdicts. Rules see resolved models with their spans, their plan, the clusters, and (object
//! rules) what was emitted. One file per rule under [`rules`]; [`rules::RULES`] lists them.
//!
//! Each model is judged on its own: [`model`], then [`objects`] of a model without errors. What
//! several models do together is judged at the end, on what is kept of them: [`workspace`].
//! [`Report::finish`] gives the findings of all.

mod cards;
pub mod codes;
mod other_form;
mod report;
mod rule;
pub mod rules;
pub mod schemas;
#[cfg(test)]
mod testing;

pub use report::Report;
pub use rule::{Level, Previous, Rule, Run};

use crate::emit::Object;
use crate::plan::{ClusterCapacity, ModelPlan, Plan};

/// Runs every rule on one model. Waived findings are left out.
pub fn model(plan: &ModelPlan<'_>, capacity: &[ClusterCapacity<'_>], report: &mut Report) {
    for rule in rules::RULES {
        if let Run::Model(run) = rule.run {
            report.rule(rule, Some(plan), |report| run(plan, capacity, report));
        }
    }
}

/// Runs every object rule on what was emitted from the plan of one model. `previous` gives what is
/// committed for an object.
pub fn objects(
    plan: &ModelPlan<'_>,
    objects: &[Object],
    previous: &Previous<'_>,
    report: &mut Report,
) {
    for rule in rules::RULES {
        if let Run::Object(run) = rule.run {
            report.rule(rule, Some(plan), |report| {
                run(plan, objects, previous, report)
            });
        }
    }
}

/// Runs every rule about what is described or asked for over several models.
pub fn workspace(plan: &Plan<'_>, report: &mut Report) {
    for rule in rules::RULES {
        if let Run::Plan(run) = rule.run {
            report.rule(rule, None, |report| run(plan, report));
        }
    }
}
