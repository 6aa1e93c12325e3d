//! How the server ends.

use serde::{Deserialize, Serialize};

use super::problem::Problems;

/// How the server ends after SIGTERM: readiness off, admit for `noticeMs`, then answer what was admitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Drain {
    /// How long requests are still admitted, so that load balancers notice first, in milliseconds. 0 where a
    /// `preStop` sleep has already covered it. Range 0..=600_000. Default 0.
    #[serde(default)]
    pub notice_ms: u64,
    /// Longest time from the end of the notice until exit, in milliseconds, at least every model's timeout. The
    /// pod's grace period must be longer than `preStop` + `noticeMs` + `budgetMs`. Range 1..=7_200_000. Default
    /// 30_000.
    #[serde(default = "default_budget")]
    pub budget_ms: u64,
}

fn default_budget() -> u64 {
    30_000
}

impl Default for Drain {
    fn default() -> Self {
        Self {
            notice_ms: 0,
            budget_ms: default_budget(),
        }
    }
}

impl Drain {
    pub(super) fn check(&self, problems: &mut Problems<'_>) {
        problems.range("noticeMs", self.notice_ms, 0, 600_000);
        problems.range("budgetMs", self.budget_ms, 1, 7_200_000);
    }
}
