//! Fixes of a case, applied and judged.

use std::collections::BTreeSet;

use mlspec::diag::{Applicability, Diagnostic, apply};

use super::case::{Case, Text};
use super::runner::Check;

/// Rounds after which fixes must have come to rest: one may wait for another that it overlaps.
const MOST_ROUNDS: usize = 5;

/// The case's own files after all machine-applicable fixes, or `None` without such a fix.
///
/// # Errors
/// A sentence if fixes never come to rest, mend nothing, or bring a code that was not there.
pub(super) fn fixed(case: &Case, check: Check<'_>) -> Result<Option<Vec<Text>>, String> {
    let mut own = case.own.clone();
    let mut before: Option<BTreeSet<&'static str>> = None;
    for _ in 0..MOST_ROUNDS {
        let (diagnostics, sources) = check(&case.files(&own));
        let codes: BTreeSet<&'static str> = diagnostics.iter().map(|d| d.code).collect();
        if let Some(before) = &before
            && let Some(new) = codes.difference(before).next()
        {
            return Err(format!("the fixes bring {new}"));
        }
        if !diagnostics.iter().any(has_machine_fix) {
            return Ok(before.map(|_| own));
        }
        before.get_or_insert(codes);
        for (file, text) in apply(&diagnostics, &sources) {
            let path = &sources.get(file).path;
            match own.iter_mut().find(|own| *own.path == **path) {
                Some(own) => own.text = text,
                None => return Err(format!("a fix changes {path}, which is not the case's")),
            }
        }
    }
    Err(format!(
        "after {MOST_ROUNDS} rounds there is still a fix to apply"
    ))
}

fn has_machine_fix(diagnostic: &Diagnostic) -> bool {
    diagnostic
        .fixes
        .iter()
        .any(|fix| fix.applicability == Applicability::Machine)
}
