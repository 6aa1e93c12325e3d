//! Verdicts. Rules see the resolved models with their spans, the plan of the whole workspace,
//! the clusters, and (object rules) what was emitted. One file per rule under [`rules`];
//! [`rules::RULES`] lists them.

mod report;
mod rule;
pub mod rules;

pub use report::Report;
pub use rule::{Level, Rule, Run};

use crate::diag::Diagnostic;
use crate::plan::Plan;
use crate::system::Date;

/// Runs every plan rule. Waived findings are left out; expired and useless waivers are reported.
#[must_use]
pub fn check(plan: &Plan<'_>, today: Date) -> Vec<Diagnostic> {
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
    report.waivers(plan);
    report.into_diagnostics()
}
