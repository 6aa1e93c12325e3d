//! What several workloads ask for together, held against what there is.

use crate::check::Report;
use crate::diag::Diagnostic;
use crate::plan::{Demand, Summary};

/// Workloads that are named one by one; there may be thousands.
const NAMED: usize = 20;

/// One workload's part of a sum.
pub(super) struct Part<'p, 'w> {
    model: &'p Summary<'w>,
    demand: &'p Demand,
    /// What all its replicas ask for, in the unit of the sum.
    pub(super) asked: u64,
}

impl<'p, 'w> Part<'p, 'w> {
    /// Of a workload whose replicas ask for `each`.
    pub(super) fn new(model: &'p Summary<'w>, demand: &'p Demand, each: u64) -> Self {
        Self {
            model,
            demand,
            asked: demand.replicas.saturating_mul(each),
        }
    }
}

/// What there is.
pub(super) struct Sum<'s> {
    pub(super) limit: u64,
    /// "CPU", "memory", "MIG 1g.5gb".
    pub(super) what: &'s str,
    /// An amount with its unit.
    pub(super) show: &'s dyn Fn(u64) -> String,
    /// Who has it: "the quota of namespace \"ml\" is".
    pub(super) holder: &'s str,
}

impl Sum<'_> {
    /// Reports at the largest part where all together are beyond the limit.
    pub(super) fn judge<'p, 'w: 'p>(
        &self,
        parts: impl Iterator<Item = Part<'p, 'w>>,
        report: &mut Report,
        decorate: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let parts: Vec<_> = parts.filter(|p| p.asked > 0).collect();
        let total: u64 = parts.iter().fold(0, |sum, p| sum.saturating_add(p.asked));
        // The first of equal ones.
        let Some(largest) = parts.iter().rev().max_by_key(|p| p.asked) else {
            return;
        };
        if total <= self.limit {
            return;
        }
        let show = self.show;
        report.about(
            largest.model,
            largest.demand.replicas.span().unwrap_or(largest.model.span),
            format!(
                "{} workloads ask for {} {} at most, {} {}",
                parts.len(),
                show(total),
                self.what,
                self.holder,
                show(self.limit)
            ),
            |mut d| {
                for Part {
                    model,
                    demand,
                    asked,
                } in parts.iter().take(NAMED)
                {
                    d = d.note(format!(
                        "\"{}\" in \"{}\": {} {}, {} in all",
                        demand.workload,
                        model.target.env.name.value,
                        demand.most,
                        demand.replicas.value,
                        show(*asked)
                    ));
                }
                if parts.len() > NAMED {
                    d = d.note(format!("and {} more", parts.len() - NAMED));
                }
                decorate(d)
            },
        );
    }
}
