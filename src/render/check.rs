//! `mlspec compile --check`: whether the output folder is what the spec asks for. Changes nothing.

use super::findings::Findings;
use super::outcome::Outcome;
use super::survey::{Condition, Edit, Scope, Surveyed, read_ledger, survey};
use super::wanted::Wanted;
use crate::diag::Diagnostic;
use crate::system::output::OutputDir;

/// Compares the folder with the files wanted in the scope and reports every difference. Refuses to judge
/// while any file, also outside of the scope, is pending.
pub fn check(out: &dyn OutputDir, wanted: &Wanted, scope: &Scope) -> Outcome {
    let findings = Findings(out);
    let ledger = match read_ledger(out) {
        Ok((ledger, _)) => ledger,
        Err(found) => return Outcome::ended(vec![found]),
    };
    if let Some(found) = findings.unfinished(&ledger) {
        return Outcome::ended(vec![found]);
    }
    let surveyed = match survey(out, wanted, &ledger, scope) {
        Ok(surveyed) => surveyed,
        Err(found) => return Outcome::ended(found),
    };
    let diagnostics: Vec<Diagnostic> = surveyed
        .iter()
        .filter_map(|file| difference(file, findings))
        .collect();
    let unchanged = surveyed
        .iter()
        .filter(|file| matches!(file.condition, Condition::Current))
        .count();
    Outcome {
        unchanged,
        ..Outcome::ended(Findings::once_each(diagnostics))
    }
}

fn difference(file: &Surveyed<'_>, findings: Findings<'_>) -> Option<Diagnostic> {
    let path = file.path;
    Some(match &file.condition {
        Condition::Current => return None,
        Condition::Unlisted => findings.unlisted(path),
        Condition::Gone => findings.gone(path),
        Condition::Missing => findings.missing(path),
        Condition::Stale => findings.stale(path),
        Condition::Foreign => findings.foreign(path),
        Condition::Edited(edit) => findings.edited(path, *edit),
        Condition::LeftoverEdited => findings.edited(path, Edit::Text),
        Condition::Leftover => findings.leftover(path),
        Condition::Blocked(obstacle, at) => findings.in_the_way(path, *obstacle, at),
        Condition::Unreadable(error) => findings.access("read", path, error),
    })
}
