//! Verdicts. Rules see the resolved models with their spans, the plan of the whole workspace,
//! the clusters, and (object rules) what was emitted. One file per rule under [`rules`];
//! [`rules::RULES`] lists them.
//!
//! Two steps, since objects are emitted only from a plan without errors: [`check`], then
//! [`check_objects`]; [`Report::finish`] gives the findings of both.

pub mod codes;
#[cfg(test)]
mod pages;
mod report;
mod rule;
pub mod rules;
pub mod schemas;
#[cfg(test)]
mod testing;

pub use report::Report;
pub use rule::{Level, Previous, Rule, Run};

use std::collections::BTreeMap;

use crate::emit::Object;
use crate::plan::Plan;
use crate::system::Date;

/// Runs every plan rule. Waived findings are left out.
#[must_use]
pub fn check(plan: &Plan<'_>, today: Date) -> Report {
    let mut report = Report::new(today);
    for rule in rules::RULES {
        match rule.run {
            Run::Plan(run) => report.rule(rule, None, |report| run(plan, report)),
            Run::Model(run) => {
                for target in &plan.targets {
                    for model in &target.models {
                        report.rule(rule, Some(model), |report| run(model, plan, report));
                    }
                }
            }
            Run::Object(_) => {}
        }
    }
    report
}

/// Runs every object rule on what was emitted from `plan`; objects of one folder stand together,
/// as [`emit`](crate::emit::emit) leaves them. `previous` gives what is committed for an object.
pub fn check_objects(
    plan: &Plan<'_>,
    objects: &[Object],
    previous: &Previous<'_>,
    report: &mut Report,
) {
    let by_folder: BTreeMap<&str, &[Object]> = objects
        .chunk_by(|a, b| a.folder == b.folder)
        .map(|chunk| (chunk[0].folder.as_str(), chunk))
        .collect();
    for model in plan.targets.iter().flat_map(|t| &t.models) {
        let target = model.target;
        let folder = format!(
            "{}/{}/{}",
            *target.env.name, *target.cluster.name, *model.model.name
        );
        let Some(own) = by_folder.get(folder.as_str()) else {
            continue;
        };
        for rule in rules::RULES {
            if let Run::Object(run) = rule.run {
                report.rule(rule, Some(model), |report| {
                    run(model, own, previous, report)
                });
            }
        }
    }
    report.objects_seen();
}
