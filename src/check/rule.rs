//! What a rule is.

use crate::emit::Object;
use crate::plan::{ClusterCapacity, ModelPlan, Plan};

use super::Report;

/// How bad a finding of a rule is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Level {
    /// Always an error.
    Error,
    /// Always an error, and no waiver silences it: there would be nothing right to emit.
    Final,
    /// Always a warning.
    Warning,
    /// An error in an environment marked `production`, else a warning.
    Production,
}

/// A rule of the catalogue; its code stays for ever.
#[derive(Debug)]
pub struct Rule {
    /// `GPU-02`.
    pub code: &'static str,
    /// Words joined by `-`.
    pub name: &'static str,
    /// How bad a finding is.
    pub level: Level,
    /// The page that `mlspec explain` prints: Markdown with the headings "What it checks",
    /// "Why it breaks", "Example", "Instead" and "Sources". The example is a `kdl` block that
    /// raises exactly this code in the workspace of `tests/ui/_prelude`; a rule against what the
    /// language cannot say shows the `yaml` that is refused.
    pub page: &'static str,
    /// The check.
    pub run: Run,
}

/// What is committed in place of an object: its file's text, if there is one.
pub type Previous<'p> = dyn Fn(&Object) -> Option<String> + 'p;

/// What a rule looks at.
#[derive(Copy, Clone, Debug)]
pub enum Run {
    /// One model at a time, with what pools have left when every model has its most replicas.
    Model(for<'a> fn(&'a ModelPlan<'a>, &'a [ClusterCapacity<'a>], &mut Report)),
    /// The whole plan, models summed up.
    Plan(for<'a, 'w> fn(&'a Plan<'w>, &mut Report)),
    /// The objects of one model, after emission, and what is committed in their place.
    Object(for<'a, 'w> fn(&'a ModelPlan<'w>, &'a [Object], &'a Previous<'a>, &mut Report)),
}
